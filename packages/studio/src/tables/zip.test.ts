import { describe, expect, it } from "vitest";
import { unzipped } from "../../../tsgan/src/testing/unzip.ts";
import { zip } from "./zip.ts";

describe("an archive", () => {
  it("holds its files for other readers, whatever their names", async () => {
    const files = { "run/config.json": "{}", "run/Größe/日本.txt": "ß€", "run/empty": "" };
    const made = zip(Object.entries(files).map(([name, content]) => ({ name, content })));
    const bytes = new Uint8Array(await made.arrayBuffer());
    const read = [...(await unzipped(bytes))].map(([name, content]) => [
      name,
      Buffer.from(content).toString(),
    ]);
    expect(Object.fromEntries(read)).toEqual(files);
  });

  it("is the same for the same files", async () => {
    const make = () => zip([{ name: "a", content: Uint8Array.of(1, 2, 255) }]).arrayBuffer();
    expect(await make()).toEqual(await make());
  });
});
