import { describe, expect, it } from "vitest";
import { type ZipEntry, zip } from "../../../tsgan/src/testing/zip-files.ts";
import { unpacked } from "./given.ts";
import { unzipped } from "./unzip.ts";

const archive = (entries: readonly ZipEntry[]): Blob => new Blob([new Uint8Array(zip(entries))]);

const textsOf = async (entries: readonly ZipEntry[]): Promise<[string, string][]> =>
  Promise.all(
    (await unzipped("some.zip", archive(entries))).map(
      async ({ path, open }): Promise<[string, string]> => [path, await (await open()).text()],
    ),
  );

const LONG = "a long text that is packed ".repeat(2000);

it("holds the files of an archive, packed and as they are, by their paths", async () => {
  expect(
    await textsOf([
      { name: "cat/" },
      { name: "cat/größe.png", content: LONG },
      { name: "dog/2.png", content: "two", method: 0 },
      { name: "empty.png" },
    ]),
  ).toEqual([
    ["cat/größe.png", LONG],
    ["dog/2.png", "two"],
    ["empty.png", ""],
  ]);
});

it("are listed without what systems leave beside them", async () => {
  const given = {
    path: "My.ZIP",
    open: async () => archive([{ name: "a/1.png" }, { name: "__MACOSX/a/._1.png" }, { name: "a/.DS_Store" }]),
  };
  expect((await unpacked([given])).map(({ path }) => path)).toEqual(["a/1.png"]);
});

describe("an archive is refused, or a file in it,", () => {
  const refused = (entry: Omit<ZipEntry, "name">): Promise<unknown> => textsOf([{ name: "a.png", ...entry }]);

  it.each([
    [
      "encrypted",
      { content: "x", encrypted: true },
      /^a\.png: expected a zip archive .*; got an encrypted file/,
    ],
    ["packed in another way", { content: "x", method: 12 }, /^a\.png: .* got compression by method 12/],
    ["of absurd size", { content: "x", claims: 2 ** 31 }, /^a\.png: .* got a file of 2147483648 bytes/],
    ["longer than it says", { content: LONG, claims: 100 }, /^a\.png: .* longer than the archive says/],
  ] as const)("that is %s", async (_, entry, message) => {
    await expect(refused(entry)).rejects.toThrow(message);
  });

  it("that is none, or was cut short", async () => {
    await expect(unzipped("notes.zip", new Blob(["no archive"]))).rejects.toThrow(
      /^notes\.zip: .* cut short/,
    );
    const whole = archive([{ name: "a.png", content: LONG }]);
    await expect(unzipped("half.zip", whole.slice(0, whole.size - 30))).rejects.toThrow(/^half\.zip: /);
    await expect(unzipped("empty.zip", archive([]))).rejects.toThrow(/one without files/);
  });
});
