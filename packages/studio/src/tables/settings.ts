/** What training on a table can be told, as fields; where nothing is said it is as `tsgan train` has it for rows. */
import { integer, number } from "tsgan/define";
import { fieldsOf, initialOf } from "../ui/fields.ts";
import type { Settings } from "./protocol.ts";

const percent = (share: number): string => String(Math.round(1000 * share) / 10);

export const settingsFields = fieldsOf({
  steps: integer({ default: 3000, least: 1, means: "Steps" }),
  batch: integer({ default: 500, least: 2, means: "Rows a step" }),
  seed: integer({ default: 1, least: 0, means: "Seed" }),
  holdOut: {
    option: number({ default: 0.1, least: 0, most: 0.5, means: "Held out, %" }),
    parse: (text) => {
      const value = Number(text);
      if (text.trim() === "" || !(value >= 0 && value <= 50)) throw new Error("a number from 0 to 50");
      return value / 100;
    },
    format: percent,
  },
});

export const usualSettings: Settings = initialOf(settingsFields);
