/** Handles that would cover each other stand one above the other instead. */

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Aside {
  /** Pixels downwards from the place that the handle is for. */
  readonly y: number;
}

/** Pixels between the middles of two handles that can be told apart. */
const APART = 26;

/** How far aside each handle is put: the first that was there stays. */
export const spread = (places: readonly Place[]): readonly Aside[] => {
  const taken: Place[] = [];
  return places.map(({ x, y }) => {
    const isFree = (at: number): boolean =>
      taken.every((other) => Math.hypot(other.x - x, other.y - at) >= APART);
    let found = y;
    // Upwards first, where there is more room than at the axis.
    for (let step = 1; !isFree(found); step++)
      found = y + (step % 2 === 1 ? -1 : 1) * Math.ceil(step / 2) * (APART + 1);
    taken.push({ x, y: found });
    return { y: found - y };
  });
};
