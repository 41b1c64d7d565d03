import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ring } from "../data/index.ts";
import { gameOf } from "../game/index.ts";
import { add, mean, neg, softplus, type Tensor } from "../graph/index.ts";
import { adam, layers, type Scope } from "../nn/index.ts";
import { ema } from "../techniques/index.ts";
import { examineGameRun, examineRun, openGameRun, openRun, startGameRun } from "./index.ts";

const network = (units: number) => {
  const layer = layers.sequential(layers.dense(8), layers.relu(), layers.dense(units));
  return (x: Tensor, scope: Scope): Tensor => layer(x, scope);
};

/** Two players with a critic and a generator, and an average. */
const pair = (rate = 1e-3) =>
  gameOf({
    name: "pair",
    data: { x: ring() },
    latents: { z: { size: 2, distribution: "normal" } },
    networks: { generator: network(2), critic: network(1) },
    batch: 16,
    players: {
      critic: {
        trains: "critic",
        loss: ({ x, z, generator, critic }) =>
          add(mean(softplus(neg(critic(x)))), mean(softplus(critic(generator(z))))),
        optimizer: adam({ learningRate: rate }),
      },
      generator: {
        trains: "generator",
        loss: ({ z, generator, critic }) => mean(softplus(neg(critic(generator(z))))),
        optimizer: adam({ learningRate: rate }),
      },
    },
    techniques: [ema({ decay: 0.9 })],
    samples: { network: "generator", from: "z" },
  });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsgan-game-run-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const metrics = (out: string): string => readFileSync(join(out, "metrics.jsonl"), "utf8");

describe("the run of a game in a folder", () => {
  it("leaves what a run leaves, and goes on bit for bit", async () => {
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    await startGameRun({ game: pair(), out: whole, steps: 6, threads: 1 });
    for (const file of ["config.json", "report.html", "generator.onnx", "samples/step-000006.png"]) {
      expect(existsSync(join(whole, file))).toBe(true);
    }
    await startGameRun({ game: pair(), out: parts, steps: 4, threads: 1 });
    await startGameRun({ game: pair(), out: parts, steps: 6, threads: 1, resume: true });
    expect(metrics(parts)).toBe(metrics(whole));
    const a = await openGameRun(whole, pair(), { threads: 1 });
    const b = await openGameRun(parts, pair(), { threads: 1 });
    expect(await b.sample(5)).toEqual(await a.sample(5));
    for (const { trainer } of [a, b]) await trainer.dispose();
  });

  it("is examined: by its records where its code is not at hand, with its samples where it is", async () => {
    const out = join(folder, "run");
    const { report } = await startGameRun({ game: pair(), out, steps: 120, threads: 1 });
    const byRecords = await examineRun(out, { threads: 1 });
    expect(byRecords.step).toBeUndefined();
    expect(byRecords.verdicts).toMatchObject([{ kind: "healthy" }]);
    expect(byRecords.verdicts[0].evidence).toMatch(/^gradients: critic [\d.]+, generator [\d.]+$/);
    const { step, verdicts } = await examineGameRun(out, pair(), { threads: 1 });
    expect(step).toBe(120);
    // So small a generator is near one mode or two after so few steps.
    expect(verdicts[0]).toMatchObject({ kind: "mode-collapse" });
    expect(verdicts[0].evidence).toContain("of 8 regions");
    expect(readFileSync(report, "utf8")).toContain("a lower learning rate for generator");
    await expect(examineRun(out, { step: 120 })).rejects.toThrow(
      "leave --step out, or examine it in the program that made it",
    );
  });

  it("says of a game that diverged what a game can change", async () => {
    const out = join(folder, "run");
    await expect(startGameRun({ game: pair(1e30), out, steps: 50, threads: 1 })).rejects.toThrow(
      "not finite",
    );
    const { verdicts } = await examineRun(out, { threads: 1 });
    expect(verdicts[0]).toMatchObject({ kind: "diverged" });
    expect(verdicts[0].advice).toContain("lower the learning rate of all players");
    expect(verdicts[0].advice).not.toMatch(/discriminator|r1/);
  });

  it("is not continued as another game, nor opened as the run of a configuration", async () => {
    const out = join(folder, "run");
    await startGameRun({ game: pair(), out, steps: 2, threads: 1 });
    await expect(startGameRun({ game: pair(1e-2), out, steps: 4, resume: true })).rejects.toThrow(
      "players must stay as it is when a run is resumed",
    );
    expect(() => openRun(out)).toThrow("it holds the run of a game of its own, pair");
  });
});
