/** Errors whose message is meant for the user: one line that says where, what was expected, what was got, what to do. */

/** The caller asked for something that does not exist or does not fit: an unknown name, a wrong type, a wrong shape. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The request was right, but the data, the machine or the run failed: a corrupt file, a full disk, a NaN. */
export class RunError extends Error {
  override readonly name = "RunError";
}

/**
 * The candidate nearest to `word` by edit distance, if near enough to be a likely misspelling.
 *
 * @param candidates what it may have been meant for
 */
export const nearest = (word: string, candidates: readonly string[]): string | undefined => {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
};

/** The `count` candidates most like `word`: those that contain it, then by edit distance. */
export const nearestSome = (word: string, candidates: readonly string[], count: number): string[] => {
  const wanted = word.toLowerCase();
  const distance = (candidate: string): number => {
    const name = candidate.toLowerCase();
    return name.includes(wanted) ? (name.length - wanted.length) / 1000 : editDistance(wanted, name);
  };
  return candidates
    .map((candidate) => ({ candidate, distance: distance(candidate) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
};

/** Characters of a name that are compared: longer ones come from files that mean no good, and take the square of their length. */
const COMPARED = 100;

const editDistance = (first: string, second: string): number => {
  const [a, b] = [first.slice(0, COMPARED), second.slice(0, COMPARED)];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
};

/**
 * `unknown loss "hing"; did you mean "hinge"? (known: …)`
 *
 * @param kind what is named: "loss"
 * @param word what was given
 * @param candidates what is known
 */
export const unknownName = (kind: string, word: string, candidates: readonly string[]): UsageError => {
  const suggestion = nearest(word, candidates);
  const hint = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
  return new UsageError(`unknown ${kind} "${word}"${hint} (known: ${candidates.join(", ")})`);
};
