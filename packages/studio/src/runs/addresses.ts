/** Where runs and their files are found. */
import type { Sample } from "../api.ts";
import { href } from "../route.ts";
import { fileAddress } from "./connection.ts";

/** The view of some runs. */
export const viewOf = (ids: readonly string[]): string =>
  href("runs", new URLSearchParams(ids.map((id) => ["show", id])));

export const sampleAddress = (id: string, { step, version }: Sample): string =>
  fileAddress(id, `samples/step-${String(step).padStart(6, "0")}.png`, version);
