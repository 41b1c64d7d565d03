/** What a file holds, by its first bytes. Names lie: a .jpg may hold a WebP or the page that a server sent in its place. */

/** First bytes that `identify` wants to see; fewer where a file is shorter. */
export const HEAD = 512;

export interface Identified {
  /** As people call it: PNG, JPEG, HEIC, HTML, zip … */
  readonly name: string;
  /** A picture that is read, another picture, an archive, an array, or none of these. */
  readonly kind: "picture" | "foreign picture" | "archive" | "array" | "other";
  /** What helps where it cannot be read. */
  readonly remedy?: string;
}

const picture = (name: string): Identified => ({ name, kind: "picture" });
const foreign = (name: string, remedy = "save it as PNG or JPEG"): Identified => ({
  name,
  kind: "foreign picture",
  remedy,
});
const archive = (name: string, remedy: string): Identified => ({ name, kind: "archive", remedy });
const other = (name: string, remedy?: string): Identified => ({
  name,
  kind: "other",
  ...(remedy && { remedy }),
});

const HEIC_REMEDY =
  "save it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible; elsewhere heif-convert)";

/** Kinds with bytes at a fixed place. A string is Latin-1. */
const MAGIC: readonly (readonly [offset: number, bytes: string, what: Identified])[] = [
  [0, "\x89PNG\r\n\x1a\n", picture("PNG")],
  [0, "\xff\xd8\xff", picture("JPEG")],
  [0, "GIF87a", picture("GIF")],
  [0, "GIF89a", picture("GIF")],
  [0, "II*\0\x10\0\0\0CR", foreign("camera raw")],
  [0, "II*\0", picture("TIFF")],
  [0, "MM\0*", picture("TIFF")],
  [0, "II+\0", picture("TIFF")],
  [0, "MM\0+", picture("TIFF")],
  [0, "IIRO", foreign("camera raw")],
  [0, "IIU\0", foreign("camera raw")],
  [0, "FUJIFILMCCD-RAW", foreign("camera raw")],
  [0, "\xff\x0a", foreign("JPEG XL")],
  [0, "\0\0\0\x0cJXL \r\n\x87\n", foreign("JPEG XL")],
  [0, "\0\0\0\x0cjP  \r\n\x87\n", foreign("JPEG 2000")],
  [0, "\xff\x4f\xff\x51", foreign("JPEG 2000")],
  [0, "8BPS", foreign("Photoshop's PSD")],
  [0, "gimp xcf", foreign("GIMP's XCF")],
  [0, "\0\0\x01\0", foreign("an icon (ICO)")],
  [0, "qoif", foreign("QOI")],
  [0, "DDS ", foreign("DDS")],
  [0, "v/1\x01", foreign("OpenEXR")],
  [0, "#?RADIANCE", foreign("Radiance HDR")],
  [0, "#?RGBE", foreign("Radiance HDR")],
  [128, "DICM", foreign("DICOM")],
  [0, "SIMPLE  =", foreign("FITS")],
  [0, "farbfeld", foreign("farbfeld")],
  [0, "%PDF", other("PDF")],
  [0, "%!PS", other("PostScript")],
  [0, "PK\x03\x04", archive("zip", "give it as a file of its own")],
  [0, "PK\x05\x06", archive("zip", "it is empty")],
  [0, "\x93NUMPY", { name: "NumPy array", kind: "array" }],
  [0, "\x1f\x8b", archive("gzip", "unpack it (tar -xzf FILE, or gunzip FILE) and give the folder")],
  [0, "BZh", archive("bzip2", "unpack it (tar -xjf FILE) and give the folder")],
  [0, "\xfd7zXZ\0", archive("xz", "unpack it (tar -xJf FILE) and give the folder")],
  [0, "(\xb5/\xfd", archive("Zstandard", "unpack it (tar --zstd -xf FILE) and give the folder")],
  [0, "7z\xbc\xaf'\x1c", archive("7z", "unpack it (7z x FILE) and give the folder, or make a .zip of it")],
  [0, "Rar!\x1a\x07", archive("RAR", "unpack it (unrar x FILE) and give the folder, or make a .zip of it")],
  [257, "ustar", archive("tar", "unpack it (tar -xf FILE) and give the folder, or make a .zip of it")],
  [0, "\x89HDF\r\n\x1a\n", other("HDF5", "save its arrays with numpy.save as .npy")],
  [0, "PAR1", other("Parquet", "save it as CSV, or its pictures as files")],
  [0, "ARROW1", other("Arrow", "save it as CSV, or its pictures as files")],
  [0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", other("an old Office document", "save its table as CSV")],
  [0, "\0\0\x08\x03", other("IDX, MNIST's format", "save its array with numpy.save as .npy")],
  [0, "SQLite format 3", other("a SQLite database")],
  [0, "MATLAB 5.0 MAT-file", other("MATLAB's .mat", "save its arrays with numpy.save as .npy")],
  [0, "\0\x05\x16\x07", other("macOS's file attributes")],
  [0, "version https://git-lfs", other("a Git LFS pointer", "fetch what it stands for with git lfs pull")],
  [0, "\x80\x04\x95", other("a Python pickle", "save its arrays with numpy.save as .npy")],
  [0, "\x80\x05\x95", other("a Python pickle", "save its arrays with numpy.save as .npy")],
  [0, "\x80\x02}", other("a Python pickle", "save its arrays with numpy.save as .npy")],
];

const textAt = (head: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...head.subarray(from, to));

const u32 = (head: Uint8Array, at: number, littleEndian: boolean): number =>
  new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(at, littleEndian);

/** The family of ISO containers: AVIF, HEIC, camera raw and videos differ in their brands. */
const isoMedia = (head: Uint8Array): Identified | undefined => {
  if (head.length < 16 || textAt(head, 4, 8) !== "ftyp") return undefined;
  const end = Math.min(head.length, Math.max(16, u32(head, 0, false)));
  const brands = [textAt(head, 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(textAt(head, at, at + 4));
  if (brands.some((brand) => brand === "avif" || brand === "avis")) return picture("AVIF");
  if (brands.some((brand) => /^(?:he[iv][cxms]|mif1|msf1)$/.test(brand))) return foreign("HEIC", HEIC_REMEDY);
  if (brands[0] === "crx ") return foreign("camera raw");
  return other("a video");
};

/** Sizes that the header of a BMP may have. */
const BMP_HEADERS = [12, 16, 40, 52, 56, 64, 108, 124];

const TEXTS: readonly (readonly [RegExp, Identified])[] = [
  [
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*|<!doctype svg[^>]*>\s*)*<svg[\s>]/i,
    foreign("SVG, a drawing"),
  ],
  [/^<(?:!doctype html|html|head|body)/i, other("HTML, a web page")],
  [/^<\?xml/i, other("XML")],
  [/^P[1-7]\s/, foreign("a Netpbm picture")],
  [/^[[{]/, other("JSON")],
];

/** @param head the first `HEAD` bytes of a file */
export const identify = (head: Uint8Array): Identified => {
  if (head.length === 0) return other("empty");
  for (const [offset, bytes, what] of MAGIC) {
    if (head.length >= offset + bytes.length && textAt(head, offset, offset + bytes.length) === bytes)
      return what;
  }
  if (textAt(head, 0, 4) === "RIFF") {
    return textAt(head, 8, 12) === "WEBP" ? picture("WebP") : other("sound or video");
  }
  const iso = isoMedia(head);
  if (iso !== undefined) return iso;
  if (textAt(head, 0, 2) === "BM" && head.length >= 18 && BMP_HEADERS.includes(u32(head, 14, true))) {
    return picture("BMP");
  }
  if (head.every((byte) => byte === 0)) return other("nothing but zeros");
  const text = new TextDecoder().decode(head).trimStart();
  const known = TEXTS.find(([pattern]) => pattern.test(text))?.[1];
  if (known !== undefined) return known;
  return head.includes(0) ? other("binary data") : other("text");
};

/** Extensions of pictures: what has one and holds none is said to be unreadable, anything else is passed over. */
const PICTURE_EXTENSION =
  /\.(?:png|apng|jpe?g|jpe|jfif|webp|avifs?|tiff?|gif|bmp|dib|hei[cf]s?|jxl|jp2|tga)$/i;
/** Camera raw that looks like TIFF: what TIFF has of it is a thumbnail. */
const RAW_EXTENSION = /\.(?:nef|nrw|arw|sr2|srf|dng|cr2|orf|pef|rw2|srw|3fr|iiq|erf|mos)$/i;

export const hasPictureExtension = (path: string): boolean => PICTURE_EXTENSION.test(path);

/** `identify` with the one case in which the name tells more than the first bytes. */
export const identifyFile = (path: string, head: Uint8Array): Identified => {
  const found = identify(head);
  if (found.name === "TIFF" && RAW_EXTENSION.test(path)) return foreign("camera raw");
  if (found.kind === "other" && /\.tga$/i.test(path)) return foreign("TGA");
  return found;
};

/** How a file that is passed over is counted: `.txt`, or `without an extension`. */
export const extensionOf = (path: string): string => {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "without an extension" : name.slice(dot).toLowerCase();
};
