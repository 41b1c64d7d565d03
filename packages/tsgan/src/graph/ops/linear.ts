/** Matrix products. */
import { broadcastShapes, broadcastStrides, sameShape, sizeOf } from "../shapes.ts";
import { apply, defineOp, fail, type Op, requireFloat, type Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { reduceTo } from "./broadcast.ts";

/** Whether each matrix is taken with its last two axes swapped. */
export type Flags = { readonly transposeA: boolean; readonly transposeB: boolean };

const swapped = (shape: readonly number[], flag: boolean): number[] =>
  flag ? [...shape.slice(0, -2), shape[shape.length - 1], shape[shape.length - 2]] : [...shape];

export const matmulOp: Op<Flags> = defineOp({
  name: "matmul",
  shape: (inputs, { transposeA, transposeB }) => {
    const [a, b, bias] = inputs;
    requireFloat("matmul", inputs);
    if (a.shape.length < 2 || b.shape.length < 2)
      fail("matmul", "matrices must have at least two axes", inputs);
    const [left, right] = [swapped(a.shape, transposeA), swapped(b.shape, transposeB)];
    if (left[left.length - 1] !== right[right.length - 2]) {
      fail(
        "matmul",
        `inner axes must agree (${left[left.length - 1]} and ${right[right.length - 2]})`,
        inputs,
      );
    }
    const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
    if (batch === undefined) return fail("matmul", "leading axes must broadcast", inputs);
    const shape = [...batch, left[left.length - 2], right[right.length - 1]];
    if (bias !== undefined) {
      const joint = broadcastShapes(bias.shape, shape);
      if (joint === undefined || !sameShape(joint, shape))
        fail("matmul", "the bias must broadcast to the product", inputs);
    }
    return { shape };
  },
  // d(ab) = da b + a db, with the transposes moved to where the flags say
  derivative: (y, dy, { transposeA, transposeB }) => {
    const [a, b, bias] = y.inputs;
    const da = transposeA
      ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
      : matmul(dy, b, { transposeB: !transposeB });
    const db = transposeB
      ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
      : matmul(a, dy, { transposeA: !transposeA });
    const derivatives = [reduceTo(da, a.shape), reduceTo(db, b.shape)];
    return bias === undefined ? derivatives : [...derivatives, reduceTo(dy, bias.shape)];
  },
  value: (y, [a, b, bias], { transposeA, transposeB }) => {
    const [ta, tb] = y.inputs;
    const [rows, columns] = y.shape.slice(-2);
    const inner = swapped(ta.shape, transposeA)[ta.shape.length - 1];
    const [aRow, aInner] = transposeA ? [1, rows] : [inner, 1];
    const [bInner, bColumn] = transposeB ? [1, inner] : [columns, 1];
    const batch = y.shape.slice(0, -2);
    const out = new Float64Array(sizeOf(y.shape));
    const aBatch = broadcastStrides(ta.shape.slice(0, -2), batch).map((s) => s * rows * inner);
    const bBatch = broadcastStrides(tb.shape.slice(0, -2), batch).map((s) => s * inner * columns);
    for (let n = 0; n < sizeOf(batch); n++) {
      let [aStart, bStart, rest] = [0, 0, n];
      for (let axis = batch.length - 1; axis >= 0; axis--) {
        aStart += (rest % batch[axis]) * aBatch[axis];
        bStart += (rest % batch[axis]) * bBatch[axis];
        rest = Math.floor(rest / batch[axis]);
      }
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let total = 0;
          for (let k = 0; k < inner; k++) {
            total += a[aStart + i * aRow + k * aInner] * b[bStart + k * bInner + j * bColumn];
          }
          out[(n * rows + i) * columns + j] = total;
        }
      }
    }
    if (bias === undefined) return out;
    const sum = add(y, y.inputs[2]);
    return sum.op.value(sum, [out, bias], {});
  },
  onnx: (y, [a, b, bias], emitter, { transposeA, transposeB }) => {
    const [ta, tb] = y.inputs;
    if (ta.shape.length === 2 && tb.shape.length === 2) {
      const inputs = bias === undefined ? [a, b] : [a, b, bias];
      return emitter.product("Gemm", inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
    }
    if (emitter.forOnnxRuntime && (transposeA || transposeB)) {
      const flags = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
      const product = emitter.node("FusedMatMul", [a, b], flags);
      return bias === undefined ? product : emitter.node("Add", [product, bias]);
    }
    const turn = (name: string, t: Tensor, flag: boolean): string => {
      const rank = t.shape.length;
      const perm = [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
      return flag ? emitter.node("Transpose", [name], { perm }) : name;
    };
    const product = emitter.product("MatMul", [turn(a, ta, transposeA), turn(b, tb, transposeB)]);
    return bias === undefined ? product : emitter.node("Add", [product, bias]);
  },
});

/** What `matmul` does before and after the product. */
export interface MatmulOptions {
  /** Take a with its last two axes swapped. */
  readonly transposeA?: boolean;
  /** Take b with its last two axes swapped. */
  readonly transposeB?: boolean;
  /** Added to the product, broadcast to its shape. */
  readonly bias?: Tensor | undefined;
}

/**
 * Matrix product over the last two axes, a b + bias: […, n, k] and […, k, m] → […, n, m]; leading axes broadcast. `mul` is
 * the product of elements.
 *
 * @throws GraphError where the inner axes do not agree, leading axes or the bias do not broadcast, or an input has fewer
 *   than two axes
 * @example
 * ```ts
 * import { input, matmul } from "tsgan/graph";
 *
 * const [a, b] = [input("a", [8, 3]), input("b", [8, 5])];
 * const product = matmul(a, b, { transposeA: true }); // aᵀ b, [3, 5]
 * const biased = matmul(product, input("c", [5, 2]), { bias: input("bias", [2]) }); // [3, 2]
 * ```
 */
export const matmul = (a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor => {
  const { transposeA = false, transposeB = false, bias } = options;
  return apply(matmulOp, bias === undefined ? [a, b] : [a, b, bias], { transposeA, transposeB });
};

/**
 * A dense layer, x Wᵀ + b: x [N, in], W [out, in], b [out] → [N, out].
 *
 * @param weight W, [out, in]
 * @param bias b, [out]; none without
 * @throws GraphError where x or W is no matrix, or they do not agree in `in`
 */
export const dense = (x: Tensor, weight: Tensor, bias?: Tensor): Tensor => {
  if (x.shape.length !== 2 || weight.shape.length !== 2 || x.shape[1] !== weight.shape[1]) {
    fail("dense", "x [N, in] and weight [out, in] must agree in `in`", [x, weight], "flatten images first");
  }
  return matmul(x, weight, { transposeB: true, bias });
};
