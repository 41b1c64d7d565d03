/** The graph as text, one line a node: `%3: f32[2,3] = matmul %1 %2 {transposeB}`. */
import { topologicalOrder } from "./grad.ts";
import { type Attribute, type ConstantData, formatShape, type Tensor } from "./tensor.ts";

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

export const print = (outputs: readonly Tensor[]): string => {
  const names = new Map<Tensor, string>();
  const lines = topologicalOrder(outputs).map((node) => {
    const name = node.op.name === "input" ? String(node.attributes.name) : `%${names.size}`;
    names.set(node, name);
    const head = `${name}: ${typeNames[node.dtype]}${formatShape(node.shape)} = ${node.op.name}`;
    if (node.op.name === "input") return head;
    if (node.op.name === "constant") return `${head} ${formatConstant(node.attributes.data as ConstantData)}`;
    const attributes = Object.entries(node.attributes)
      .filter(([, value]) => value !== false)
      .map(([key, value]) => formatAttribute(key, value));
    const inputs = node.inputs.map((t) => names.get(t));
    return [head, ...inputs, ...(attributes.length > 0 ? [`{${attributes.join(" ")}}`] : [])].join(" ");
  });
  return [...lines, `return ${outputs.map((t) => names.get(t)).join(" ")}`].join("\n");
};
