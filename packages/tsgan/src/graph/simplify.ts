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
import { type Attribute, apply, formatTensor, GraphError, isMadeBy, type Op, type Tensor } from "./tensor.ts";
import { isLike } from "./verify.ts";

/** Folding never makes a constant larger than its inputs, or than this. */
const FOLDED_SIZE = 1024;

const attributeKey = (value: Attribute, constants: EqualConstants): string | number | boolean => {
  if (typeof value !== "object") return typeof value === "string" ? JSON.stringify(value) : value;
  if (ArrayBuffer.isView(value)) return `#${constants.numberOf(value)}`;
  return typeof value[0] === "string" ? JSON.stringify(value) : value.join();
};

/** What tells nodes of one op apart. An op's attributes are made in one place, and in one order. */
const keyOf = (node: Tensor, constants: EqualConstants): string => {
  let key = "";
  for (const { id } of node.inputs) key += `${id},`;
  for (const name in node.attributes) key += `|${name}:${attributeKey(node.attributes[name], constants)}`;
  return key;
};

const fold = (node: Tensor): Tensor | undefined => {
  if (node.inputs.length === 0 || node.dtype === "bool") return undefined;
  for (let i = 0; i < node.inputs.length; i++) if (!isMadeBy(node.inputs[i], constantOp)) return undefined;
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
  const known = new Map<Op, Map<string, Tensor>>();
  const constants = new EqualConstants();
  /** By id: to look up an object costs several times as much as a number. */
  const simplified = new Map<number, Tensor>();

  /** The first that was met of the nodes that are equal to this one. */
  const firstOf = (node: Tensor): Tensor => {
    let ofOp = known.get(node.op);
    if (ofOp === undefined) {
      ofOp = new Map();
      known.set(node.op, ofOp);
    }
    const key = keyOf(node, constants);
    const first = ofOp.get(key);
    if (first === undefined) ofOp.set(key, node);
    return first ?? node;
  };

  /** The node with its inputs simplified: the very node where they are so already. */
  const withSimpleInputs = (node: Tensor): Tensor => {
    let inputs: Tensor[] | undefined;
    for (let i = 0; i < node.inputs.length; i++) {
      const simple = visit(node.inputs[i]);
      if (simple === node.inputs[i]) continue;
      inputs ??= [...node.inputs];
      inputs[i] = simple;
    }
    return inputs === undefined ? node : apply(node.op, inputs, node.attributes);
  };

  const visit = (node: Tensor): Tensor => {
    const done = simplified.get(node.id);
    if (done !== undefined) return done;
    const current = withSimpleInputs(node);
    const simpler = fold(current) ?? simplerForm(current) ?? (onCpu ? cpuForm(current) : undefined);
    if (simpler !== undefined) checkReplacement(simpler, current);
    const result = simpler === undefined ? firstOf(current) : visit(simpler);
    simplified.set(node.id, result);
    simplified.set(result.id, result);
    return result;
  };

  // In topological order the recursion of `visit` stays shallow.
  for (const node of topologicalOrder(outputs)) visit(node);
  return outputs.map(visit);
};
