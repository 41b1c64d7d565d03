/** Options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option } from "commander";

/** Reads a whole number of at least `least`, and at most `most`. */
export const integer =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^[+-]?\d+(e\d+)?$/i.test(text) || !Number.isSafeInteger(value) || value < least || value > most) {
      // What nobody comes near is no limit to speak of, but where somebody has gone beyond it.
      const limit = most === Number.MAX_SAFE_INTEGER && !(value > most) ? "" : ` and at most ${most}`;
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}${limit}.`);
    }
    return value;
  };

/** Reads a number above zero. */
export const positive = (text: string): number => {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("It must be a number above 0.");
  }
  return value;
};

/** Reads a size of images: a side, or `64x96` as width x height. */
export const imageSize = (text: string): number | `${number}x${number}` => {
  const [, width, height = width] = /^(\d{1,5})(?:[x×](\d{1,5}))?$/i.exec(text) ?? [];
  const [across, down] = [Number(width), Number(height)];
  if (!(across >= 1 && down >= 1)) {
    throw new InvalidArgumentError("It must be a side, such as 64, or width x height, such as 64x96.");
  }
  return across === down ? across : `${across}x${down}`;
};

/** Whether a file's name says another kind of file than what is written to it: `grid` and `ring-0.5` say none. */
const isMisnamed = (path: string, endings: readonly string[]): boolean => {
  const [ending] = /\.[a-z]\w*$/i.exec(path) ?? [];
  return ending !== undefined && !endings.includes(ending.toLowerCase());
};

/** Reads the name of a file that is written, of one kind. */
export const fileOf =
  (...endings: readonly string[]) =>
  (path: string): string => {
    if (!isMisnamed(path, endings)) return path;
    throw new InvalidArgumentError(`It must end in ${endings.join(" or ")}.`);
  };

/**
 * Checks the name of a file whose kind is known only when the data are.
 *
 * @param what what is written, and by which command: `sample: samples are drawn in`
 * @throws UsageError
 */
export const checkEnding = async (
  what: string,
  path: string,
  ...endings: readonly string[]
): Promise<void> => {
  if (!isMisnamed(path, endings)) return;
  const { UsageError } = await import("tsgan");
  throw new UsageError(`${what} a ${endings.join(" or ")} file; got ${path}; give --out another name`);
};

/** How much work to do. Its names are those of `efforts` of tsgan/effort, which is not loaded here. */
export const effortOption = (): Option =>
  new Option(
    "--effort <how much>",
    "settings for the data at hand and for so much work (default: good for pictures of your own; docs/effort.md)",
  ).choices(["quick", "good", "best"]);

/** How pictures of another shape are made to fit. */
export const fitOption = (): Option =>
  new Option(
    "--fit <how>",
    "how images of another shape are made to fit (default: cover, cut to the middle)",
  ).choices(["cover", "contain", "stretch"]);

/** Reads names separated by commas. */
export const names = (text: string): string[] => {
  const found = text.split(",").map((name) => name.trim());
  if (found.some((name) => name === ""))
    throw new InvalidArgumentError("It must be names separated by commas.");
  return found;
};

export const deviceOption = (): Option =>
  new Option(
    "--device <name>",
    "where to compute (default: cpu, or wasm where onnxruntime-node is not there)",
  ).choices(["cpu", "wasm", "webgpu", "cuda"]);

export const threadsOption = (): Option =>
  new Option("--threads <n>", "threads of the processor (default: all, at most 8)").argParser(integer(1));

export const stepOption = (): Option =>
  new Option("--step <n>", "take the checkpoint of this step, or best (default: the newest)").argParser(
    (text): number | "best" => {
      if (text === "best" || /^\d+$/.test(text)) return text === "best" ? text : integer(0)(text);
      throw new InvalidArgumentError("It must be the step of a checkpoint, or best.");
    },
  );

export const jsonOption = (description: string): Option => new Option("--json", description);

/** Files of `--use`. They are loaded when they are needed: what loads them is not. */
export const useOption = (): Option =>
  new Option(
    "--use <file>",
    "TypeScript or JavaScript file that registers things of your own (losses, models, data sets …); repeatable",
  ).argParser((file: string, before: readonly string[] = []) => [...before, file]);

/** The files that `--use` names on a command line, before it is parsed: help and checks list what they register. */
export const usedOnCommandLine = (args: readonly string[]): readonly string[] =>
  args.flatMap((arg, i) => {
    if (arg === "--use") return args[i + 1] ?? [];
    return arg.startsWith("--use=") ? arg.slice("--use=".length) : [];
  });
