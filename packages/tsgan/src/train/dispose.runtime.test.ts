/** What is disposed of may be disposed of again: whoever cleans up need not know who did before. */
import { expect, it } from "vitest";
import { ring } from "../data/index.ts";
import { input, mul, toOnnx } from "../graph/index.ts";
import { compile, loadModel, openProduct, State } from "../runtime/index.ts";
import { gan, openGenerator } from "./index.ts";

const small = { data: ring(), model: { name: "mlp", latent: 2, hidden: [8] }, batch: 8, threads: 1 } as const;

const broken = () => {
  throw new Error("the handler's own");
};

it("is a run whose training threw, and any run", async () => {
  const run = gan({ ...small, steps: 4 });
  await expect(run.train({ onStep: broken })).rejects.toThrow("the handler's own");
  await run.dispose();
  await run.dispose();
  const other = gan({ ...small, steps: 1 });
  await other.train();
  await other.sample(2);
  await other.dispose();
  await other.dispose();
});

it("says so where it is asked for something afterwards", async () => {
  const run = gan({ ...small, steps: 4 });
  await expect(run.train({ onStep: broken })).rejects.toThrow("the handler's own");
  const gone = "state: it was disposed of, by dispose() or after an error; begin another run";
  await expect(run.sample(2)).rejects.toThrow(gone);
  await expect(run.train()).rejects.toThrow(gone);
  await expect(run.save()).rejects.toThrow(gone);
});

it("is a run that could not be made: its error is that of what was asked for", async () => {
  const run = gan({ ...small, data: Promise.reject(new Error("no such file")), steps: 1 });
  await expect(run.train()).rejects.toThrow("no such file");
  await run.dispose();
});

it("is a probe, a program, a state, a model, a product, a generator, a run that was never begun", async () => {
  const x = input("x", [2]);
  const run = gan({ ...small, steps: 1 });
  const probe = await (await run.trainer()).probe(({ generate }) => ({
    made: generate({ z: input("z", [1, 2]) }),
  }));
  const program = await compile({ y: mul(x, 2) });
  const model = await loadModel(toOnnx({ y: mul(x, 2) }), "double.onnx");
  const generator = await openGenerator(await run.export(), "generator.onnx");
  const product = await openProduct();
  const things = [probe, program, model, generator, product, new State(), run, gan({ ...small, steps: 1 })];
  for (const thing of [...things, ...things]) await thing.dispose();
});
