/**
 * What happens to a graph between differentiation and emission: common subexpressions become one node, constants are
 * folded, each op's own identities are applied. Nodes that nothing uses disappear by themselves. Derivatives must be
 * taken before: `stopGradient` is removed here.
 */
import { constant } from "./constant.ts";
import { topologicalOrder } from "./grad.ts";
import { type Attribute, apply, type Op, sizeOf, type Tensor } from "./tensor.ts";

/** Constants up to this size are compared by value, larger ones by identity. */
const COMPARED_SIZE = 64;
/** Folding never makes a constant larger than its inputs, or than this. */
const FOLDED_SIZE = 1024;

const identities = new WeakMap<object, number>();
let nextIdentity = 0;
const identityOf = (value: object): number => {
  let id = identities.get(value);
  if (id === undefined) {
    id = nextIdentity++;
    identities.set(value, id);
  }
  return id;
};

const attributeKey = (value: Attribute): string => {
  if (ArrayBuffer.isView(value)) {
    return value.length <= COMPARED_SIZE
      ? `${value instanceof Int32Array ? "i" : "f"}${Array.from(value, (v) => (Object.is(v, -0) ? "-0" : v))}`
      : `#${identityOf(value)}`;
  }
  return JSON.stringify(value);
};

const keyOf = (node: Tensor): string => {
  const attributes = Object.keys(node.attributes)
    .sort()
    .map((name) => `${name}:${attributeKey(node.attributes[name])}`);
  return [identityOf(node.op), ...node.inputs.map((t) => t.id), ...attributes].join("|");
};

const fold = (node: Tensor): Tensor | undefined => {
  if (node.inputs.length === 0 || node.dtype === "bool") return undefined;
  if (!node.inputs.every((t) => t.op.name === "constant")) return undefined;
  const size = sizeOf(node.shape);
  const inputSize = node.inputs.reduce((n, t) => n + sizeOf(t.shape), 0);
  if (size > FOLDED_SIZE && size > inputSize) return undefined;
  // A repeated scalar stays a scalar: broadcasting it costs nothing, and rules can see its value.
  if (node.op.name === "broadcast_to") return undefined;
  const values = node.op.evaluate(
    node,
    node.inputs.map((t) => t.op.evaluate(t, [], t.attributes)),
    node.attributes,
  );
  return constant(node.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values), node.shape);
};

export interface SimplifyOptions {
  /** Also replace what CPU devices compute faster in another form. */
  readonly onCpu?: boolean;
}

/** Graphs of the same values as `outputs`, usually much smaller. */
export const simplify = (outputs: readonly Tensor[], { onCpu = false }: SimplifyOptions = {}): Tensor[] => {
  const known = new Map<string, Tensor>();
  const simplified = new Map<Tensor, Tensor>();

  const visit = (node: Tensor): Tensor => {
    const done = simplified.get(node);
    if (done !== undefined) return done;
    const inputs = node.inputs.map(visit);
    const changed = inputs.some((t, i) => t !== node.inputs[i]);
    const current = changed ? apply(node.op as Op, inputs, node.attributes) : node;
    const simpler =
      fold(current) ??
      current.op.simplify?.(current, current.attributes) ??
      (onCpu ? current.op.onCpu?.(current, current.attributes) : undefined);
    let result: Tensor;
    if (simpler !== undefined) {
      result = visit(simpler);
    } else {
      const key = keyOf(current);
      result = known.get(key) ?? current;
      known.set(key, result);
    }
    simplified.set(node, result);
    simplified.set(result, result);
    return result;
  };

  // In topological order the recursion of `visit` stays shallow.
  for (const node of topologicalOrder(outputs)) visit(node);
  return outputs.map(visit);
};
