/**
 * The programs of `examples/`: one row each. Their types are checked by `tsc -b`; they run here, for few steps. A program
 * exports `run(steps)`, which gives figures by name, or a model `mine`, which is trained with the settings that its first lines
 * name; one without takes STEPS from the environment and prints its figure last.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { adam, gan, metrics, type models } from "tsgan";
import { extractorFor, openDataset } from "tsgan/node";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

type Figures = Readonly<Record<string, number>>;

interface Row {
  /** Enough of them that the claim below holds with any seed. */
  readonly steps: number;
  /** What follows them among the arguments. */
  readonly more?: readonly number[];
  /** What so few steps show, by figures that no untrained network reaches. */
  readonly claim: string;
  holds(figures: Figures): boolean;
}

const rows: Readonly<Record<string, Row>> = {
  "own-loss": {
    steps: 600,
    claim: "points near the ring's Gaussians",
    holds: ({ highQuality }) => highQuality > 0.1,
  },
  "attention-gan": {
    steps: 150,
    claim: "strokes rather than noise",
    holds: ({ fid }) => fid < 900,
  },
  bigan: {
    steps: 60,
    claim: "what comes back is mostly black, as digits are",
    holds: ({ error }) => error < 0.6,
  },
  "autoencoder-critic": {
    steps: 100,
    // A seed, and the step with which the critic begins.
    more: [1, 80],
    claim: "digits come back more like themselves than like a black image",
    holds: ({ error }) => error < 0.2,
  },
  "own-loop": {
    steps: 500,
    claim: "points near the ring's Gaussians",
    holds: ({ figure }) => figure > 0.1,
  },
  "adversarial-autoencoder": {
    steps: 150,
    claim: "digits come back more like themselves than like a black image",
    holds: ({ error }) => error < 0.3,
  },
  "domain-adversarial": {
    steps: 60,
    claim: "more black digits are known than without adaptation",
    holds: ({ accuracy }) => accuracy > 0.35,
  },
  vaegan: {
    steps: 120,
    claim: "digits come back more like themselves than like a black image, which has 9.4 dB",
    holds: ({ psnr }) => psnr > 11,
  },
  "super-resolution": {
    steps: 30,
    claim: "digits are enlarged more like the true ones than by interpolation",
    holds: ({ psnr }) => psnr > 19,
  },
};

interface Program {
  run?(steps: number, ...more: readonly number[]): Promise<Figures>;
  readonly mine?: typeof models.dcgan;
}

/** How far samples of a model are from digits, as `tsgan train mnist --use FILE --model mine` trains it. */
const trained = async (model: models.Architecture, steps: number): Promise<Figures> => {
  const mnist = await openDataset("mnist");
  const run = gan({
    data: mnist,
    model,
    loss: "hinge",
    optimizer: adam({ learningRate: 1e-3, beta1: 0.5 }),
    steps,
  });
  await run.train();
  const [extractor, { examples }] = [await extractorFor(mnist), await mnist.draw(0, 0, 500)];
  const features = async (images: Float32Array) => (await extractor.features(images)).features;
  const { value } = metrics.fid(await features(await run.sample(500)), await features(examples));
  await run.dispose();
  return { fid: value };
};

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../examples");
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replace(/\.ts$/, ""));
const textOf = (name: string): string => readFileSync(join(folder, `${name}.ts`), "utf8");

/** Where a program says to the compiler what it does not know itself: casts and `any`. */
const forced = (text: string): string[] => {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isCast = ts.isAsExpression(node) && node.type.getText() !== "const";
    if (isCast || ts.isNonNullExpression(node) || node.kind === ts.SyntaxKind.AnyKeyword) {
      found.push(node.parent.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("example.ts", text, ts.ScriptTarget.ES2022, true));
  return found;
};

describe("examples", () => {
  const log = vi.spyOn(console, "log");
  beforeAll(() => {
    log.mockImplementation(() => {});
  });
  afterAll(() => {
    log.mockRestore();
    vi.unstubAllEnvs();
  });

  it("have a row each", () => expect(Object.keys(rows).sort()).toEqual(names.sort()));

  it.each(names)("%s is short, says how to run it and what it reaches, and takes all from tsgan", (name) => {
    const text = textOf(name);
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    const header = text.slice(0, text.indexOf("import "));
    expect(header).toMatch(new RegExp(`npx (jiti|tsgan train mnist --use) examples/${name}\\.ts`));
    expect(header).toMatch(/\breach/);
    const imported = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
    expect(imported.filter((from) => !/^(tsgan(\/\w+)?|node:\w+)$/.test(from))).toEqual([]);
    expect(forced(text)).toEqual([]);
  });

  const entries = Object.entries(rows).map(([name, row]) => ({ name, ...row }));
  it.each(entries)(
    "$name: $claim",
    async ({ name, steps, more = [], holds }) => {
      vi.stubEnv("STEPS", String(steps));
      const program: Program = await import(
        /* @vite-ignore */ pathToFileURL(join(folder, `${name}.ts`)).href
      );
      const figures =
        program.mine !== undefined
          ? await trained(program.mine(), steps)
          : ((await program.run?.(steps, ...more)) ?? { figure: Number(log.mock.lastCall?.[0]) });
      expect(Object.values(figures).every(Number.isFinite), JSON.stringify(figures)).toBe(true);
      expect(holds(figures), JSON.stringify(figures)).toBe(true);
    },
    300_000,
  );
});
