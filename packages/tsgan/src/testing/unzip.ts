/** The files of a zip archive, read by yauzl, which compares sizes and checksums. */
import { fromBuffer } from "yauzl";

export const unzipped = (bytes: Uint8Array): Promise<Map<string, Uint8Array>> =>
  new Promise((resolve, reject) => {
    fromBuffer(Buffer.from(bytes), { lazyEntries: true }, (error, archive) => {
      if (error) return reject(error);
      const files = new Map<string, Uint8Array>();
      archive.on("error", reject);
      archive.on("end", () => resolve(files));
      archive.on("entry", (entry) => {
        archive.openReadStream(entry, (problem, stream) => {
          if (problem) return reject(problem);
          const parts: Uint8Array[] = [];
          stream.on("error", reject);
          stream.on("data", (part: Uint8Array) => parts.push(part));
          stream.on("end", () => {
            files.set(entry.fileName, Buffer.concat(parts));
            archive.readEntry();
          });
        });
      });
      archive.readEntry();
    });
  });
