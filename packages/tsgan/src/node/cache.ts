/** The folder where decoded data is kept between runs. Whatever is in it can be deleted at any time. */
import { homedir } from "node:os";
import { join } from "node:path";

/** `folder`, or the environment's TSGAN_CACHE, or tsgan in XDG_CACHE_HOME, or ~/.cache/tsgan. */
export const cacheFolder = (folder?: string): string =>
  folder || process.env.TSGAN_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tsgan");
