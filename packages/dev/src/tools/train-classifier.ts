/**
 * Trains the classifier that a data set of labelled images is judged by, and writes it as ONNX:
 *
 *     npm run classifier -- mnist|fashion-mnist [--epochs N] [--threads N] [--out FILE]
 *
 * The files in packages/tsgan/assets were made by this command with its defaults. Equal settings on the same machine
 * give the same bytes.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { trainClassifier } from "tsgan/metrics";
import { openDataset, writeFileAtomic } from "tsgan/node";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    epochs: { type: "string", default: "6" },
    threads: { type: "string", default: "2" },
    out: { type: "string" },
  },
});
const [name = "mnist"] = positionals;
const out = values.out ?? fileURLToPath(new URL(`../../../tsgan/assets/${name}.onnx`, import.meta.url));

const [train, test] = await Promise.all([openDataset(name), openDataset(name, { split: "test" })]);
const started = performance.now();
const { model, accuracy } = await trainClassifier(train, test, {
  epochs: Number(values.epochs),
  threads: Number(values.threads),
  // Clothes fill the frame; digits have a margin of four pixels.
  shift: name === "mnist" ? 2 : 1,
  onEpoch: (epoch, loss) => console.log(`epoch ${epoch}: loss ${loss.toFixed(4)}`),
});
writeFileAtomic(out, model);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `${out}: ${model.length} bytes, ${(100 * accuracy).toFixed(2)} % of the test set right, ${seconds} s`,
);
