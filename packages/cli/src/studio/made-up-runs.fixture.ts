/** Runs and a study as `tsgan` leaves them, with made-up figures. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { data, resolveConfig } from "tsgan";
import { samplePng } from "tsgan/node";

export const STEPS = 300;

/** A run as `tsgan train` leaves it, with made-up figures. */
/** @param change what of a step's record is otherwise; `until` is the last step there is */
export const writeRun = async (
  runs: string,
  id: string,
  loss: string,
  shift: number,
  { change = {}, until = STEPS }: { readonly change?: object; readonly until?: number } = {},
): Promise<void> => {
  const path = join(runs, id);
  mkdirSync(join(path, "samples"), { recursive: true });
  mkdirSync(join(path, "checkpoints"), { recursive: true });
  const config = resolveConfig({ data: "ring", loss, steps: STEPS });
  writeFileSync(
    join(path, "config.json"),
    JSON.stringify({ ...config, dataset: { name: "ring", shape: [2] } }),
  );
  const lines = Array.from({ length: until }, (_, i) => {
    const step = i + 1;
    const wave = Math.sin(step * (1 + shift)) / 5;
    return {
      step,
      discriminatorLoss: 1.4 + wave * Math.exp(-step / 200) + shift,
      generatorLoss: 0.7 + wave + shift / 2,
      discriminatorGradient: 10 ** (-step / 100) * (1 + shift),
      generatorGradient: 0.3 + shift,
      realScore: 0.2 + wave,
      fakeScore: -0.2 - wave,
      ...(step % 100 === 0 && { coverage: step / 400 - shift / 10, modesCovered: 8 * (step / STEPS) }),
      ...change,
    };
  });
  writeFileSync(join(path, "metrics.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const { examples } = await data.ring().draw(1, 0, 200);
  for (const step of [100, 200, 300]) {
    const samples = examples.map((value) => (value * step) / STEPS + shift / 10);
    writeFileSync(join(path, `samples/step-000${step}.png`), await samplePng(samples, [2], examples));
  }
  writeFileSync(join(path, "checkpoints/step-000300.safetensors"), new Uint8Array(2_500_000));
};

export const writeStudy = (runs: string): void => {
  const path = join(runs, "paper");
  const trial = (model: string, sample: number, status: string, fid?: number): void => {
    const id = `mnist_${model}_sample-${sample}_seed-1`;
    mkdirSync(join(path, "trials", id), { recursive: true });
    const evaluations = fid === undefined ? [] : [{ step: 100, metrics: { fid } }];
    writeFileSync(
      join(path, "trials", id, "record.json"),
      JSON.stringify({ trial: { id, data: "mnist", model }, status, evaluations }),
    );
  };
  trial("wgan-gp", 0, "finished", 12.5);
  trial("wgan-gp", 1, "finished", 9.25);
  trial("non-saturating", 0, "failed");
  writeFileSync(
    join(path, "study.json"),
    JSON.stringify({
      study: {
        name: "paper",
        data: [{ name: "mnist" }],
        models: [{ name: "wgan-gp" }, { name: "non-saturating" }],
        samples: 4,
        seeds: [1],
      },
    }),
  );
};
