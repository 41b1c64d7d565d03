/** What we use of gifenc, which comes without types. */
declare module "gifenc" {
  export type Palette = readonly (readonly [number, number, number])[];

  /** Colours that stand for those of a picture. */
  export const quantize: (rgba: Uint8ClampedArray, colors: number) => Palette;
  /** The index of each pixel's nearest colour. */
  export const applyPalette: (rgba: Uint8ClampedArray, palette: Palette) => Uint8Array;
  export const GIFEncoder: () => {
    /** @param options.delay milliseconds for which it is shown */
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette: Palette; readonly delay: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };
}
