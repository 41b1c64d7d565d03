/** Files that a browser opens as pages, or as parts of one, each with what it may do there. */
import { dataFile } from "./data.ts";
import { fileInside } from "./disk.ts";
import { PAGE_POLICY, REPORT_POLICY } from "./guard.ts";
import { notFound, type Reply, typeOf } from "./reply.ts";

/** A report is a page of its own, which may come from elsewhere. */
export const reportReply = (file: string): Reply => ({
  type: typeOf(file),
  body: { file },
  headers: { "content-security-policy": REPORT_POLICY },
});

/**
 * A file of the built page, or of a data set of this machine that the page does not carry along.
 *
 * @param page the folder of the built page
 * @param cache where prepared data sets are kept
 * @throws Refusal where there is none
 */
export const pageReply = async (
  page: string,
  cache: string | undefined,
  parts: readonly string[],
): Promise<Reply> => {
  const relative = parts.length === 1 && parts[0] === "" ? "index.html" : parts.join("/");
  const own = fileInside(page, relative);
  const file =
    own ?? (parts[0] === "data" && parts.length === 2 ? await dataFile(parts[1], cache) : undefined);
  if (file === undefined) throw notFound("such page");
  // Vite writes a hash of the content into the names of what it makes.
  const isHashed = parts[0] === "assets";
  return {
    type: typeOf(file),
    body: { file },
    headers: {
      "content-security-policy": PAGE_POLICY,
      ...(isHashed && { "cache-control": "public, max-age=31536000, immutable" }),
    },
  };
};
