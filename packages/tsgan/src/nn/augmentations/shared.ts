/** What the augmentations of DiffAugment share. u stands for numbers uniform in [0, 1), one for each image, [N, 1, 1, 1]. */
import type { Paper } from "../../define/index.ts";
import { cast, mul, type Tensor } from "../../graph/index.ts";

export const diffAugmentPaper: Paper = {
  authors: "Zhao, Liu, Lin, Zhu, Han",
  year: 2020,
  title: "Differentiable augmentation for data-efficient GAN training",
  arxiv: "2006.10738",
};

/** ⌊u · count⌋, an integer of 0 … count − 1. */
export const integerBelow = (u: Tensor, count: number): Tensor => cast(mul(u, count), "int32");
