/** The letters of tokens.css, for a canvas: the system's own, in pixels. */
export const canvasFont = (pixels: number): string => `${pixels}px system-ui, sans-serif`;
