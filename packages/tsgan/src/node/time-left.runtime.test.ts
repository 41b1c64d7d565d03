import { expect, it, vi } from "vitest";
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

it("does not count the iterations that compile, and counts each kind by how often it comes", async () => {
  const trainer = trainerOf({
    config: {
      model: { name: "mlp", hidden: [8] },
      penalties: [{ name: "r1", every: 4 }],
      batch: 8,
      steps: 1000,
    },
    dataset: ring(),
  });
  // A clock by which compiling takes 60 seconds, an iteration with the penalty five, and one without it one.
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  const iterate = trainer.iterate.bind(trainer);
  trainer.iterate = async () => {
    const { compiledPrograms, progress } = trainer;
    const record = await iterate();
    now += (progress.step % 4 === 0 ? 5000 : 1000) + 60_000 * (trainer.compiledPrograms - compiledPrograms);
    return record;
  };
  const seconds = (await timeLeft(trainer, 1000)) ?? 0;
  clock.mockRestore();
  expect(trainer.compiledPrograms).toBe(2);
  expect(seconds / 1000).toBeGreaterThanOrEqual(1);
  expect(seconds / 1000).toBeLessThanOrEqual(7 / 3);
  await trainer.dispose();
});
