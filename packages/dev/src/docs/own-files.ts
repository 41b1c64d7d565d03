/** Files that the pages' commands speak of: pictures, archives and tables of one's own, small. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { npy, zip } from "tsgan/testing";

const picture = (n: number): Promise<Buffer> =>
  sharp({
    create: {
      width: 20,
      height: 20,
      channels: 3,
      background: { r: (n * 97) % 256, g: (n * 57) % 256, b: n },
    },
  })
    .png()
    .toBuffer();

const PICTURES = 24;

const rowsOf = (count: number, row: (i: number) => readonly (string | number)[]): string =>
  Array.from({ length: count }, (_, i) => row(i).join(",")).join("\n");

const customers = (): string =>
  `age,city,income,active\n${rowsOf(120, (i) => [20 + ((i * 7) % 50), ["Bern", "Basel", "Chur"][i % 3], 1000 + ((i * 131) % 977), i % 2 === 0 ? "yes" : "no"])}\n`;

const penguins = (): string =>
  `species,island,body_mass_g,year\n${rowsOf(120, (i) => [["Adelie", "Gentoo"][i % 2], ["Dream", "Biscoe", "Torgersen"][i % 3], 4000 + ((i * 37) % 1900), 2007 + (i % 3)])}\n`;

/** Fills a new folder with them. */
export const makeOwnFiles = async (folder: string): Promise<void> => {
  const at = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    return path;
  };
  const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, i) => picture(i)));
  for (const [i, bytes] of pictures.entries()) {
    for (const name of ["photos", "generated"]) writeFileSync(at(`${name}/${i}.png`), bytes);
  }
  const named = (i: number): string => `${i % 2 === 0 ? "cats" : "dogs"}/${i}.png`;
  writeFileSync(at("pets.zip"), zip(pictures.map((content, i) => ({ name: named(i), content }))));
  writeFileSync(at("faces.zip"), zip(pictures.map((content, i) => ({ name: `${i}.png`, content }))));
  writeFileSync(at("points.csv"), `x,y\n${rowsOf(80, (i) => [Math.cos(i), Math.sin(i)])}\n`);
  writeFileSync(at("customers.csv"), customers());
  writeFileSync(at("penguins.csv"), penguins());
  writeFileSync(at("drawing.png"), readFileSync(at("photos/0.png")));
  writeFileSync(at("more-drawings/1.png"), readFileSync(at("photos/1.png")));
  const values = new Uint8Array(8 * 96 * 64 * 3).map((_, i) => i % 251);
  writeFileSync(at("faces.npz"), zip([{ name: "images.npy", content: npy("|u1", [8, 96, 64, 3], values) }]));
};
