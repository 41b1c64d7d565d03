/** Images as the page moves and draws them: bytes, NCHW. */

/** [channels, height, width]; 1 or 3 channels. */
export type ImageShape = readonly [number, number, number];

export interface Pixels {
  readonly shape: ImageShape;
  /** Images one after the other, each [channels, height, width]. */
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
}

/** How many images there are. */
export const countOf = ({ shape, bytes }: Pixels): number => bytes.length / sizeOfImage(shape);

export const sizeOfImage = ([channels, height, width]: ImageShape): number => channels * height * width;

/** From [−1, 1], clipped, to 0 … 255. */
export const toPixels = (images: Float32Array, shape: ImageShape): Pixels => {
  const bytes = new Uint8ClampedArray(images.length);
  for (let i = 0; i < images.length; i++) bytes[i] = (images[i] + 1) * 127.5;
  return { shape, bytes };
};

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Draws image `index` on a canvas at (left, top). */
const putImage = (
  context: Context,
  { shape, bytes }: Pixels,
  index: number,
  left: number,
  top: number,
): void => {
  const [channels, height, width] = shape;
  const area = height * width;
  const picture = new ImageData(width, height);
  for (let channel = 0; channel < 3; channel++) {
    const from = (index * channels + Math.min(channel, channels - 1)) * area;
    for (let i = 0; i < area; i++) picture.data[4 * i + channel] = bytes[from + i];
  }
  for (let i = 0; i < area; i++) picture.data[4 * i + 3] = 255;
  context.putImageData(picture, left, top);
};

/** Pixels between images. */
const GAP = 1;

/** Width and height of `count` images in rows. */
export const gridSize = ([, height, width]: ImageShape, count: number, columns: number): [number, number] => [
  columns * (width + GAP) - GAP,
  Math.ceil(count / columns) * (height + GAP) - GAP,
];

/** Draws the images from `first` on, in rows. */
export const drawGrid = (
  context: Context,
  pixels: Pixels,
  first: number,
  count: number,
  columns: number,
): void => {
  const [, height, width] = pixels.shape;
  for (let i = 0; i < count; i++) {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    putImage(context, pixels, first + i, column * (width + GAP), row * (height + GAP));
  }
};
