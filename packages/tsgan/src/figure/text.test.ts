import { describe, expect, it } from "vitest";
import { escapeText, parseRuns, plainText, round, textElement, textWidth, wrapText } from "./text.ts";

describe("text", () => {
  it("escapes what would end an element or an attribute", () => {
    expect(escapeText(`<a href="x" & 'y'>`)).toBe("&lt;a href=&quot;x&quot; &amp; &#39;y&#39;&gt;");
  });

  it("replaces characters that XML forbids, and keeps the others", () => {
    expect(escapeText("a\u0000b\u001bc\ud800d")).toBe("a\ufffdb\ufffdc\ufffdd");
    expect(escapeText("θ ≤ 𝔼\n")).toBe("θ ≤ 𝔼\n");
  });

  it("splits subscripts and superscripts from the line", () => {
    expect(parseRuns("p_{g} and 10^{−3}")).toEqual([
      { text: "p", script: "none" },
      { text: "g", script: "sub" },
      { text: " and 10", script: "none" },
      { text: "−3", script: "super" },
    ]);
    expect(plainText("p_{g}")).toBe("pg");
  });

  it("leaves underscores of ordinary names alone", () => {
    expect(parseRuns("loss_g")).toEqual([{ text: "loss_g", script: "none" }]);
  });

  it("returns to the line after a subscript, the space there kept", () => {
    expect(textElement(0, 0, "p_{g} !", { size: 10 })).toContain(
      'p<tspan dy="2.2" font-size="7.2">g</tspan><tspan dx="2.78" dy="-2.2">!</tspan>',
    );
  });

  it("knows the widths of Helvetica: ten digits are 5.56 em", () => {
    expect(textWidth("0123456789", 100)).toBeCloseTo(556, 9);
    expect(textWidth("~", 1000)).toBeCloseTo(584, 9);
  });

  it("wraps at spaces, no line wider than asked unless it is one word", () => {
    const lines = wrapText("the earth mover's distance between two piles", 90, 14);
    expect(lines.join(" ")).toBe("the earth mover's distance between two piles");
    for (const line of lines) expect(textWidth(line, 14)).toBeLessThanOrEqual(90);
    expect(wrapText("incomprehensibilities", 20, 14)).toEqual(["incomprehensibilities"]);
  });

  it("writes numbers without a negative zero", () => {
    expect([round(-0.001), round(1 / 3), round(-2)]).toEqual(["0", "0.33", "-2"]);
  });
});
