import { ganOf, type RunConfig, type Topic, topics } from "tsgan/config";
import type { Gan } from "tsgan/gan";
import { describe, expect, it } from "vitest";
import { trainCommand } from "./train.ts";
import { configOf } from "./train-config.ts";

/** The flags between the backquotes of a text, as a shell would hand them over. */
const flagsIn = (text: string): string[][] =>
  [...text.matchAll(/`(--[^`]+)`/g)].map(([, flags]) =>
    [...flags.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word),
  );

const configWith = async (data: string, flags: readonly string[]): Promise<RunConfig> => {
  const command = trainCommand();
  expect(command.parseOptions([...flags])).toEqual({ operands: [], unknown: [] });
  return configOf(data, command.opts());
};

/** The GAN of those flags on images, or on points where the text says so or the model is for them. */
const ganWith = async (flags: readonly string[], text: string): Promise<Gan> => {
  const onPoints = text.includes(`\`${flags.join(" ")}\` for points`) || flags.includes("mlp");
  const config = await configWith(onPoints ? "ring" : "mnist", flags);
  const pairs = ["pix2pix", "cyclegan"].includes(config.model.name);
  return ganOf(config, {
    shape: onPoints ? [2] : [pairs ? 2 : 1, 32, 32],
    classes: onPoints ? undefined : 10,
  });
};

const uses = topics().flatMap(({ name, use }: Topic) => flagsIn(use).map((flags) => ({ name, use, flags })));

describe("what the catalogue says of the use of", () => {
  it.each(uses)("$name is a run: $flags", async ({ use, flags }) => {
    await expect(ganWith(flags, use)).resolves.toBeDefined();
  });
});
