/** Letters of 3 × 5 pixels, for pictures on machines that have no fonts. */

/** Rows from the top, three bits each as an octal digit. */
const GLYPHS: Readonly<Record<string, string>> = {
  A: "25755",
  B: "65656",
  C: "34443",
  D: "65556",
  E: "74647",
  F: "74644",
  G: "34553",
  H: "55755",
  I: "72227",
  J: "11152",
  K: "55655",
  L: "44447",
  M: "57755",
  N: "65555",
  O: "25552",
  P: "65644",
  Q: "25573",
  R: "65655",
  S: "34216",
  T: "72222",
  U: "55557",
  V: "55552",
  W: "55775",
  X: "55255",
  Y: "55222",
  Z: "71247",
  0: "75557",
  1: "26227",
  2: "61247",
  3: "61216",
  4: "55711",
  5: "74616",
  6: "34757",
  7: "71222",
  8: "75757",
  9: "75716",
  " ": "00000",
  "-": "00700",
  _: "00007",
  ".": "00002",
  ",": "00024",
  "'": "22000",
  "+": "02720",
  "=": "07070",
  "/": "11244",
  "#": "57575",
  "&": "25256",
  ":": "02020",
  "!": "22202",
  "?": "61202",
  "(": "12221",
  ")": "42224",
};

export const GLYPH_WIDTH = 3;
export const GLYPH_HEIGHT = 5;
/** What stands for the rest of a text that is too long. */
const REST = "..";

/** A text in letters that there are: capitals without accents; undefined where it has others, such as 猫. */
export const drawable = (text: string): string | undefined => {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase();
  return plain !== "" && [...plain].every((letter) => letter in GLYPHS) ? plain : undefined;
};

/** Lines of at most `width` letters, fewer where words are joined, the last cut where there are too many. */
export const linesOfText = (text: string, width: number, most: number): string[] => {
  const lines: string[] = [];
  for (let rest = text.trim(); rest !== ""; ) {
    // Two words as wide as a column would run into those of the next.
    const room = rest.slice(0, width).includes(" ") ? width - 1 : width;
    const space = rest.length <= room ? rest.length : rest.lastIndexOf(" ", room);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trim();
  }
  if (lines.length <= most) return lines;
  const last = lines[most - 1].slice(0, Math.max(0, width - REST.length));
  return [...lines.slice(0, most - 1), `${last}${REST}`.slice(0, width)];
};

/** Calls `dot` for each pixel of a line of text, at (0, 0) and on. */
export const drawLine = (line: string, dot: (x: number, y: number) => void): void => {
  [...line].forEach((letter, i) => {
    [...GLYPHS[letter]].forEach((row, y) => {
      for (let x = 0; x < GLYPH_WIDTH; x++) {
        if ((Number(row) >> (GLYPH_WIDTH - 1 - x)) & 1) dot(i * (GLYPH_WIDTH + 1) + x, y);
      }
    });
  });
};
