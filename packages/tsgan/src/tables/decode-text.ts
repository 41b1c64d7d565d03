/** Text from bytes in the encodings that programs write tables in. */
import { RunError } from "../errors.ts";

const decode = (bytes: Uint8Array, label: string): string => new TextDecoder(label).decode(bytes);

/** Every other byte of ASCII in UTF-16 is zero: which ones tells the order of bytes. */
const zeros = (bytes: Uint8Array, parity: 0 | 1): number => {
  let count = 0;
  for (let i = parity; i < Math.min(bytes.length, 1000); i += 2) if (bytes[i] === 0) count++;
  return count / Math.max(1, Math.min(bytes.length, 1000) / 2);
};

/**
 * UTF-8 and UTF-16, with a byte order mark or without, or else Windows-1252, which older programs write.
 *
 * @param name what the errors call the text
 * @throws RunError for bytes that are no text
 */
export const decodeText = (bytes: Uint8Array, name: string): { text: string; encoding: string } => {
  const [first, second] = bytes;
  const utf16 = bytes.length >= 4 && bytes.length % 2 === 0;
  if ((first === 0xff && second === 0xfe) || (utf16 && zeros(bytes, 1) > 0.7 && zeros(bytes, 0) < 0.1)) {
    return { text: decode(bytes, "utf-16le"), encoding: "UTF-16" };
  }
  if ((first === 0xfe && second === 0xff) || (utf16 && zeros(bytes, 0) > 0.7 && zeros(bytes, 1) < 0.1)) {
    return { text: decode(bytes, "utf-16be"), encoding: "UTF-16" };
  }
  if (bytes.subarray(0, 8192).includes(0)) {
    throw new RunError(`${name}: expected text; got binary data (it holds zero bytes)`);
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "UTF-8" };
  } catch {
    return { text: decode(bytes, "windows-1252"), encoding: "Windows-1252" };
  }
};
