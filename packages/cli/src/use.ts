/** `--use FILE`: files with losses, models, data sets … of one's own, which count like what is built in. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError, unknownName } from "tsgan";
import { type Creator, isCreator, register } from "tsgan/define";
import { type LossDefinition, scoreTexts } from "tsgan/losses";
import type { UsedFile } from "tsgan/node";

/** The packages that such a file imports must be the command's own, or their registry is another one. */
const alias = (): Record<string, string> => {
  const packages = { tsgan: "tsgan", "@tsgan/theory": "@tsgan/theory", "@tsgan/study": "@tsgan/study" };
  return Object.fromEntries(
    Object.entries(packages).map(([name, id]) => [
      name,
      fileURLToPath(new URL("./", import.meta.resolve(id))).replace(/\/$/, ""),
    ]),
  );
};

/** Bytes of the largest file. */
const LARGEST = 64 << 20;

const read = async (file: string): Promise<Uint8Array> => {
  const { readBytes } = await import("tsgan/node");
  try {
    return readBytes(file, LARGEST);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = existsSync(file) ? message.replace(`cannot read ${file}: `, "") : "there is no such file";
    throw new UsageError(`--use ${file}: ${reason}`, { cause: error });
  }
};

/** Everything in a module's exports that has a definition: the exports themselves, or lists of them. */
const creatorsIn = (module: Readonly<Record<string, unknown>>) =>
  [...new Set(Object.values(module).flat())].filter(isCreator);

/** Why a module does not load, in one line: the reason and, of a syntax that is wrong, where. */
export const whyNotLoaded = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const [reason, place] = error.message.split("\n").map((line) => line.trim());
  const [, line] = /:(\d+):\d+$/.exec(place ?? "") ?? [];
  return line === undefined ? reason : `line ${line}: ${reason}`;
};

/** Checks what a definition says in words that are one of a few: a file is run without its types being looked at. */
const checkWords = (file: string, { definition }: Creator): void => {
  const { kind, name, scores } = definition as Partial<LossDefinition>;
  if (kind === "loss" && scores !== undefined && !Object.hasOwn(scoreTexts, scores)) {
    throw new UsageError(
      `--use ${file}: ${kind} ${name}: ${unknownName("kind of scores", scores, Object.keys(scoreTexts)).message}`,
    );
  }
};

/**
 * Loads files, one after the other, and registers what they export. A file may also call `register` itself.
 *
 * @throws UsageError for a file that is not there or does not load, or whose definitions do not hold
 */
export const useFiles = async (files: readonly string[] = []): Promise<readonly UsedFile[]> => {
  if (files.length === 0) return [];
  const { createJiti } = await import("jiti");
  const jiti = createJiti(import.meta.url, { alias: alias(), tryNative: false });
  const used: UsedFile[] = [];
  for (const file of files) {
    const sha256 = createHash("sha256")
      .update(await read(file))
      .digest("hex");
    let module: Readonly<Record<string, unknown>>;
    try {
      module = await jiti.import<Readonly<Record<string, unknown>>>(resolve(file));
    } catch (error) {
      throw new UsageError(`--use ${file}: it cannot be loaded: ${whyNotLoaded(error)}`, { cause: error });
    }
    const creators = creatorsIn(module);
    for (const creator of creators) checkWords(file, creator);
    register(...creators);
    used.push({ file, sha256 });
  }
  return used;
};
