/** The one door to sharp, the image library, which is loaded when it is first needed. */
import { RunError } from "../errors.ts";

export type SharpModule = typeof import("sharp").default;

/** @param purpose begins the message where sharp is absent: `… needs the package sharp: npm install sharp` */
export const loadSharp = async (purpose: string): Promise<SharpModule> => {
  try {
    return (await import("sharp")).default;
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
    const state = missing ? "" : " (it is installed, but does not load on this machine)";
    throw new RunError(`${purpose} needs the package sharp${state}: npm install sharp`, { cause });
  }
};
