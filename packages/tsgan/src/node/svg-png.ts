/** Figures as PNG files. */
import { loadSharp } from "./sharp.ts";

/** Pixels of a PNG for each unit of the SVG, at sharp's own density of 72 to the inch. */
const DENSITY = 72;

/**
 * An SVG image as PNG, `scale` times its size. Texts need a font on the machine.
 *
 * @param svg the text of the image
 * @param purpose begins the message where the package sharp is absent
 */
export const svgPng = async (
  svg: string,
  { scale = 1, purpose = "writing a PNG file" }: { readonly scale?: number; readonly purpose?: string } = {},
): Promise<Uint8Array> => {
  const sharp = await loadSharp(purpose);
  return sharp(Buffer.from(svg), { density: DENSITY * scale })
    .png()
    .toBuffer();
};
