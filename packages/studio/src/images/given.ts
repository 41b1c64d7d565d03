/** What was given to the page: files, folders of files, archives of files. */
import { isZip, type Packed, unzipped } from "./unzip.ts";

/** A file that was given, alone, in a folder or in an archive. */
export type Given = Packed;

const givenAs = (path: string, file: Blob): Given => ({ path, open: async () => file });

/** Files that were chosen; those of a folder know their path. */
export const chosenFiles = (files: readonly File[]): readonly Given[] =>
  files.map((file) => givenAs(file.webkitRelativePath || file.name, file));

/** All files of a drop, those in folders too. Must be called while the drop is being handled. */
export const filesOf = async (transfer: DataTransfer): Promise<readonly Given[]> => {
  const items = [...transfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const given: Given[] = [];
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      given.push(givenAs(entry.fullPath.replace(/^\//, ""), file));
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return;
      for (const each of some) await visit(each);
    }
  };
  for (const item of items) {
    if (item instanceof File) given.push(givenAs(item.name, item));
    else if (item !== null) await visit(item);
  }
  return given;
};

/** What systems leave beside pictures. */
const isHidden = (path: string): boolean =>
  path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX" || part === "Thumbs.db");

/** The files themselves, those of archives in place of the archives. */
export const unpacked = async (given: readonly Given[]): Promise<readonly Given[]> => {
  const all: Given[] = [];
  for (const each of given) {
    if (isZip(each.path)) all.push(...(await unzipped(each.path, await each.open())));
    else all.push(each);
  }
  return all.filter(({ path }) => !isHidden(path));
};
