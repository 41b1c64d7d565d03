/** Files of things of one's own that a run or a study was made with, and what has become of them. */

/** A file that was loaded, as config.json and study.json record it. */
export interface UsedFile {
  readonly file: string;
  /** SHA-256 of its contents, hexadecimal. What it imports is not looked at. */
  readonly sha256: string;
}

/** Whether a value of unknown shape is the record of such a file. */
export const isUsedFile = (value: unknown): value is UsedFile => {
  const { file, sha256 } = (value ?? {}) as Partial<UsedFile>;
  return typeof file === "string" && typeof sha256 === "string";
};

/** What is to be said, a line each, of the files that something was begun with. */
export interface UseChanges {
  /** Of files that are given, and are not as they were. */
  readonly changed: readonly string[];
  /** Of files that are not given. */
  readonly missing: readonly string[];
}

/**
 * Compares the files that something was begun with and those that are given now. Contents count, not where a file lies.
 *
 * @param began the files at the beginning, with their hashes
 * @param what was begun: "run"
 */
export const useChanges = (
  began: readonly UsedFile[] = [],
  now: readonly UsedFile[] = [],
  what: string,
): UseChanges => {
  const gone = began.filter(({ sha256 }) => !now.some((each) => each.sha256 === sha256));
  const isGiven = ({ file }: UsedFile): boolean => now.some((each) => each.file === file);
  return {
    changed: gone
      .filter(isGiven)
      .map(
        ({ file }) =>
          `${file} has changed since the ${what} began: what it registers may be other than what was trained`,
      ),
    missing: gone
      .filter((use) => !isGiven(use))
      .map(({ file }) => `the ${what} began with --use ${file}, which is not given now`),
  };
};
