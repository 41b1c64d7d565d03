import { describe, expect, it } from "vitest";
import { type Contest, compare } from "./compare.ts";
import { variantsOf } from "./peers.ts";
import { line, summary } from "./table.ts";

const variant = (name: string) => ({ name, engine: name, command: "", args: [] });
const figure = (ms: number) => ({ figure: { ms, min: ms, iterations: 1 }, version: "1" });

describe("peers of the bench", () => {
  it("are run in all their ways, on one and on two threads, with the script that is given", () => {
    const names = variantsOf("torch=/a/python:own.py,jax=python").map(({ name }) => name);
    expect(names).toHaveLength(10);
    expect(names).toContain("torch compiled channels-last 1");
    const [first] = variantsOf("torch=/a/python:own.py");
    expect(first).toMatchObject({ command: "/a/python", args: ["own.py", "--threads", "1"] });
    expect(() => variantsOf("mxnet=python")).toThrow(/NAME=PYTHON/);
  });

  it("take turns with tsgan, and those without hope are not run again", async () => {
    const times: Record<string, number> = { fast: 10, near: 14, slow: 16, third: 12 };
    const ran: string[] = [];
    const contest: Contest = {
      name: "mlp-ns",
      variants: ["slow", "fast", "near", "third", "broken"].map(variant),
      ours: () => {
        ran.push("ours");
        return figure(5);
      },
      theirs: ({ name }) => {
        ran.push(name);
        return name === "broken" ? "Error: it cannot" : figure(times[name]);
      },
    };
    const row = await compare(contest, { rounds: 2, best: 2, keep: undefined });
    expect(ran.join(" ")).toBe("ours slow fast near third broken ours fast third");
    expect(row).toMatchObject({
      ms: 5,
      fastest: { name: "fast", ms: 10 },
      failures: { broken: "Error: it cannot" },
    });
    expect(line(row)).toContain("2.00 (fast)");
    expect(summary([row])).toEqual([]);
  });
});
