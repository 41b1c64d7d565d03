import { expect, it } from "vitest";
import { rowsFromCsv } from "../tables/index.ts";
import { tablePng } from "./table-png.ts";

it.each([1, 3, 4, 5, 7, 10, 13])(
  "of %i columns, the rows of panels are about equally high",
  async (count) => {
    const names = Array.from({ length: count }, (_, i) => `c${i}`);
    const rows = Array.from({ length: 60 }, (_, row) =>
      names.map((_, i) => `v${(row + 3 * i) % 5}`).join(","),
    );
    const dataset = rowsFromCsv([names.join(","), ...rows].join("\n"), "t.csv");
    const { examples } = await dataset.draw(1, 0, 60);
    const png = Buffer.from(await tablePng(dataset.table, examples, examples));
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    const columns = Math.ceil(Math.sqrt(count));
    const high = Math.ceil(count / columns);
    expect(height / width).toBeLessThan((1.25 * high) / columns);
    expect(height / width).toBeGreaterThan((0.75 * high) / columns);
  },
);
