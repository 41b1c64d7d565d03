import { describe, expect, it } from "vitest";
import { actingIn, captionOf, PARTS, phasesOf } from "./narration.ts";

const setting = { kind: "probability", batch: 256, criticSteps: 1 } as const;

describe("the narration", () => {
  it("goes through three phases for each step of the discriminator, then three of the generator", () => {
    const phases = phasesOf(2);
    expect(phases).toHaveLength(9);
    expect(phases.map(({ player }) => player[0]).join("")).toBe("ddddddggg");
    expect(phases.map(({ part }) => part).join("")).toBe("012012012");
    expect(phases[3].critic).toBe(1);
  });

  it("lights every part of the graph in some phase, and the player itself when its weights move", () => {
    const phases = phasesOf(1);
    expect(new Set(phases.flatMap(actingIn))).toEqual(new Set(PARTS));
    for (const phase of phases.filter(({ part }) => part === 2))
      expect(actingIn(phase)).toContain(phase.player);
  });

  it("says the numbers that were recorded, scores as the surface shows them", () => {
    const notes = { realScore: 0, fakeScore: -Math.log(3), discriminatorLoss: 1.25, generatorLoss: 2 };
    const { title, text } = captionOf(phasesOf(1)[1], { ...setting, notes });
    expect(title).toBe("D’s step, 2 of 3");
    expect(text).toBe(
      "D gives the real points 0.5 on average and the generated ones 0.25; its loss is 1.25.",
    );
    expect(captionOf(phasesOf(1)[1], { ...setting, kind: "score", notes }).text).toContain("−1.1");
    expect(captionOf(phasesOf(1)[3], { ...setting, notes }).text).toContain("G’s loss is 2");
  });

  it("counts the discriminator's steps where there are several", () => {
    expect(captionOf(phasesOf(3)[4], { ...setting, criticSteps: 3 }).title).toBe("D’s step 2 of 3, 2 of 3");
  });
});
