import { type FunctionFacts, withFacts } from "../../define/index.ts";
import { flatten, matmul, mul, square, sub, sum, type Tensor, transpose } from "../../graph/index.ts";
import { defineTerm } from "../term.ts";

const facts: FunctionFacts = {
  name: "second-moments",
  title: "second moments of examples",
  formulas: [
    {
      of: "generator",
      text: "‖E x xᵀ (fake) − E x xᵀ (real)‖²",
      latex: "\\lVert\\mathbb{E}\\,G(z)G(z)^\\top - \\mathbb{E}\\,x x^\\top\\rVert^2",
    },
  ],
  symbols:
    "x: an example as a vector; of a table's row, its numbers, its choices as one-hot vectors, and its condition",
  papers: [
    {
      authors: "Li, Swersky, Zemel",
      year: 2015,
      title: "Generative moment matching networks",
      arxiv: "1502.02761",
      where: "eq. 3, with the kernel (xᵀy)²",
    },
  ],
  approximates: "the squared MMD of the kernel (xᵀy)²: of rows, how often each two choices come together",
  failure: "of images, whose pixels' moments say little, it costs much and gives blur",
  use: "rows of a table have it by default, with the weight 10; `--set terms=[]` trains without it",
};

/**
 * ‖E x xᵀ (fake) − E x xᵀ (real)‖² of examples [N, …]: MMD² of the kernel (xᵀy)². Li et al. 2015, arXiv:1502.02761, eq. 3. By
 * products of examples in place of coordinates where these are more.
 */
export const secondMoments = withFacts((real: Tensor, fake: Tensor): Tensor => {
  const [x, y] = [flatten(real), flatten(fake)];
  const [n, size] = x.shape;
  if (size <= n) {
    const moments = (of: Tensor): Tensor => mul(matmul(transpose(of), of), 1 / n);
    return sum(square(sub(moments(y), moments(x))));
  }
  const kernel = (a: Tensor, b: Tensor): Tensor => mul(sum(square(matmul(a, transpose(b)))), 1 / n ** 2);
  return sub(kernel(y, y), sub(mul(kernel(x, y), 2), kernel(x, x)));
}, facts);

/** `secondMoments` of real and generated examples, for the generator. */
export const secondMomentsTerm = defineTerm({
  ...facts,
  options: {},
  create: () => ({ generator: ({ real, fake }) => secondMoments(real, fake) }),
});
