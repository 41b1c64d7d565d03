/** Makes a GIF of pictures as they come: beside the page, which goes on drawing. */
import { applyPalette, GIFEncoder, quantize } from "gifenc";

/** A picture and how long it was shown; no picture: the film is at its end. */
export type GifMessage =
  | { readonly pixels: ImageData; readonly milliseconds: number }
  | { readonly pixels?: undefined };

const COLORS = 128;

const gif = GIFEncoder();

addEventListener("message", ({ data }: MessageEvent<GifMessage>) => {
  if (data.pixels === undefined) {
    gif.finish();
    postMessage(gif.bytes());
    return;
  }
  const { data: rgba, width, height } = data.pixels;
  const palette = quantize(rgba, COLORS);
  gif.writeFrame(applyPalette(rgba, palette), width, height, { palette, delay: data.milliseconds });
});
