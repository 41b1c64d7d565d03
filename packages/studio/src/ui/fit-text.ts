/** Texts of a figure that a font makes wider than was reckoned with are drawn narrower: none is cut off. */

/** Pixels between a text and the edge. */
const GAP = 2;

export const fitTexts = (drawing: Element): void => {
  const edge = drawing.getBoundingClientRect().right - GAP;
  for (const text of drawing.querySelectorAll<SVGTextElement>("svg text")) {
    const { left, right, width, height } = text.getBoundingClientRect();
    // What stands upright is as long as its panel.
    if (right <= edge || height > width || left >= edge) continue;
    text.setAttribute(
      "textLength",
      String(Math.floor((edge - left) * (text.getComputedTextLength() / width))),
    );
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
};
