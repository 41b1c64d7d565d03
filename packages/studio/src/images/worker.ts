/** The worker of the images page: one run that it trains, and one generator from a file. */
import { fromPixels } from "tsgan/data";
import {
  encodeSafetensors,
  type GanTrainer,
  loadCheckpoint,
  type Progress,
  type StepRecord,
  saveCheckpoint,
  trainerOf,
} from "tsgan/train";
import { messageOf } from "../engine/message-of.ts";
import { answerCalls, type Emit, type Runtime, workLoop } from "../engine/worker.ts";
import { principalDirections, probesAround } from "./directions.ts";
import { type Generator, type GeneratorFacts, openGenerator } from "./generator-file.ts";
import type { Frame } from "./history.ts";
import { type ImageShape, type Pixels, sizeOfImage, toPixels } from "./pixels.ts";
import { configOf, GRID, MOST_COLUMNS, REAL, type Settings } from "./settings.ts";

/** Images to train on: bytes, NCHW. */
export interface TrainingData {
  readonly name: string;
  readonly shape: ImageShape;
  readonly pixels: Uint8Array;
  /** A class for each image, and the names of the classes. */
  readonly labels?: Int32Array;
  readonly classes?: readonly string[];
}

export interface NamedFile {
  /** What errors call it. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface RunFacts extends GeneratorFacts {
  readonly step: number;
  /** Numbers that are trained. */
  readonly parameters: { readonly generator: number; readonly discriminator: number };
  /** Some images of the data. */
  readonly real: Pixels;
}

/** Which generator is meant. */
export type Origin = "run" | "file";

export type ImagesEvent =
  | {
      readonly kind: "trained";
      /** Iterations that are new since the event before. */
      readonly records: readonly StepRecord[];
      /** Iterations a second, with all that is done between them, over the last 30; undefined before there are two. */
      readonly rate: number | undefined;
    }
  | ({ readonly kind: "sampled" } & Frame)
  | { readonly kind: "saved"; readonly step: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly message: string };

/** Least time between two grids, and the largest share of the time that drawing them takes. */
const SAMPLE_MILLISECONDS = 1000;
const SAMPLE_SHARE = 0.15;
/** The same of two checkpoints that are kept for a reload. */
const SAVE_MILLISECONDS = 10_000;
const SAVE_SHARE = 0.03;
/** Events with figures of new iterations. */
const REPORT_MILLISECONDS = 100;
/** Iterations over which the speed is measured. */
const RATE_WINDOW = 30;

const makeHandlers = (emit: Emit<ImagesEvent>, runtime: () => Runtime) => {
  let trainer: GanTrainer | undefined;
  let file: Generator | undefined;
  let seed = 0;
  let classNames: readonly string[] | undefined;
  let playing = false;

  const running = (): GanTrainer => {
    if (trainer === undefined) throw new Error("there is no run yet; start one first");
    return trainer;
  };

  const shapeOf = ({ gan }: GanTrainer): ImageShape => {
    const [channels, height, width] = gan.model.shape;
    return [channels, height, width];
  };

  const factsOf = (run: GanTrainer, real: Pixels): RunFacts => {
    const { generator, discriminator } = run.parameterCounts;
    const { latent, classes } = run.gan.model;
    return {
      latent,
      shape: shapeOf(run),
      labelled: classes !== undefined,
      classes,
      classNames,
      step: run.progress.step,
      parameters: { generator, discriminator },
      real,
    };
  };

  /** What the grid is made of: latent vectors; with classes one for each row, and a column for each class. */
  const gridOf = (run: GanTrainer): { readonly z: Float32Array; readonly labels: Int32Array | undefined } => {
    const { latent, classes } = run.gan.model;
    if (classes === undefined) return { z: run.latents(GRID, seed), labels: undefined };
    const columns = Math.min(classes, MOST_COLUMNS);
    const rows = Math.max(1, Math.floor(GRID / columns));
    const own = run.latents(rows, seed);
    const z = new Float32Array(rows * columns * latent.size);
    for (let i = 0; i < rows * columns; i++) {
      const row = Math.floor(i / columns);
      z.set(own.subarray(row * latent.size, (row + 1) * latent.size), i * latent.size);
    }
    return { z, labels: Int32Array.from({ length: rows * columns }, (_, i) => i % columns) };
  };

  const drawn = async (run: GanTrainer) => {
    const { z, labels } = gridOf(run);
    const count = z.length / run.gan.model.latent.size;
    return { z, labels, count, image: await run.sample(count, { z, ...(labels && { labels }) }) };
  };

  const sample = async (run: GanTrainer): Promise<void> => {
    const samples = toPixels((await drawn(run)).image, shapeOf(run));
    const { classes: count } = run.gan.model;
    const classes =
      count === undefined
        ? undefined
        : Array.from({ length: Math.min(count, MOST_COLUMNS) }, (_, i) => classNames?.[i] ?? String(i));
    emit({ kind: "sampled", step: run.progress.step, samples, classes }, [samples.bytes.buffer]);
  };

  const save = async (run: GanTrainer): Promise<void> => {
    const bytes = (await saveCheckpoint(run)) as Uint8Array<ArrayBuffer>;
    emit({ kind: "saved", step: run.progress.step, bytes }, [bytes.buffer]);
  };

  /** What is due while it plays, and what has not been reported yet. */
  const due = { records: [] as StepRecord[], ends: [] as number[], reported: 0, sampled: 0, saved: 0 };
  let [untilSample, untilSave] = [SAMPLE_MILLISECONDS, SAVE_MILLISECONDS];

  const begin = (): void => {
    const now = performance.now();
    // Before the first iteration its graph is compiled: the speed is measured from its end.
    Object.assign(due, { records: [], ends: [], reported: 0, sampled: now, saved: now });
    [untilSample, untilSave] = [SAMPLE_MILLISECONDS, SAVE_MILLISECONDS];
  };

  const report = (): void => {
    const { records, ends } = due;
    const span = ends[ends.length - 1] - ends[0];
    emit({ kind: "trained", records, rate: span > 0 ? ((ends.length - 1) * 1000) / span : undefined });
    due.records = [];
    due.reported = performance.now();
  };

  /** One iteration, and of figures, grid and checkpoint what is due. */
  const iterate = async (): Promise<void> => {
    const run = running();
    due.records.push(await run.iterate());
    const now = performance.now();
    due.ends.push(now);
    if (due.ends.length > RATE_WINDOW) due.ends.shift();
    if (now - due.reported >= REPORT_MILLISECONDS) report();
    if (now - due.sampled >= untilSample) {
      await sample(run);
      due.sampled = performance.now();
      untilSample = Math.max(SAMPLE_MILLISECONDS, (due.sampled - now) / SAMPLE_SHARE);
    }
    if (now - due.saved >= untilSave) {
      const began = performance.now();
      await save(run);
      due.saved = performance.now();
      untilSave = Math.max(SAVE_MILLISECONDS, (due.saved - began) / SAVE_SHARE);
    }
  };

  const loop = workLoop({
    isPlaying: () => playing,
    iterate,
    onError: (error) => {
      playing = false;
      emit({ kind: "failed", message: messageOf(error) });
    },
  });

  const generate = (origin: Origin, z: Float32Array, labels: Int32Array): Promise<Float32Array> => {
    if (origin === "run") return running().sample(z.length / running().gan.model.latent.size, { z, labels });
    if (file === undefined) throw new Error("no generator is open; choose a file first");
    return file.generate(z, labels);
  };

  return {
    /** A new run in place of the one before, from its start or from a checkpoint. */
    start: (settings: Settings, data: TrainingData, checkpoint?: NamedFile): Promise<RunFacts> =>
      loop.do(async () => {
        playing = false;
        await trainer?.dispose();
        trainer = undefined;
        const next = trainerOf({ config: configOf(settings), dataset: fromPixels(data), ...runtime() });
        if (checkpoint !== undefined) loadCheckpoint(next, checkpoint.bytes, checkpoint.name);
        seed = settings.seed;
        classNames = next.gan.model.classes === undefined ? undefined : data.classes;
        await sample(next);
        trainer = next;
        const bytes = new Uint8ClampedArray(data.pixels.slice(0, REAL * sizeOfImage(data.shape)));
        return factsOf(next, { shape: data.shape, bytes });
      }),
    play: (): Promise<void> =>
      loop.do(async () => {
        running();
        if (!playing) begin();
        playing = true;
      }),
    /** Resolves when the run stands still. */
    pause: (): Promise<void> =>
      loop.do(async () => {
        if (!playing) return;
        playing = false;
        if (due.records.length > 0) report();
        await sample(running());
        await save(running());
      }),
    /** One iteration. */
    step: (): Promise<void> =>
      loop.do(async () => {
        const run = running();
        emit({ kind: "trained", records: [await run.iterate()], rate: undefined });
        await sample(run);
        await save(run);
      }),
    checkpoint: (): Promise<Uint8Array> => loop.do(() => saveCheckpoint(running())),
    /** Puts a checkpoint's state in place of the run's. A file of another model changes nothing. */
    restore: ({ name, bytes }: NamedFile): Promise<Progress> =>
      loop.do(async () => {
        loadCheckpoint(running(), bytes, name);
        await sample(running());
        return running().progress;
      }),
    exportGenerator: (): Promise<Uint8Array> => loop.do(() => running().exportGenerator()),
    /** The grid as a safetensors file: `z` [count, latent], with classes `label` [count], `image` [count, …shape] in [−1, 1]. */
    exportSamples: (): Promise<Uint8Array> =>
      loop.do(async () => {
        const { latent, shape } = running().gan.model;
        const { z, labels, count, image } = await drawn(running());
        return encodeSafetensors({
          z: { shape: [count, latent.size], data: z },
          ...(labels && { label: { shape: [count], data: labels } }),
          image: { shape: [count, ...shape], data: image },
        });
      }),
    /** Opens a generator from a file, in place of the one before. */
    open: ({ name, bytes }: NamedFile): Promise<GeneratorFacts> =>
      loop.do(async () => {
        const { device, threads } = runtime();
        const opened = await openGenerator(bytes, name, device, threads);
        await file?.dispose();
        file = opened;
        return opened.facts;
      }),
    generate: (origin: Origin, z: Float32Array, labels: Int32Array): Promise<Float32Array> =>
      loop.do(() => generate(origin, z, labels)),
    /** The `count` principal directions at a latent vector. */
    directions: (origin: Origin, z: Float32Array, label: number, count: number): Promise<Float64Array[]> =>
      loop.do(async () => {
        const labels = new Int32Array(1 + z.length).fill(label);
        return principalDirections(await generate(origin, probesAround(z), labels), z.length, count);
      }),
  };
};

export type ImagesHandlers = ReturnType<typeof makeHandlers>;

answerCalls(makeHandlers);
