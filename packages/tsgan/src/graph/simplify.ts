/**
 * What happens to a graph between differentiation and emission: common subexpressions become one node, constants are
 * folded, and the rules of `rewrites.ts` are applied. Nodes that nothing uses disappear by themselves. Derivatives must be
 * taken before: `stopGradient` is removed here.
 */
import { EqualConstants } from "./equal-constants.ts";
import { broadcastOp } from "./ops/broadcast.ts";
import { constant, constantOp } from "./ops/leaves.ts";
import { topologicalOrder } from "./order.ts";
import { formatNode } from "./print.ts";
import { cpuForm, simplerForm } from "./rewrites.ts";
import { sizeOf } from "./shapes.ts";
import { type Attribute, apply, formatTensor, GraphError, isMadeBy, type Tensor } from "./tensor.ts";
import { isLike } from "./verify.ts";

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

const attributeKey = (value: Attribute, constants: EqualConstants): string =>
  ArrayBuffer.isView(value) ? `#${constants.numberOf(value)}` : JSON.stringify(value);

const keyOf = (node: Tensor, constants: EqualConstants): string => {
  const attributes = Object.keys(node.attributes)
    .sort()
    .map((name) => `${name}:${attributeKey(node.attributes[name], constants)}`);
  return [identityOf(node.op), ...node.inputs.map((t) => t.id), ...attributes].join("|");
};

const fold = (node: Tensor): Tensor | undefined => {
  if (node.inputs.length === 0 || node.dtype === "bool") return undefined;
  if (!node.inputs.every((t) => isMadeBy(t, constantOp))) return undefined;
  const size = sizeOf(node.shape);
  const inputSize = node.inputs.reduce((n, t) => n + sizeOf(t.shape), 0);
  if (size > FOLDED_SIZE && size > inputSize) return undefined;
  // A repeated scalar stays a scalar: broadcasting it costs nothing, and rules can see its value.
  if (isMadeBy(node, broadcastOp)) return undefined;
  const values = node.op.value(
    node,
    node.inputs.map((t) => t.op.value(t, [], t.attributes)),
    node.attributes,
  );
  return constant(node.dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values), node.shape);
};

const checkReplacement = (simpler: Tensor, node: Tensor): void => {
  if (isLike(simpler, node)) return;
  throw new GraphError(
    `simplify: what replaces ${formatNode(node)} must be ${formatTensor(node)}; got ${formatTensor(simpler)}`,
  );
};

/** What is simplified beside the graph itself. */
export interface SimplifyOptions {
  /** Also replace what CPU devices compute faster in another form. */
  readonly onCpu?: boolean;
}

/** Graphs of the same values as `outputs`, usually much smaller. */
export const simplify = (outputs: readonly Tensor[], { onCpu = false }: SimplifyOptions = {}): Tensor[] => {
  const known = new Map<string, Tensor>();
  const constants = new EqualConstants();
  const simplified = new Map<Tensor, Tensor>();

  const visit = (node: Tensor): Tensor => {
    const done = simplified.get(node);
    if (done !== undefined) return done;
    const inputs = node.inputs.map(visit);
    const changed = inputs.some((t, i) => t !== node.inputs[i]);
    const current = changed ? apply(node.op, inputs, node.attributes) : node;
    const simpler = fold(current) ?? simplerForm(current) ?? (onCpu ? cpuForm(current) : undefined);
    let result: Tensor;
    if (simpler !== undefined) {
      checkReplacement(simpler, current);
      result = visit(simpler);
    } else {
      const key = keyOf(current, constants);
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
