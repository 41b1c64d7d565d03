import { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { integer, positive } from "./options.ts";
import { createProgram } from "./program.ts";

/** What a command line that cannot be parsed is told, with its errors captured. */
const refusal = async (...args: string[]): Promise<string> => {
  const program = createProgram();
  let told = "";
  const capture = {
    writeErr: (text: string) => {
      told += text;
    },
  };
  for (const command of [program, ...program.commands]) command.configureOutput(capture);
  await expect(program.parseAsync(args, { from: "user" })).rejects.toThrow(CommanderError);
  return told;
};

describe("tsgan", () => {
  it("has a description for each command, argument and option", () => {
    for (const command of createProgram().commands) {
      expect(command).toBeInstanceOf(Command);
      expect(command.description()).not.toBe("");
      for (const { description } of [...command.registeredArguments, ...command.options]) {
        expect(description).not.toBe("");
      }
    }
  });

  it.each([
    [["trian"], "error: unknown command 'trian' (Did you mean train?)\n"],
    [["train", "ring", "--stepz", "3"], "error: unknown option '--stepz' (Did you mean --steps?)\n"],
    [["sample"], "error: missing required argument 'RUN'\n"],
    [["export", "a", "b"], "error: too many arguments for 'export'. Expected 1 argument but got 2.\n"],
    [
      ["train", "ring", "--steps", "1.5"],
      "error: option '--steps <n>' argument '1.5' is invalid. It must be a whole number of at least 1.\n",
    ],
  ])("answers %j in one line", async (args, message) => {
    expect(await refusal(...args)).toBe(message);
  });
});

describe("integer", () => {
  it.each(["", "x", "1.5", "0x10", "-1", "NaN"])("refuses %j", (text) => {
    expect(() => integer(0)(text)).toThrow("It must be a whole number of at least 0.");
  });
  it.each(["1e400", "9007199254740993"])("says where numbers end to those who go beyond: %j", (text) => {
    expect(() => integer(0)(text)).toThrow("a whole number of at least 0 and at most 9007199254740991.");
  });
  it("reads what people write", () => {
    expect(["0", "12", "2e4"].map(integer(0))).toEqual([0, 12, 20_000]);
  });
});

it("positive refuses what is not a number above zero", () => {
  for (const text of ["", "0", "-1", "fast", "Infinity"]) expect(() => positive(text)).toThrow("above 0");
  expect(positive("2e-4")).toBe(2e-4);
});
