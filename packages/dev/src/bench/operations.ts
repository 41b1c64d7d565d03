/** What a step is counted in: operations of the plain algorithm, and what the machine's product of matrices reaches. */
import { buildProgram, stateVectors } from "tsgan/game";
import { input, matmul, reshape, simplify, sizeOf, slice, type Tensor, topologicalOrder } from "tsgan/graph";
import { compile } from "tsgan/runtime";
import { median } from "tsgan/statistics";
import type { GanTrainer } from "tsgan/train";

/** Multiplications and additions of a node's product, without which it is no product. */
const productOf = ({ op, shape, inputs }: Tensor): number => {
  switch (op.name) {
    case "conv2d":
      return 2 * sizeOf(shape) * sizeOf(inputs[1].shape.slice(1));
    // Every number of the upstream gradient meets a filter's taps.
    case "conv_input":
      return 2 * sizeOf(inputs[0].shape) * sizeOf(inputs[1].shape.slice(1));
    case "conv_filter":
      return 2 * sizeOf(inputs[1].shape) * sizeOf(shape.slice(1));
    case "matmul":
      return 2 * sizeOf(shape) * (sizeOf(inputs[0].shape) / sizeOf(shape.slice(0, -1)));
    default:
      return 0;
  }
};

/**
 * Operations of the products of one iteration, as the graph has them before a layout is chosen: each product that differs
 * from the others once, with the zeros of the padding.
 */
export const iterationOperations = ({ game }: GanTrainer): number => {
  const moves = Object.values(game.players).map(({ name, moves }) => ({ player: name, count: moves(1000) }));
  const { outputs } = buildProgram(game, stateVectors(game), moves);
  const nodes = topologicalOrder(simplify(Object.values(outputs)));
  return nodes.reduce((sum, node) => sum + productOf(node), 0);
};

const SIDE = 1024;
const RUNS = 15;

/** Operations a second of a product of two float32 matrices of 1,024 × 1,024 in ONNX Runtime: the median of 15. */
export const productRate = async (threads: number | undefined): Promise<number> => {
  const shape = [SIDE, SIDE];
  // Only a number comes back: copying the product would be measured, too.
  const product = matmul(input("a", shape), input("b", shape));
  const program = await compile({ y: slice(reshape(product, [SIDE * SIDE]), [0], [1]) }, { threads });
  const a = new Float32Array(SIDE * SIDE).fill(0.5);
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await program.run({ a, b: a });
    times.push(performance.now() - start);
  }
  await program.dispose();
  return (2 * SIDE ** 3 * 1000) / median(times);
};
