import { defineFeatures } from "../feature-source.ts";
import { rawExtractor } from "./raw.ts";

/** The examples themselves. */
export const pixelsFeatures = defineFeatures({
  name: "pixels",
  title: "raw pixels, averaged down to at most 1,024 values, or the coordinates of points",
  notes: "enough to tell noise and collapse, not to rank good models of images",
  suits: "all; taken where there is nothing better",
  usualFor: () => true,
  options: {},
  create: () => ({ open: ({ data }) => rawExtractor(data.shape) }),
});
