/** Numbers and counts as people read them. */

/** `12,345` */
export const number = (value: number): string => value.toLocaleString("en");

/** `1 file`, `3 files` */
export const plural = (count: number, noun: string): string =>
  `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
