/** Rows by index. Reading rows and adding to rows are each other's derivative. */
import { type Shape, sizeOf } from "../shapes.ts";
import { apply, defineOp, fail, type NoAttributes, type Op, type Tensor } from "../tensor.ts";

const gatherOp: Op<NoAttributes> = defineOp({
  name: "gather",
  shape: (inputs) => {
    const [table, indices] = inputs;
    if (indices.dtype !== "int32") fail("gather", "indices must be int32", inputs);
    return { shape: [...indices.shape, ...table.shape.slice(1)], dtype: table.dtype };
  },
  // rows of the table collect the derivatives of their copies
  derivative: (y, dy) => [scatterAdd(dy, y.inputs[1], y.inputs[0].shape), undefined],
  value: (y, [table, indices]) => {
    const row = sizeOf(y.inputs[0].shape.slice(1));
    const out = new Float64Array(indices.length * row);
    indices.forEach((at, i) => {
      out.set(table.subarray(at * row, (at + 1) * row), i * row);
    });
    return out;
  },
  onnx: (_, inputs, emitter) => emitter.node("Gather", inputs, { axis: 0 }),
});

/**
 * Rows of `table` by int32 index: [V, …] and [I…] → [I…, …]. An embedding is a gather. An index outside 0 … V − 1 makes
 * the run fail.
 *
 * @throws GraphError where the indices are not int32
 */
export const gather = (table: Tensor, indices: Tensor): Tensor => apply(gatherOp, [table, indices], {});

type ShapeAttribute = { readonly shape: Shape };

const scatterAddOp: Op<ShapeAttribute> = defineOp({
  name: "scatter_add",
  shape: (_, { shape }) => ({ shape }),
  derivative: (y, dy) => [gather(dy, y.inputs[1]), undefined],
  value: (y, [rows, indices]) => {
    const out = new Float64Array(sizeOf(y.shape));
    const row = sizeOf(y.shape.slice(1));
    indices.forEach((at, i) => {
      for (let j = 0; j < row; j++) out[at * row + j] += rows[i * row + j];
    });
    return out;
  },
  onnx: (y, [rows, indices], emitter) => {
    const count = sizeOf(y.inputs[1].shape);
    const zeros = emitter.constant(new Float32Array(sizeOf(y.shape)), y.shape, "float32");
    const column = emitter.node("Reshape", [
      emitter.node("Cast", [indices], { to: { type: "int64" } }),
      emitter.integers([count, 1]),
    ]);
    const flat = emitter.node("Reshape", [rows, emitter.integers([count, ...y.shape.slice(1)])]);
    return emitter.node("ScatterND", [zeros, column, flat], { reduction: "add" });
  },
});

/** Adds each row of `rows` to the row of a zero tensor of `shape` that its index names. The transpose of `gather`. */
const scatterAdd = (rows: Tensor, indices: Tensor, shape: Shape): Tensor =>
  apply(scatterAddOp, [rows, indices], { shape });
