/** Making pictures smaller by means over areas. */

/** For each target cell, the source cells that it is made of and their shares, which add to 1. */
export type Weights = readonly (readonly (readonly [cell: number, share: number])[])[];

/** Mean over the part of `from` source cells that each of `to` target cells covers. */
export const areaWeights = (from: number, to: number): Weights =>
  Array.from({ length: to }, (_, target) => {
    const start = (target * from) / to;
    const end = ((target + 1) * from) / to;
    const shares: (readonly [number, number])[] = [];
    for (let cell = Math.floor(start); cell < end; cell++) {
      const share = (Math.min(end, cell + 1) - Math.max(start, cell)) / (end - start);
      if (share > 0) shares.push([cell, share]);
    }
    return shares;
  });
