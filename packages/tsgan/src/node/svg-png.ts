/** Figures as PNG files. */
import { loadSharp } from "./sharp.ts";

/** Pixels of a PNG for each unit of the SVG, at sharp's own density of 72 to the inch. */
const DENSITY = 72;

/** An SVG image as PNG, `scale` times its size. Texts need a font on the machine. */
export const svgPng = async (svg: string, scale = 1): Promise<Uint8Array> => {
  const sharp = await loadSharp("writing a PNG file");
  return sharp(Buffer.from(svg), { density: DENSITY * scale })
    .png()
    .toBuffer();
};
