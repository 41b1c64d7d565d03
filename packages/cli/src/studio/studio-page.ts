/** Where the built page is. */
import { join } from "node:path";
import { RunError } from "tsgan";

const studioFile = (resolve: (id: string) => string): string => {
  try {
    return resolve("@tsgan/studio/package.json");
  } catch (cause) {
    throw new RunError("the studio needs the package @tsgan/studio: npm install @tsgan/studio", { cause });
  }
};

/** The built page of the installed studio. @throws RunError where it is not installed, or was not built */
export const studioPage = (resolve: (id: string) => string, exists: (path: string) => boolean): string => {
  const page = join(studioFile(resolve), "..", "dist");
  if (!exists(join(page, "index.html"))) {
    throw new RunError(`the studio's page is not built (${page}); run npm run build:web`);
  }
  return page;
};
