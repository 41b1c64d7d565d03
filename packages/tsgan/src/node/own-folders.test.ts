/** Folders as people have them: which classes they mean, what is left out, what is followed. */
import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import { describe, it } from "vitest";
import { checkRow, type Place, type Row } from "../testing/own-data.ts";

const files =
  (...names: string[]) =>
  async (place: Place): Promise<void> => {
    for (const [i, name] of names.entries()) await place.picture(name, i);
  };

const classes: Row[] = [
  {
    did: "sorted pictures into folders",
    make: files("cat/1.png", "cat/2.png", "dog/1.png"),
    reads: { size: 3, classes: ["cat", "dog"], labels: [0, 0, 1] },
    says: [
      "2 classes by folder: cat: 2, dog: 1",
      "! own: a class has a single picture (dog): nothing can be learnt of it but a copy",
    ],
  },
  {
    did: "sorted them deeper",
    make: files("cat/indoor/1.png", "cat/2.png", "dog/a/b/1.png"),
    reads: { classes: ["cat", "dog"], labels: [0, 0, 1] },
  },
  {
    did: "numbered the classes",
    make: files("10/1.png", "3/1.png", "7/1.png", "10/2.png"),
    reads: { classes: ["3", "7", "10"] },
    says: ["3 classes by folder: 3: 1, 7: 1, 10: 2"],
  },
  {
    did: "named them with numbers",
    make: files("class 10/1.png", "class 9/1.png", "Class 1/1.png"),
    reads: { classes: ["Class 1", "class 9", "class 10"] },
  },
  {
    did: "keeps train and test apart",
    make: files("train/cat/1.png", "train/cat/2.png", "train/dog/1.png", "test/cat/1.png", "test/dog/1.png"),
    reads: { size: 3, classes: ["cat", "dog"], labels: [0, 0, 1] },
    says: ["own (folder): 3 pictures of 5 read (5 PNG)", "for training 3; held out: 2 test"],
  },
  {
    did: "asks for the test half",
    make: files("train/cat/1.png", "train/dog/1.png", "test/cat/1.png", "test/dog/1.png", "test/emu/1.png"),
    options: { split: "test" },
    reads: { size: 2, classes: ["cat", "dog"], labels: [0, 1] },
  },
  {
    did: "has no classes for the tests, as in a competition",
    make: files(
      "train/cat/1.png",
      "train/dog/1.png",
      ...Array.from({ length: 8 }, (_, i) => `test/${i}.png`),
    ),
    reads: { size: 2, classes: ["cat", "dog"] },
    says: ["for training 2; held out: 8 test"],
  },
  {
    did: "calls the halves Training and Validation, within data/images",
    make: files(
      "data/images/Training/a/1.png",
      "data/images/Training/b/1.png",
      "data/images/Validation/a/1.png",
    ),
    reads: { size: 2, classes: ["a", "b"] },
    says: ["for training 2; held out: 1 validation"],
  },
  {
    did: "keeps the halves within the classes",
    make: files("cat/train/1.png", "cat/test/1.png", "dog/train/1.png", "dog/test/1.png"),
    reads: { size: 2, classes: ["cat", "dog"] },
  },
  {
    did: "keeps halves without classes",
    make: files("train/1.png", "train/2.png", "test/1.png"),
    reads: { size: 2, classes: undefined },
    says: ["no labels: all pictures lie in one folder"],
  },
  {
    did: "asks for a test half that is not there",
    make: files("a/1.png", "b/1.png"),
    options: { split: "test" },
    refused: [2, /has no test split; leave the split out$/],
  },
  {
    did: "unpacked an archive with a folder images/ around",
    make: files("images/cat/1.png", "images/dog/1.png"),
    reads: { classes: ["cat", "dog"] },
  },
  {
    did: "unpacked it on a Mac",
    make: async (place) => {
      await files("pets/cat/1.png", "pets/dog/1.png")(place);
      for (const name of ["__MACOSX/pets/cat/._1.png", "pets/.DS_Store", "pets/cat/._1.png"])
        place.write(name, "\0\x05\x16\x07");
    },
    reads: { size: 2, classes: ["cat", "dog"] },
    says: ["passed over 3: 3 hidden"],
  },
  {
    did: "has a class without a readable picture",
    make: async (place) => {
      await files("cat/1.png", "dog/1.png")(place);
      place.write("emu/1.jpg", "<html>");
      place.at("gnu/none.png");
    },
    reads: { classes: ["cat", "dog"] },
    says: ["left out: emu, gnu, without a picture that can be read"],
  },
  {
    did: "has one picture beside the classes",
    make: files("cat/1.png", "dog/1.png", "cover.png"),
    reads: { size: 2, classes: ["cat", "dog"] },
    says: ["left out: 1 picture beside the folders (cover.png)"],
  },
  {
    did: "has many pictures beside two folders",
    make: files("1.png", "2.png", "3.png", "old/1.png", "new/1.png"),
    reads: { size: 5, classes: undefined },
    says: [
      "no labels: 3 of 5 pictures lie beside the folders, not in one; --labels folders takes those in folders alone",
    ],
  },
  {
    did: "has many beside them, and wants the folders",
    make: files("1.png", "2.png", "3.png", "old/1.png", "new/1.png"),
    options: { labels: "folders" },
    reads: { size: 2, classes: ["new", "old"] },
    says: ["left out: 3 pictures beside the folders (1.png, …)"],
  },
  {
    did: "wants the folders of a flat one",
    make: files("1.png", "2.png"),
    options: { labels: "folders" },
    refused: [1, /^labels: expected pictures in at least 2 folders; all pictures lie in one folder$/],
  },
  {
    did: "wants no labels",
    make: files("cat/1.png", "dog/1.png", "cover.png"),
    options: { labels: "none" },
    reads: { size: 3, classes: undefined },
    says: ["no labels: --labels none"],
  },
  {
    did: "has one class ten times as large",
    make: async (place) => {
      await place.pictures("cat", 20);
      await place.pictures("dog", 2);
    },
    says: ["! own: classes differ much in size, from dog with 2 to cat with 20: small ones are learnt badly"],
  },
  {
    did: "has one class ten times as large as another, and one of a single picture",
    make: async (place) => {
      await place.pictures("cat", 30);
      await place.pictures("dog", 3);
      await place.pictures("emu", 1);
    },
    says: [
      "! own: a class has a single picture (emu): nothing can be learnt of it but a copy",
      "! own: classes differ much in size, from dog with 3 to cat with 30: small ones are learnt badly",
    ],
  },
  {
    did: "names classes in other scripts",
    make: files("猫/1.png", "собака/1.png", "Ünicode 🐕/1.png"),
    reads: { classes: ["Ünicode 🐕", "собака", "猫"] },
  },
  {
    did: "copied folders from a Mac, which takes letters apart",
    make: async (place) => {
      await files("first/cafe\u0301/1.png", "first/dog/e\u0301.png")(place);
      return place.at("first");
    },
    reads: { classes: ["caf\u00e9", "dog"] },
    twin: async (place) => {
      const names = ["twin/caf\u00e9/1.png", "twin/dog/\u00e9.png"];
      await files(...names)(place);
      return place.at("twin");
    },
  },
  {
    did: "has both ways of writing one name",
    make: files("cafe\u0301/1.png", "caf\u00e9/2.png", "dog/1.png"),
    reads: { size: 3, classes: ["caf\u00e9", "dog"] },
  },
];

const tables: Row[] = [
  {
    did: "has the labels in a table",
    make: async (place) => {
      await files("1.png", "2.png", "3.png", "4.png")(place);
      place.write("labels.csv", "file,label\n1.png,cat\n2.png,dog\n3.png,cat\n9.png,dog\n");
    },
    options: { labels: "labels.csv" },
    reads: { size: 3, classes: ["cat", "dog"], labels: [0, 1, 0] },
    says: [
      "2 classes by table: cat: 2, dog: 1",
      /^left out: 1 of 4 pictures, without a label in .*labels\.csv$/,
      /^1 of 4 rows of .*labels\.csv name no picture$/,
    ],
  },
  {
    did: "names pictures in the table without their extension, by numbers",
    make: async (place) => {
      await files("train/001.png", "train/002.png", "train/010.png")(place);
      place.write("labels.csv", "id;breed\n001;10\n002;9\n010;10\n");
    },
    options: { labels: "labels.csv" },
    reads: { classes: ["9", "10"], labels: [1, 0, 1] },
  },
  {
    did: "names paths with backslashes, and has further columns",
    make: async (place) => {
      await files("a/1.png", "b/1.png")(place);
      place.write("labels.csv", "path,width,class\na\\1.png,4,x\n.\\b\\1.png,4,y\n");
    },
    options: { labels: "labels.csv" },
    reads: { classes: ["x", "y"], labels: [0, 1] },
  },
  {
    did: "has several columns that could be labels",
    make: async (place) => {
      await files("1.png", "2.png")(place);
      place.write("labels.csv", "file,colour,shape\n1.png,red,round\n2.png,blue,flat\n");
    },
    options: { labels: "labels.csv" },
    refused: [
      2,
      /expected one column of labels beside file; got colour, shape; choose with columns: \["file", "colour"\]$/,
    ],
  },
  {
    did: "chooses one of several columns",
    make: async (place) => {
      await files("1.png", "2.png")(place);
      place.write("labels.csv", "file,colour,shape\n1.png,red,round\n2.png,blue,flat\n");
    },
    options: { labels: "labels.csv", columns: ["file", "shape"] },
    reads: { classes: ["flat", "round"], labels: [1, 0] },
  },
  {
    did: "has a table of other pictures",
    make: async (place) => {
      await files("1.png", "2.png")(place);
      place.write("labels.csv", "file,label\nx.png,cat\ny.png,dog\n");
    },
    options: { labels: "labels.csv" },
    refused: [
      1,
      /expected a column with the names of the pictures, such as 1\.png; got "x\.png" in column file$/,
    ],
  },
  {
    did: "names columns without a table",
    make: files("1.png", "2.png"),
    options: { columns: ["x"] },
    refused: [
      2,
      /columns are those of a table of points or labels, or arrays of an \.npz file; leave columns out$/,
    ],
  },
  {
    did: "wants labels of pairs",
    make: files("A/1.png", "B/1.png"),
    options: { labels: "folders", pairs: true },
    refused: [2, /pairs of images have no labels; leave labels out$/],
  },
  {
    did: "misspells the table",
    make: files("1.png", "2.png"),
    options: { labels: "label.csv" },
    refused: [
      2,
      /^labels: expected none, folders or a table such as labels\.csv; there is no file .*label\.csv$/,
    ],
  },
];

const links: Row[] = [
  {
    did: "links to folders elsewhere",
    make: async (place) => {
      await files("store/cats/1.png", "store/dogs/1.png", "set/x.txt")(place);
      symlinkSync(place.at("store/cats"), place.at("set/cat"));
      symlinkSync(place.at("store/dogs"), place.at("set/dog"));
      return place.at("set");
    },
    reads: { size: 2, classes: ["cat", "dog"] },
  },
  {
    did: "links to single files",
    make: async (place) => {
      await files("store/1.png", "store/2.png", "set/0.png")(place);
      for (const n of [1, 2]) symlinkSync(place.at(`store/${n}.png`), place.at(`set/${n}.png`));
      return place.at("set");
    },
    reads: { size: 3 },
  },
  {
    did: "made the whole set of links",
    make: async (place) => {
      await place.picture("store/0.png");
      await place.picture("store/1.png", 2);
      for (let n = 0; n < 2000; n++)
        symlinkSync(place.at(`store/${n % 2}.png`), place.at(`set/${n % 3}/${n}.png`));
      return place.at("set");
    },
    reads: { size: 2000, classes: ["0", "1", "2"] },
  },
  {
    did: "has a link to the folder itself",
    make: async (place) => {
      await files("cat/1.png", "dog/1.png")(place);
      symlinkSync(place.folder, place.at("cat/again"));
      symlinkSync("..", place.at("dog/up"));
    },
    reads: { size: 2, classes: ["cat", "dog"] },
    says: [/^passed over 2: 2 links to a folder read already$/],
  },
  {
    did: "has a link to a folder around it",
    make: async (place) => {
      await files("set/cat/1.png", "set/dog/1.png", "secret/1.png")(place);
      symlinkSync(place.folder, place.at("set/home"));
      symlinkSync("/", place.at("set/root"));
      return place.at("set");
    },
    reads: { size: 2 },
    says: [/2 links back to a folder around it/],
  },
  {
    did: "has a link from latest to a dated folder",
    make: async (place) => {
      await files("2024-01/1.png", "2024-02/1.png")(place);
      symlinkSync("2024-02", place.at("latest"));
    },
    reads: { size: 2, classes: ["2024-01", "2024-02"] },
  },
  {
    did: "has links that lead nowhere, and to each other",
    make: async (place) => {
      await files("1.png", "2.png")(place);
      symlinkSync("gone.png", place.at("lost.png"));
      symlinkSync("b.png", place.at("a.png"));
      symlinkSync("a.png", place.at("b.png"));
    },
    reads: { size: 2 },
    says: [
      /^! own: 3 files cannot be read .*lost\.png \(a link that leads nowhere: there is no such file or folder \(ENOENT\)\)/,
    ],
  },
  {
    did: "has a pipe named like a picture, and links to devices",
    make: async (place) => {
      await files("1.png", "2.png")(place);
      execFileSync("mkfifo", [place.at("pipe.png")]);
      symlinkSync("/dev/zero", place.at("zero.png"));
      symlinkSync(place.at("pipe.png"), place.at("linked.png"));
    },
    reads: { size: 2 },
    says: ["passed over 3: 2 pipe, 1 device"],
  },
  {
    did: "has links that lead to themselves, and a folder that lies within itself",
    make: async (place) => {
      await files("1.png", "2.png")(place);
      symlinkSync("loop.png", place.at("loop.png"));
      symlinkSync(".", place.at("again"));
    },
    reads: { size: 2 },
    says: [/its links lead to each other \(ELOOP\)/],
  },
  {
    did: "gives a pipe",
    make: (place) => {
      execFileSync("mkfifo", [place.at("pipe")]);
      return place.at("pipe");
    },
    refused: [2, /got a pipe; /],
  },
  ...(process.getuid?.() === 0
    ? []
    : [
        {
          did: "may not look into a folder",
          make: async (place: Place) => {
            await files("a/1.png", "b/1.png", "c/1.png")(place);
            chmodSync(place.at("c"), 0);
            return place.folder;
          },
          says: [/c \(permission denied; check who owns it \(EACCES\)\)/],
        } satisfies Row,
      ]),
];

describe("the classes of a person who", () => {
  it.each(classes)("$did", checkRow);
});

describe("the labels of a person who", () => {
  it.each(tables)("$did", checkRow);
});

describe.skipIf(process.platform === "win32")("the links of a person who", () => {
  it.each(links)("$did", checkRow);
});
