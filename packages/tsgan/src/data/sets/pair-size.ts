/** 32 px, which halves five times: 28 halves twice only. */
export const PAIR_SIZE = 32;
