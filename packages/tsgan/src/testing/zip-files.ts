/** Zip archives made byte by byte, honest ones and others. APPNOTE 4.3. */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly content?: Uint8Array | string;
  /** Method as written; 8 (Deflate) by default, 0 for stored. */
  readonly method?: number;
  readonly encrypted?: boolean;
  /** A size other than the true one. */
  readonly claims?: number;
  /** A symbolic link to its content. */
  readonly link?: boolean;
  /** Shares the bytes of the entry before. */
  readonly overlaps?: boolean;
}

const bytesOf = (content: Uint8Array | string): Buffer => Buffer.from(content as string);

export const zip = (entries: readonly ZipEntry[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let previous = 0;
  for (const {
    name,
    content = "",
    method = 8,
    encrypted = false,
    claims,
    link = false,
    overlaps = false,
  } of entries) {
    const bytes = bytesOf(content);
    const stored = method === 8 ? deflateRawSync(bytes) : bytes;
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | (encrypted ? 1 : 0), 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(claims ?? bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const at = overlaps ? previous : offset;
    if (!overlaps) {
      parts.push(Buffer.from("PK\x03\x04", "latin1"), common, title, stored);
      previous = offset;
      offset += 30 + title.length + stored.length;
    }
    const record = Buffer.alloc(46);
    record.write("PK\x01\x02", 0, "latin1");
    record.writeUInt16LE((3 << 8) | 20, 4);
    common.copy(record, 6);
    record.writeUInt32LE(link ? (0o120777 << 16) >>> 0 : (0o100644 << 16) >>> 0, 38);
    record.writeUInt32LE(at, 42);
    directory.push(record, title);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
};
