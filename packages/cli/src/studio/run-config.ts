/** What a run's config.json says of it in a list. */
import { createHash } from "node:crypto";
import type { RunSummary } from "@tsgan/studio/api";
import { readJsonInside } from "./disk.ts";

const LARGEST_CONFIG = 1 << 20;

export type Facts = Pick<RunSummary, "data" | "loss" | "model" | "steps" | "group" | "isPoints">;

export interface Config extends Facts {
  readonly raw: Readonly<Record<string, unknown>>;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const nameOf = (value: unknown): string | undefined => (isObject(value) ? text(value.name) : text(value));

/** Stands for all configurations that differ in nothing but their seed and length. */
const groupOf = ({ seed: _, steps: __, ...rest }: Readonly<Record<string, unknown>>): string =>
  createHash("sha256").update(JSON.stringify(rest)).digest("base64url").slice(0, 10);

const isPoints = (dataset: unknown): boolean =>
  isObject(dataset) && Array.isArray(dataset.shape) && dataset.shape.length === 1;

/** @returns what is wrong, as text, where it is no configuration */
export const readConfig = (path: string): Config | string => {
  try {
    const raw = readJsonInside(path, "config.json", LARGEST_CONFIG);
    if (!isObject(raw)) return "config.json is not a JSON object";
    const { data, model, loss, steps } = raw;
    return {
      raw,
      data: text(data),
      model: nameOf(model),
      loss: nameOf(loss),
      ...(typeof steps === "number" && { steps }),
      group: groupOf(raw),
      isPoints: isPoints(raw.dataset),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.startsWith("config.json") ? message : `config.json cannot be read: ${message}`;
  }
};
