import { describe, expect, it } from "vitest";
import { mapInOrder, room } from "./gates.ts";

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("room", () => {
  it("lets in what fits, first come first served, and what is heavier than all alone", async () => {
    const enter = room(10);
    const inside: string[] = [];
    const seen: string[] = [];
    const work = async (name: string, weight: number): Promise<void> => {
      const leave = await enter(weight);
      inside.push(name);
      seen.push([...inside].sort().join(""));
      await soon();
      inside.splice(inside.indexOf(name), 1);
      leave();
    };
    await Promise.all([work("a", 6), work("b", 4), work("c", 5), work("d", 99), work("e", 1)]);
    expect(seen).toEqual(["a", "ab", expect.stringMatching(/^(?:bc|c)$/), "d", "e"]);
  });
});

describe("mapInOrder", () => {
  it("takes results in the order of the items, with so many at work", async () => {
    let atWork = 0;
    let most = 0;
    const taken: number[] = [];
    await mapInOrder(
      [5, 1, 4, 2, 3],
      2,
      async (item) => {
        most = Math.max(most, ++atWork);
        for (let i = 0; i < item; i++) await soon();
        atWork--;
        return item;
      },
      (item) => taken.push(item),
    );
    expect([taken, most]).toEqual([[5, 1, 4, 2, 3], 2]);
  });

  it("ends with the first failure, once what is at work has come to rest", async () => {
    let atWork = 0;
    const failing = mapInOrder(
      [1, 2, 3],
      3,
      async (item) => {
        atWork++;
        await soon();
        atWork--;
        if (item === 1) throw new Error("broken");
        await soon();
        return item;
      },
      () => {},
    );
    await expect(failing).rejects.toThrow("broken");
    expect(atWork).toBe(0);
  });
});
