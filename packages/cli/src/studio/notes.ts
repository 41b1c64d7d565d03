/** What people write down about a run, in its folder: `notes.json`. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Notes } from "@tsgan/studio/api";
import { writeFileAtomic } from "tsgan/node";
import * as z from "zod";
import { readJsonInside } from "./disk.ts";

const FILE = "notes.json";
const LARGEST = 1 << 16;

export const notesSchema = z.strictObject({
  // A word that can be searched for: no control characters, no spaces at its ends.
  tags: z
    .array(
      z
        .string()
        .max(40)
        .regex(/^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, "expected a word without control characters"),
    )
    .max(20),
  note: z.string().max(4000),
}) satisfies z.ZodType<Notes>;

const noNotes: Notes = { tags: [], note: "" };

/** What is there, where it is what this server writes; nothing is trusted. */
export const readNotes = (path: string): Notes => {
  try {
    const read = notesSchema.safeParse(readJsonInside(path, FILE, LARGEST));
    return read.success ? read.data : noNotes;
  } catch {
    // None yet, or none of ours.
    return noNotes;
  }
};

/** Replaces the file whole; a link in its place is replaced, and not followed. */
export const writeNotes = (path: string, { tags, note }: Notes): void => {
  const file = join(path, FILE);
  if (tags.length === 0 && note === "") rmSync(file, { force: true });
  else writeFileAtomic(file, `${JSON.stringify({ tags: [...new Set(tags)], note }, undefined, 2)}\n`);
};
