/** tsgan import */
import { Command, InvalidArgumentError, Option } from "commander";
import type { ImageLayout, ImageRange } from "tsgan/train";
import { deviceOption, fileOf, integer, jsonOption, names } from "../options.ts";
import { print, printJson } from "../text.ts";

interface ImportFlags {
  readonly out?: string;
  readonly latents?: readonly string[];
  readonly latentSize?: number;
  readonly distribution?: "normal" | "uniform" | "unit-uniform" | "uniform-01";
  readonly label?: string;
  readonly classes?: readonly string[];
  readonly set?: Readonly<Record<string, number>>;
  readonly output?: string;
  readonly layout?: ImageLayout;
  readonly range?: ImageRange;
  readonly shape?: readonly number[];
  readonly device?: "cpu" | "wasm" | "webgpu" | "cuda";
  readonly json?: boolean;
}

const constant = (text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> => {
  const [, name, value] = /^(.+)=([^=]+)$/s.exec(text) ?? [];
  if (name === undefined || !Number.isFinite(Number(value)))
    throw new InvalidArgumentError("It must be input=number.");
  return { ...before, [name]: Number(value) };
};

const shape = (text: string): number[] => {
  if (!/^\d+x\d+x\d+$/.test(text))
    throw new InvalidArgumentError("It must be channels x height x width, such as 3x64x64.");
  return text.split("x").map(Number);
};

export const importCommand = (): Command =>
  new Command("import")
    .description(
      "Make a generator.onnx of a generator that others have trained, to sample, judge and explore it.",
    )
    .argument(
      "<FILE>",
      "ONNX model that makes images or points of random numbers; weights beside it are read, too",
    )
    .option("--out <file>", "file to write (default: FILE-tsgan.onnx)", fileOf(".onnx"))
    .option("--latents <a,b>", "inputs that are drawn at random (default: the one that is no class)", names)
    .option("--latent-size <n>", "numbers of a latent input whose size the model leaves open", integer(1))
    .addOption(
      new Option("--distribution <name>", "what latent numbers are drawn from (default: normal)").choices([
        "normal",
        "uniform",
        "unit-uniform",
        "uniform-01",
      ]),
    )
    .option("--label <input>", "input that says the class (default: recognised)")
    .option("--classes <n or a,b>", "how many classes there are, or their names", names)
    .option(
      "--set <input=number>",
      "an input that is always the same, such as truncation=0.7; repeatable",
      constant,
    )
    .option("--output <name>", "output that is taken (default: the only one, or that of images)")
    .addOption(
      new Option("--layout <name>", "where channels are (default: recognised)").choices([
        "channels-first",
        "channels-last",
      ]),
    )
    .addOption(
      new Option("--range <range>", "what values of images are (default: recognised)").choices([
        "-1..1",
        "0..1",
        "0..255",
      ]),
    )
    .option("--shape <CxHxW>", "shape of images that come as rows of numbers", shape)
    .addOption(deviceOption())
    .addOption(jsonOption("print what was written as JSON"))
    .addHelpText(
      "after",
      `
What is written takes z [batch, latent] and, where there are classes, label [batch], and gives image in [-1, 1]:
tsgan sample, evaluate --against, the studio's explorer and generate.html take it.

Examples:
  tsgan import dcgan.onnx
  tsgan import biggan.onnx --classes 1000 --set truncation=0.5 --out biggan-tsgan.onnx
  tsgan sample dcgan-tsgan.onnx --out grid.png
  tsgan evaluate dcgan-tsgan.onnx --against photos/`,
    )
    .action(run);

const run = async (path: string, flags: ImportFlags): Promise<void> => {
  const { importGeneratorFile, writeFileAtomic } = await import("tsgan/node");
  const { out = `${path.replace(/\.onnx$/i, "")}-tsgan.onnx`, json, classes, ...options } = flags;
  const [only, ...more] = classes ?? [];
  const isCount = more.length === 0 && /^\d+$/.test(only ?? "");
  const { bytes, facts, lines } = await importGeneratorFile(path, {
    ...options,
    ...(classes && { classes: isCount ? Number(only) : classes }),
  });
  writeFileAtomic(out, bytes);
  const { latent, shape: made, classes: count } = facts;
  const result = {
    out,
    bytes: bytes.length,
    latent: latent.size,
    shape: made,
    ...(count && { classes: count }),
  };
  if (json) printJson({ ...result, lines });
  else print(`${lines.join("\n")}\ngenerator: ${out}\n`);
};
