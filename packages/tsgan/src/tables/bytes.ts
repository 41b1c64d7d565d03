/** Text as bytes of UTF-8, written one after the other without strings in between. */
import type { Bytes } from "../arrays.ts";

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

const MINUS = 45;
const ZERO = 48;
const MOST_INT = 2 ** 31;
/** Room for the digits of any whole number, its sign and its mark. */
const MOST_DIGITS = 32;

/** What bytes are written to. */
export interface Sink {
  bytes(source: Uint8Array): void;
  text(text: string): void;
  /**
   * n / 10^decimals for a whole number n below 2⁵³.
   *
   * @param fixed whether zeros at its end are written
   * @param mark the byte of the decimal mark
   */
  decimal(n: number, decimals: number, fixed: boolean, mark: number): void;
  /** How many bytes there are. */
  readonly length: number;
  /** All that was written since the last call, in a buffer that is the caller's. */
  take(): Bytes;
}

/** An empty sink: texts and numbers are appended to it as bytes of UTF-8, and taken out in one piece. */
export const byteSink = (): Sink => {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  const digits = new Uint8Array(MOST_DIGITS);
  const room = (more: number): void => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * buffer.length, length + more));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  return {
    bytes(source) {
      room(source.length);
      for (let i = 0; i < source.length; i++) buffer[length + i] = source[i];
      length += source.length;
    },
    text(text) {
      room(3 * text.length);
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) {
          length += encoder.encodeInto(text, buffer.subarray(length)).written;
          return;
        }
        buffer[length + i] = code;
      }
      length += text.length;
    },
    decimal(n, decimals, fixed, mark) {
      room(MOST_DIGITS);
      let left = n < 0 ? -n : n;
      let behind = decimals;
      if (!fixed) for (; behind > 0 && left % 10 === 0; behind--) left /= 10;
      let at = MOST_DIGITS;
      // Digits behind the mark, the mark, and digits before it, of which there is at least one.
      for (let i = 0; i < behind || left > 0 || i === behind; i++) {
        if (i === behind && behind > 0) digits[--at] = mark;
        const rest = left < MOST_INT ? (left / 10) | 0 : Math.floor(left / 10);
        digits[--at] = ZERO + (left - 10 * rest);
        left = rest;
      }
      if (n < 0) digits[--at] = MINUS;
      while (at < MOST_DIGITS) buffer[length++] = digits[at++];
    },
    get length() {
      return length;
    },
    take() {
      const written = buffer.subarray(0, length);
      buffer = new Uint8Array(buffer.length);
      length = 0;
      return written;
    },
  };
};
