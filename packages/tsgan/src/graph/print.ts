/** The graph as text. */
import { constantOp, inputName } from "./ops/leaves.ts";
import { topologicalOrder } from "./order.ts";
import { formatShape } from "./shapes.ts";
import { type Attribute, type ConstantData, formatTensor, isMadeBy, type Tensor } from "./tensor.ts";

const typeNames = { float32: "f32", int32: "i32", bool: "bool" } as const;

const formatAttribute = (name: string, value: Attribute): string => {
  if (value === true) return name;
  if (Array.isArray(value)) return `${name}=${formatShape(value)}`;
  return `${name}=${value}`;
};

const formatConstant = (data: ConstantData): string => {
  const shown = [...data.subarray(0, 4)].map((v) => Number(v.toPrecision(6))).join(" ");
  return data.length > 4 ? `${shown} …` : shown;
};

/**
 * The graph as text, one line a node: name, type and shape, op, inputs, attributes. Inputs have their own names, other
 * nodes are numbered.
 *
 * @param outputs what the graph is to give; what they do not need is not printed
 * @example
 * ```ts
 * import { input, matmul, print, relu, simplify } from "tsgan/graph";
 *
 * const hidden = relu(matmul(input("x", [8, 2]), input("w", [16, 2]), { transposeB: true }));
 * console.log(print(simplify([hidden])));
 * // x: f32[8,2] = input
 * // w: f32[16,2] = input
 * // %2: f32[8,16] = matmul x w {transposeB}
 * // %3: f32[8,16] = leaky_relu %2 {slope=0}
 * // return %3
 * ```
 */
export const print = (outputs: readonly Tensor[]): string => {
  const names = new Map<Tensor, string>();
  const lines = topologicalOrder(outputs).map((node) => {
    const given = inputName(node);
    const name = given ?? `%${names.size}`;
    names.set(node, name);
    const head = `${name}: ${typeNames[node.dtype]}${formatShape(node.shape)} = ${node.op.name}`;
    if (given !== undefined) return head;
    if (isMadeBy(node, constantOp)) return `${head} ${formatConstant(node.attributes.data)}`;
    const attributes = Object.entries(node.attributes)
      .filter(([, value]) => value !== false)
      .map(([key, value]) => formatAttribute(key, value));
    const inputs = node.inputs.map((t) => names.get(t));
    return [head, ...inputs, ...(attributes.length > 0 ? [`{${attributes.join(" ")}}`] : [])].join(" ");
  });
  return [...lines, `return ${outputs.map((t) => names.get(t)).join(" ")}`].join("\n");
};

const formatOperand = (t: Tensor): string => `${inputName(t) ?? t.op.name} ${formatTensor(t)}`;

/** One node in one line, as errors name it: `add(x [2,3], tanh [3])`. */
export const formatNode = (node: Tensor): string =>
  node.inputs.length === 0
    ? `${node.op.name} ${inputName(node) ?? ""}`.trim()
    : `${node.op.name}(${node.inputs.map(formatOperand).join(", ")})`;
