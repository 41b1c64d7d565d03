/** Paths that come from outside. */
import { insideOf } from "tsgan/node";
import { Refusal } from "./reply.ts";

/** Hidden names, and those that are no names: "", "..", "a\b", "C:". */
const isPlain = (part: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  part !== "" && !part.startsWith(".") && !/[\\:\u0000-\u001f]/.test(part);

/** The parts of a path below a folder, each decoded once. @throws Refusal for what no page of ours asks for */
export const partsOf = (encoded: string): string[] => {
  let parts: string[];
  try {
    parts = encoded.split("/").map(decodeURIComponent);
  } catch {
    throw new Refusal(400, "the address is not properly encoded");
  }
  return parts;
};

/**
 * The real path of what lies at `relative` below `root`; undefined where nothing is there. Whatever leads out, be it by
 * dots or by symbolic links, is not there.
 */
export const resolveInside = (root: string, relative: string): string | undefined => {
  const parts = relative.split("/");
  if (!parts.every(isPlain)) return undefined;
  try {
    return insideOf(root, relative);
  } catch {
    // No permission to look.
    return undefined;
  }
};
