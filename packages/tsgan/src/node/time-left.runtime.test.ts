import { expect, it } from "vitest";
import { ring } from "../data/index.ts";
import { saveCheckpoint, trainerOf } from "../train/index.ts";
import { timeLeft } from "./time-left.ts";

const made = () =>
  trainerOf({ config: { model: { name: "mlp", hidden: [8] }, batch: 8, steps: 1000 }, dataset: ring() });

it("is known before the first step, and leaves the trainer and what it will do as they were", async () => {
  const [asked, other] = [made(), made()];
  const seconds = await timeLeft(asked, 1000);
  expect(seconds).toBeGreaterThan(0);
  expect(asked.progress.step).toBe(0);
  for (const trainer of [asked, other]) for (let i = 0; i < 5; i++) await trainer.iterate();
  expect(Buffer.from(await saveCheckpoint(asked)).equals(Buffer.from(await saveCheckpoint(other)))).toBe(
    true,
  );
  await asked.dispose();
  await other.dispose();
});

it("is not asked for where few steps are left", async () => {
  const trainer = made();
  expect(await timeLeft(trainer, 100)).toBeUndefined();
  await trainer.dispose();
});
