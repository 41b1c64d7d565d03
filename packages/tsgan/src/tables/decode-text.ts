/** Text from bytes in the encodings that programs write tables in. */
import { RunError } from "../errors.ts";

/** Every other byte of ASCII in UTF-16 is zero: which ones tells the order of bytes. */
const zeros = (bytes: Uint8Array, parity: 0 | 1): number => {
  let count = 0;
  for (let i = parity; i < Math.min(bytes.length, 1000); i += 2) if (bytes[i] === 0) count++;
  return count / Math.max(1, Math.min(bytes.length, 1000) / 2);
};

/** Bytes that become text at a time. */
const PART = 2 ** 21;

function* decoded(bytes: Uint8Array, decoder: TextDecoder): Generator<string> {
  for (let start = 0; start < bytes.length; start += PART) {
    yield decoder.decode(bytes.subarray(start, start + PART), { stream: start + PART < bytes.length });
  }
}

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    for (const _ of decoded(bytes, new TextDecoder("utf-8", { fatal: true })));
    return true;
  } catch {
    return false;
  }
};

const encodingOf = (bytes: Uint8Array, name: string): readonly [label: string, encoding: string] => {
  const [first, second] = bytes;
  const utf16 = bytes.length >= 4 && bytes.length % 2 === 0;
  if ((first === 0xff && second === 0xfe) || (utf16 && zeros(bytes, 1) > 0.7 && zeros(bytes, 0) < 0.1)) {
    return ["utf-16le", "UTF-16"];
  }
  if ((first === 0xfe && second === 0xff) || (utf16 && zeros(bytes, 0) > 0.7 && zeros(bytes, 1) < 0.1)) {
    return ["utf-16be", "UTF-16"];
  }
  if (bytes.subarray(0, 8192).includes(0)) {
    throw new RunError(`${name}: expected text; got binary data (it holds zero bytes)`);
  }
  return isUtf8(bytes) ? ["utf-8", "UTF-8"] : ["windows-1252", "Windows-1252"];
};

/** Text piece by piece. */
export interface DecodedText {
  readonly encoding: string;
  parts(): Generator<string>;
}

/**
 * UTF-8 and UTF-16, with a byte order mark or without, or else Windows-1252, which older programs write.
 *
 * @param source bytes, or a text, which stays as it is
 * @param name what the errors call the text
 * @throws RunError for bytes that are no text
 */
export const decodeText = (source: string | Uint8Array, name: string): DecodedText => {
  if (typeof source === "string") {
    const text = source.replace(/^\uFEFF/, "");
    return {
      encoding: "text",
      *parts() {
        yield text;
      },
    };
  }
  const [label, encoding] = encodingOf(source, name);
  return { encoding, parts: () => decoded(source, new TextDecoder(label)) };
};
