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
  // One matrix may be that of a whole batch.
  const rows = (a.length === 2 && output.at(-2)) || sizeOf(output) / columns;
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
/** Kinds and shapes that are listed. */
const LISTED = 30;

/**
 * Two tables, by kind of node, and by kind and shapes of those that take longest together: milliseconds of an iteration, their
 * share, and what the products reach, in operations of their own.
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
    const total = (list: readonly NodeTime[], what: "ms" | "operations"): number =>
      list.reduce((sum, node) => sum + node[what], 0);
    const slowestBy = (keyOf: (node: NodeTime) => string): NodeTime[][] => {
      const groups = new Map<string, NodeTime[]>();
      for (const node of nodes) groups.set(keyOf(node), [...(groups.get(keyOf(node)) ?? []), node]);
      return [...groups.values()].sort((a, b) => total(b, "ms") - total(a, "ms"));
    };
    const shown = (shape: Shape): string => shape.join("×") || "1";
    const shapesOf = ({ inputs, output }: NodeTime): string[] => [
      inputs.map(shown).join(", "),
      shown(output),
    ];
    return [
      `${name}: ${all.toFixed(1)} ms in ${nodes.length} nodes, ${threads} ${threads === 1 ? "thread" : "threads"}, the least of ${repeats} iterations, load ${loadavg()[0].toFixed(1)}`,
      markdownTable(
        [
          ["kind", "nodes", "ms", "share", "GFLOP/s"],
          ...slowestBy(({ kind }) => kind).map((list) => [
            list[0].kind,
            String(list.length),
            ...cells(total(list, "ms"), total(list, "operations")),
          ]),
        ],
        1,
      ),
      markdownTable(
        [
          ["kind", "inputs", "output", "nodes", "ms", "share", "GFLOP/s"],
          ...slowestBy((node) => [node.kind, ...shapesOf(node)].join())
            .slice(0, LISTED)
            .map((list) => [
              list[0].kind,
              ...shapesOf(list[0]),
              String(list.length),
              ...cells(total(list, "ms"), total(list, "operations")),
            ]),
        ],
        3,
      ),
    ].join("\n\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
};
