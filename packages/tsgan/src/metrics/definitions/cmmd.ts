import { number } from "../../define/index.ts";
import { type Matrix, matrix, mmdSquared, rbfKernel } from "../../distances/index.ts";
import { defineMetric } from "../metric.ts";

/** As the authors print it. */
const SCALE = 1000;

/** Rows of length 1, as embeddings of CLIP are compared. */
const unit = ({ rows, columns, data }: Matrix): Matrix => {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let k = 0; k < columns; k++) out[i * columns + k] = row[k] / length;
  }
  return matrix(rows, columns, out);
};

/** 1,000 times the MMD² of features of length 1 with a Gaussian kernel, which supposes no normal law. */
export const cmmdMetric = defineMetric({
  name: "cmmd",
  title: "Gaussian kernel distance of features (Jayasumana et al. 2024)",
  papers: [
    {
      authors: "Jayasumana et al.",
      year: 2024,
      title: "Rethinking FID: towards a better evaluation metric for image generation",
      arxiv: "2401.09603",
      where: "§4",
    },
  ],
  notes: "CMMD proper is of CLIP's features: --features FILE --preset clip",
  suits: "images and points, when asked for",
  figures: { cmmd: { label: "CMMD", better: "lower", rank: 45 } },
  unasked: () => false,
  options: {
    bandwidth: number({ default: 10, above: 0, symbol: "σ", means: "bandwidth of the kernel" }),
  },
  create: ({ bandwidth }) => ({
    compute: async (context) => {
      const { features } = await context.features();
      const real = unit(context.reference.features);
      const value = SCALE * mmdSquared(real, unit(features), rbfKernel(bandwidth), "biased");
      return [{ key: "cmmd", value, note: `features: ${context.extractor.name}, of length 1` }];
    },
  }),
});
