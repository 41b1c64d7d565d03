import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ring } from "../data/index.ts";
import { gameOf } from "../game/index.ts";
import { add, mean, neg, softplus, type Tensor } from "../graph/index.ts";
import { adam, layers, type Scope } from "../nn/index.ts";
import { ema } from "../techniques/index.ts";
import { openGameRun, openRun, startGameRun } from "./index.ts";

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
    const [a, b] = [openGameRun(whole, pair(), { threads: 1 }), openGameRun(parts, pair(), { threads: 1 })];
    expect(await b.sample(5)).toEqual(await a.sample(5));
    for (const { trainer } of [a, b]) await trainer.dispose();
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
