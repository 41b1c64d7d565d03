/** Where the time of an iteration goes: ONNX Runtime's own profile of it, by kind of node and by node. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { markdownTable } from "tsgan/testing";
import { iterate, trainerFor } from "./workloads.ts";

type Shape = readonly number[];

/** An event of ONNX Runtime's profile, as far as it is read. */
interface NodeEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args: {
    readonly op_name?: string;
    readonly input_type_shape?: readonly Readonly<Record<string, Shape>>[];
    readonly output_type_shape?: readonly Readonly<Record<string, Shape>>[];
  };
}

interface NodeTime {
  readonly kind: string;
  readonly ms: number;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  /** Multiplications and additions, where it is a product. */
  readonly operations: number;
}

const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

/** Operations of ONNX Runtime's products as they are written: with fewer multiplications than the plain algorithm, fewer. */
const operationsOf = (kind: string, [a, b]: readonly Shape[], output: Shape): number => {
  if (/Conv$/.test(kind)) return 2 * sizeOf(output) * sizeOf(b.slice(1));
  if (!/^(Fused)?(MatMul|Gemm)$/.test(kind)) return 0;
  const columns = a.length > 1 && output.length === 1 ? 1 : (output.at(-1) ?? 1);
  const rows = sizeOf(output) / columns;
  return 2 * sizeOf(output) * (sizeOf(a) / rows);
};

const KERNEL = "_kernel_time";

/** The least over all runs after the first `skipped` of each node, which other work on the machine changes least. */
const nodeTimes = (events: readonly NodeEvent[], skipped: number): NodeTime[] => {
  const byNode = new Map<string, NodeEvent[]>();
  for (const event of events) {
    if (event.cat !== "Node" || !event.name.endsWith(KERNEL)) continue;
    const known = byNode.get(event.name);
    if (known === undefined) byNode.set(event.name, [event]);
    else known.push(event);
  }
  return [...byNode.values()].map((runs) => {
    const { op_name: kind = "", input_type_shape: given = [], output_type_shape: made = [] } = runs[0].args;
    const inputs = given.flatMap((each) => Object.values(each));
    const [output = []] = made.flatMap((each) => Object.values(each));
    const ms = Math.min(...runs.slice(skipped).map(({ dur }) => dur)) / 1000;
    return { kind, ms, inputs, output, operations: operationsOf(kind, inputs, output) };
  });
};

/** Of all sessions that are opened until `end` is called: what their nodes took. */
const recordSessions = (folder: string) => {
  const { create } = InferenceSession;
  const opened: InferenceSession[] = [];
  const recorded = async (
    model: Uint8Array,
    options: InferenceSession.SessionOptions,
  ): Promise<InferenceSession> => {
    const profileFilePrefix = join(folder, "profile");
    const session = await create.call(InferenceSession, model, {
      ...options,
      enableProfiling: true,
      profileFilePrefix,
    });
    opened.push(session);
    return session;
  };
  Object.assign(InferenceSession, { create: recorded });
  return {
    end: (): NodeEvent[] => {
      Object.assign(InferenceSession, { create });
      for (const session of opened) session.endProfiling();
      return readdirSync(folder).flatMap(
        (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as NodeEvent[],
      );
    },
  };
};

const WARM_UP = 5;
/** Nodes that are listed by themselves. */
const LISTED = 20;

/**
 * Two tables, by kind of node and of the nodes that take longest: milliseconds of an iteration, its share, and what the products
 * reach, in operations of their own.
 *
 * @param name a workload
 * @param repeats iterations of which the least time of each node is taken
 */
export const profile = async (name: string, repeats: number, threads = 1): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "tsgan-profile-"));
  try {
    const sessions = recordSessions(folder);
    const trainer = trainerFor(name, threads);
    for (let i = 0; i < WARM_UP + repeats; i++) await iterate(name, trainer);
    const nodes = nodeTimes(sessions.end(), WARM_UP);
    await trainer.dispose();
    const all = nodes.reduce((sum, { ms }) => sum + ms, 0);
    const cells = (ms: number, operations: number): string[] => [
      ms.toFixed(2),
      `${((100 * ms) / all).toFixed(1)} %`,
      operations === 0 ? "" : (operations / ms / 1e6).toFixed(0),
    ];
    const kinds = new Map<string, NodeTime[]>();
    for (const node of nodes) kinds.set(node.kind, [...(kinds.get(node.kind) ?? []), node]);
    const total = (list: readonly NodeTime[], what: "ms" | "operations"): number =>
      list.reduce((sum, node) => sum + node[what], 0);
    const byKind = [...kinds].sort((a, b) => total(b[1], "ms") - total(a[1], "ms"));
    const slowest = nodes.toSorted((a, b) => b.ms - a.ms).slice(0, LISTED);
    const shown = (shape: Shape): string => shape.join("×") || "1";
    return [
      `${name}: ${all.toFixed(1)} ms in ${nodes.length} nodes, ${threads} ${threads === 1 ? "thread" : "threads"}, the least of ${repeats} iterations, load ${loadavg()[0].toFixed(1)}`,
      markdownTable(
        [
          ["kind", "nodes", "ms", "share", "GFLOP/s"],
          ...byKind.map(([kind, list]) => [
            kind,
            String(list.length),
            ...cells(total(list, "ms"), total(list, "operations")),
          ]),
        ],
        1,
      ),
      markdownTable(
        [
          ["node", "inputs", "output", "ms", "share", "GFLOP/s"],
          ...slowest.map(({ kind, inputs, output, ms, operations }) => [
            kind,
            inputs.map(shown).join(", "),
            shown(output),
            ...cells(ms, operations),
          ]),
        ],
        3,
      ),
    ].join("\n\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
};
