/**
 * Network simplex for the transport problem with dense costs: min Σ F_ij C_ij over flows F ≥ 0 with row sums a and
 * column sums b (Dantzig 1951; Cunningham 1976 for the strongly feasible tree; Ahuja, Magnanti & Orlin 1993, ch. 11).
 *
 * A basis is a spanning tree over sources 0 … n−1, sinks n … n+m−1 and an artificial root n+m. Only the tree carries
 * flow, so memory is O(n + m) beside the costs. A pivot adds the arc of most negative reduced cost of a block of arcs
 * (block search), pushes flow round the cycle that it closes, and drops an arc that ran empty.
 *
 * Masses are integers, so flows are exact, an empty arc is exactly empty, and strong feasibility rules out cycling, but
 * for reduced costs that are nothing but rounding: these do not count.
 */

import type { CostTable } from "./costs.ts";

export interface Basis {
  /** Other end of the tree arc of each node, the root's neighbours having −1. */
  readonly parent: Int32Array;
  /** Flow along that arc, from source to sink, in the units of the masses. */
  readonly flow: Float64Array;
  /** Cost of that arc. */
  readonly arcCost: Float64Array;
  /** Dual potentials u_i of the sources, then v_j of the sinks: u_i + v_j ≤ C_ij, with equality on the tree. */
  readonly potential: Float64Array;
}

/**
 * The spanning tree. Every arc joins a source and a sink (the root is on the other side of whichever node it meets),
 * so the arc between a node and its parent points up exactly when the node is a source.
 */
interface Tree extends Basis {
  readonly sources: number;
  readonly root: number;
  readonly depth: Int32Array;
  // Children as doubly linked lists: cutting a subtree and hanging it elsewhere costs the length of one path.
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly previousSibling: Int32Array;
  /** The largest potential so far, in size: potentials are sums along paths, so that all have its rounding. */
  size: number;
}

const NONE = -1;

const attach = (tree: Tree, node: number, parent: number): void => {
  const { firstChild, nextSibling, previousSibling } = tree;
  const sibling = firstChild[parent];
  tree.parent[node] = parent;
  previousSibling[node] = NONE;
  nextSibling[node] = sibling;
  if (sibling !== NONE) previousSibling[sibling] = node;
  firstChild[parent] = node;
};

const detach = (tree: Tree, node: number): void => {
  const { firstChild, nextSibling, previousSibling } = tree;
  const before = previousSibling[node];
  const after = nextSibling[node];
  if (before === NONE) firstChild[tree.parent[node]] = after;
  else nextSibling[before] = after;
  if (after !== NONE) previousSibling[after] = before;
};

/**
 * The first basis: every mass goes to the root or comes from it. Masses are positive, so empty arcs (there are none)
 * all point to the root, which is what makes a tree strongly feasible.
 */
const starTree = (supply: Float64Array, demand: Float64Array, artificialCost: number): Tree => {
  const n = supply.length;
  const root = n + demand.length;
  const links = () => new Int32Array(root + 1).fill(NONE);
  const tree: Tree = {
    sources: n,
    root,
    parent: links(),
    depth: new Int32Array(root + 1),
    firstChild: links(),
    nextSibling: links(),
    previousSibling: links(),
    flow: new Float64Array(root + 1),
    arcCost: new Float64Array(root + 1),
    potential: new Float64Array(root + 1),
    size: 0,
  };
  for (let node = 0; node < root; node++) {
    attach(tree, node, root);
    tree.flow[node] = node < n ? supply[node] : demand[node - n];
    tree.arcCost[node] = node < n ? 0 : artificialCost;
  }
  refresh(tree, root);
  return tree;
};

/** Depths and potentials of the subtree below and including `top`, in preorder. */
const refresh = (tree: Tree, top: number): void => {
  const { parent, depth, firstChild, nextSibling, arcCost, potential, root } = tree;
  let node = top;
  for (;;) {
    if (node !== root) {
      const above = parent[node];
      depth[node] = depth[above] + 1;
      // Equality on the tree. Computed afresh and not shifted, so that rounding does not accumulate over pivots.
      potential[node] = arcCost[node] - potential[above];
      tree.size = Math.max(tree.size, Math.abs(potential[node]));
    }
    if (firstChild[node] !== NONE) {
      node = firstChild[node];
      continue;
    }
    while (node !== top && nextSibling[node] === NONE) node = parent[node];
    if (node === top) return;
    node = nextSibling[node];
  }
};

/** Brings the arc from source `i` to sink node `j`, of cost `cost`, into the tree. */
const pivot = (tree: Tree, i: number, j: number, cost: number): void => {
  const { sources, parent, depth, flow, arcCost } = tree;

  // Flow goes i → j, up from j to where the two paths join, and down from there to i: it eases the arcs of sinks on
  // j's path and of sources on i's.
  let up = j;
  let down = i;
  let amount = Number.POSITIVE_INFINITY;
  while (up !== down) {
    if (depth[up] > depth[down]) {
      if (up >= sources && flow[up] < amount) amount = flow[up];
      up = parent[up];
    } else {
      if (down < sources && flow[down] < amount) amount = flow[down];
      down = parent[down];
    }
  }
  const join = up;

  // Of the arcs that run empty the last one along the cycle, counted from the join, leaves: the tree stays strongly
  // feasible.
  let leaving = NONE;
  for (let node = j; node !== join; node = parent[node]) {
    if (node >= sources && flow[node] === amount) leaving = node;
  }
  const onSinkSide = leaving !== NONE;
  for (let node = i; leaving === NONE; node = parent[node]) {
    if (node < sources && flow[node] === amount) leaving = node;
  }

  if (amount > 0) {
    for (let node = j; node !== join; node = parent[node]) flow[node] += node < sources ? amount : -amount;
    for (let node = i; node !== join; node = parent[node]) flow[node] += node < sources ? -amount : amount;
  }

  // The subtree below the leaving arc now hangs on the entering one: turn round the path from its new top to its old.
  const top = onSinkSide ? j : i;
  let node = top;
  let newParent = onSinkSide ? i : j;
  let newFlow = amount;
  let newCost = cost;
  for (;;) {
    const oldParent = parent[node];
    const oldFlow = flow[node];
    const oldCost = arcCost[node];
    detach(tree, node);
    attach(tree, node, newParent);
    flow[node] = newFlow;
    arcCost[node] = newCost;
    if (node === leaving) break;
    newParent = node;
    newFlow = oldFlow;
    newCost = oldCost;
    node = oldParent;
  }
  refresh(tree, top);
};

/** Reduced costs above −ROUNDING times the largest potential are taken for 0. */
const ROUNDING = 16 * Number.EPSILON;
/** So many pivots for each node are never needed: what still pivots then is rounding, too. */
const MOST_PIVOTS = 500;

/** Pivots until no arc has a negative reduced cost C_ij − u_i − v_j beyond rounding. */
const optimise = (tree: Tree, costs: CostTable): void => {
  const { sources: n, potential } = tree;
  const m = costs.columns;
  const arcs = n * m;
  let rounding = ROUNDING;
  let pivots = 0;
  const block = Math.min(arcs, Math.max(16, Math.ceil(Math.sqrt(arcs))));
  let row = 0;
  let column = 0;
  let scanned = 0;
  while (scanned < arcs) {
    let reduced = 0;
    let source = NONE;
    let sink = NONE;
    let cost = 0;
    for (let left = block; left > 0; ) {
      const end = Math.min(m, column + left);
      const offset = costs.load(row, column, end);
      const values = costs.values;
      const u = potential[row];
      let least = reduced + u;
      let found = NONE;
      for (let j = column; j < end; j++) {
        const value = values[offset + j] - potential[n + j];
        if (value < least) {
          least = value;
          found = j;
        }
      }
      if (found !== NONE) {
        reduced = least - u;
        source = row;
        sink = n + found;
        cost = values[offset + found];
      }
      left -= end - column;
      column = end;
      if (column === m) {
        column = 0;
        row = row + 1 === n ? 0 : row + 1;
      }
    }
    scanned += block;
    // Arcs of the tree have reduced cost 0 only up to rounding, and must not enter.
    if (-reduced > rounding * Math.max(Math.abs(cost), tree.size)) {
      pivot(tree, source, sink, cost);
      scanned = 0;
      if (++pivots % (MOST_PIVOTS * (n + m)) === 0) rounding *= 4;
    }
  }
};

/**
 * An optimal basis.
 *
 * @param supply positive integers, one a row of the costs
 * @param demand positive integers, one a column, with the same sum, below 2⁵³
 */
export const networkSimplex = (supply: Float64Array, demand: Float64Array, costs: CostTable): Basis => {
  let largest = 0;
  for (let i = 0; i < costs.rows; i++) {
    const offset = costs.load(i, 0, costs.columns);
    for (let j = 0; j < costs.columns; j++) largest = Math.max(largest, Math.abs(costs.values[offset + j]));
  }
  // Dearer than any way round through the costs, so that no mass uses the root in the end.
  const tree = starTree(supply, demand, (largest || 1) * (supply.length + demand.length + 1));
  optimise(tree, costs);

  // The artificial arcs left in the tree are empty, and all on the same side of the root. With cost 0 they only choose
  // the potentials' gauge, which takes the rounding of the huge artificial cost out; one more look then suffices.
  for (let node = tree.firstChild[tree.root]; node !== NONE; node = tree.nextSibling[node])
    tree.arcCost[node] = 0;
  tree.size = 0;
  refresh(tree, tree.root);
  optimise(tree, costs);

  const { root, parent, flow, arcCost, potential } = tree;
  return {
    parent: parent.subarray(0, root).map((node) => (node === root ? NONE : node)),
    flow: flow.subarray(0, root),
    arcCost: arcCost.subarray(0, root),
    potential: potential.subarray(0, root),
  };
};
