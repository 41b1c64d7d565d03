/** Pictures as they are seen. Browsers turn JPEG and PNG as the camera says; Chromium leaves WebP as it is stored. */

/** The orientation tag of a TIFF block, 1 … 8; 1 where there is none. EXIF 2.3, 4.6.4. */
const orientationOf = (block: DataView): number => {
  const little = block.getUint16(0) === 0x4949;
  const directory = block.getUint32(4, little);
  const entries = block.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (block.getUint16(entry, little) !== 0x0112) continue;
    const value = block.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
};

/** How a WebP file says that it is to be turned; 1 where it says nothing, or is no WebP. */
const webpOrientation = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || tag(0) !== "RIFF" || tag(8) !== "WEBP") return 1;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    if (tag(at) === "EXIF") {
      // Some writers keep the head that the block has in a JPEG.
      const start = at + 8 + (tag(at + 8) === "Exif" ? 6 : 0);
      try {
        return orientationOf(new DataView(view.buffer, view.byteOffset + start, at + 8 + size - start));
      } catch {
        return 1; // A damaged block says nothing.
      }
    }
    at += 8 + size + (size % 2);
  }
  return 1;
};

/** From stored to seen, for each orientation of a picture of these sides as stored. */
const turns = (width: number, height: number): readonly DOMMatrix2DInit[] => [
  { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
  { a: -1, b: 0, c: 0, d: 1, e: width, f: 0 },
  { a: -1, b: 0, c: 0, d: -1, e: width, f: height },
  { a: 1, b: 0, c: 0, d: -1, e: 0, f: height },
  { a: 0, b: 1, c: 1, d: 0, e: 0, f: 0 },
  { a: 0, b: 1, c: -1, d: 0, e: height, f: 0 },
  { a: 0, b: -1, c: -1, d: 0, e: height, f: width },
  { a: 0, b: -1, c: 1, d: 0, e: 0, f: width },
];

/** A WebP of 2 × 1 pixels that says that it is 1 × 2. */
const PROBE =
  "UklGRk4AAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4TA4AAAAvAQAAAAcQEf0PRET/A0VYSUYaAAAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA=";

let turnsWebp: Promise<boolean> | undefined;

/** Whether this browser turns WebP, too. */
const doesTurnWebp = async (): Promise<boolean> => {
  const bytes = Uint8Array.from(atob(PROBE), (letter) => letter.charCodeAt(0));
  const { width } = await createImageBitmap(new Blob([bytes], { type: "image/webp" }));
  return width === 1;
};

/**
 * The picture in a file, turned as the camera says, pixel by pixel: a browser that turns it only as it draws would resize it as
 * it is stored.
 *
 * @throws what the browser throws where it is none
 */
export const uprightPicture = async (file: Blob): Promise<OffscreenCanvas> => {
  const bitmap = await createImageBitmap(file);
  const stored = webpOrientation(new Uint8Array(await file.arrayBuffer()));
  if (stored > 1) turnsWebp ??= doesTurnWebp();
  const orientation = stored > 1 && (await turnsWebp) ? 1 : stored;
  const { width, height } = bitmap;
  const swapped = orientation >= 5;
  const canvas = new OffscreenCanvas(swapped ? height : width, swapped ? width : height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no images outside of the page");
  context.imageSmoothingEnabled = false;
  context.setTransform(turns(width, height)[orientation - 1]);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas;
};
