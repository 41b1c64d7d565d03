import { describe, expect, it } from "vitest";
import { tableOf } from "./evaluate.ts";

const plain = { bold: (text: string) => text, dim: (text: string) => text, yellow: (text: string) => text };

describe("the table of tsgan evaluate", () => {
  it("has arrows only where up or down is better, marks doubtful figures, and says what is left out", () => {
    const table = tableOf(
      {
        figures: [
          { key: "fid", label: "FID", value: 12.3, better: "lower", note: "a", unreliable: "few samples" },
          { key: "msSsim", label: "MS-SSIM of pairs", value: 0.4, better: "neither", note: "b" },
          { key: "recall", label: "recall", value: 0.9, better: "higher", note: "c" },
        ],
        leftOut: [{ metric: "precision-recall", reason: "too few" }],
      },
      plain,
    );
    expect(table.split("\n")).toEqual([
      "FID              ↓     12.30 (unreliable)",
      "    few samples",
      "    a",
      "MS-SSIM of pairs       0.400",
      "    b",
      "recall           ↑     0.900",
      "    c",
      "left out: precision-recall: too few",
      "",
    ]);
  });
});
