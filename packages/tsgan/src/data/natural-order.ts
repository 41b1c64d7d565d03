/** The order in which people list names: numbers by their value, so that 3, 7, 10 and img2, img10. */

const PARTS = /\d+|\D+/g;

/** Compares two names part by part: digits by value, all else by code unit; the same in every locale. */
export const naturalOrder = (a: string, b: string): number => {
  const [left, right] = [a.match(PARTS) ?? [], b.match(PARTS) ?? []];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    const difference = /^\d/.test(x) && /^\d/.test(y) ? byValue(x, y) : plain(x, y);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || plain(a, b);
};

/** Digits of any length: fewer significant ones are less. */
const byValue = (a: string, b: string): number => {
  const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return x.length - y.length || plain(x, y);
};

const plain = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
