/** Text for a terminal. */
import type { RunEvent } from "tsgan/node";

/** Prints what a run that is opened warns of: a damaged checkpoint that was passed over, records that are missing. */
export const printWarnings = (event: RunEvent): void => {
  if (event.type === "warning") process.stderr.write(`warning: ${event.message}\n`);
};

/** `text` in lines of at most `width` characters, each after `indent`. */
export const wrap = (text: string, indent: string, width = 96): string => {
  const lines = [indent];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last.length + word.length > width && last.trim() !== "") lines.push(indent + word);
    else lines[lines.length - 1] = last.trim() === "" ? indent + word : `${last} ${word}`;
  }
  return lines.join("\n");
};
