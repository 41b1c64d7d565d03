/** The worker of the images page: one run that it trains, and one generator from a file. */
import { fromPixels } from "tsgan/data";
import type { Device } from "tsgan/runtime";
import {
  encodeSafetensors,
  type GanTrainer,
  loadCheckpoint,
  type Progress,
  type StepRecord,
  saveCheckpoint,
  trainerOf,
} from "tsgan/train";
import { answerCalls, type Emit, type LoadProgress, loadRuntime } from "../engine/worker.ts";
import { principalDirections, probesAround } from "./directions.ts";
import { type Generator, type GeneratorFacts, openGenerator } from "./generator-file.ts";
import { type ImageShape, type Pixels, sizeOfImage, toPixels } from "./pixels.ts";
import { configOf, GRID, REAL, type Settings } from "./settings.ts";

/** Images to train on: bytes, NCHW. */
export interface TrainingData {
  readonly name: string;
  readonly shape: ImageShape;
  readonly pixels: Uint8Array;
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
  | { readonly kind: "loading"; readonly progress: LoadProgress }
  | {
      readonly kind: "trained";
      /** Iterations that are new since the event before. */
      readonly records: readonly StepRecord[];
      /** Iterations a second, with all that is done between them, over the last 30; undefined before there are two. */
      readonly rate: number | undefined;
    }
  | { readonly kind: "sampled"; readonly step: number; readonly samples: Pixels }
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

/** Lets messages in: a worker whose promises settle at once would never take one. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const makeHandlers = (emit: Emit<ImagesEvent>) => {
  let device: Device = "wasm";
  let threads = 1;
  let runtime: Promise<void> | undefined;
  let trainer: GanTrainer | undefined;
  let file: Generator | undefined;
  let seed = 0;
  let playing = false;

  /** Everything that touches ONNX Runtime runs by itself, one after the other. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task);
    last = result.catch(() => {});
    return result;
  };

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
    return {
      latent: run.gan.model.latent,
      shape: shapeOf(run),
      labelled: false,
      classes: undefined,
      classNames: undefined,
      step: run.progress.step,
      parameters: { generator, discriminator },
      real,
    };
  };

  const sample = async (run: GanTrainer): Promise<void> => {
    const samples = toPixels(await run.sample(GRID, { seed }), shapeOf(run));
    emit({ kind: "sampled", step: run.progress.step, samples }, [samples.bytes.buffer]);
  };

  const save = async (run: GanTrainer): Promise<void> => {
    const bytes = (await saveCheckpoint(run)) as Uint8Array<ArrayBuffer>;
    emit({ kind: "saved", step: run.progress.step, bytes }, [bytes.buffer]);
  };

  /** The loop of a run that plays. It ends with `playing`, at the first error, or when another run takes its place. */
  const play = async (run: GanTrainer): Promise<void> => {
    // Paused again, or started anew, before its turn came.
    if (!playing || trainer !== run) return;
    let records: StepRecord[] = [];
    /** When the last iterations ended. Before the first of them its graph is compiled. */
    const ends: number[] = [];
    const started = performance.now();
    let [sampled, saved, reported] = [started, started, 0];
    let [untilSample, untilSave] = [SAMPLE_MILLISECONDS, SAVE_MILLISECONDS];
    const report = (): void => {
      const span = ends[ends.length - 1] - ends[0];
      emit({ kind: "trained", records, rate: span > 0 ? ((ends.length - 1) * 1000) / span : undefined });
      records = [];
      reported = performance.now();
    };
    try {
      while (playing && trainer === run) {
        await inTurn(async () => {
          if (trainer !== run) return;
          records.push(await run.iterate());
          const now = performance.now();
          ends.push(now);
          if (ends.length > RATE_WINDOW) ends.shift();
          if (now - reported >= REPORT_MILLISECONDS) report();
          if (now - sampled >= untilSample) {
            await sample(run);
            sampled = performance.now();
            untilSample = Math.max(SAMPLE_MILLISECONDS, (sampled - now) / SAMPLE_SHARE);
          }
          if (now - saved >= untilSave) {
            const began = performance.now();
            await save(run);
            saved = performance.now();
            untilSave = Math.max(SAVE_MILLISECONDS, (saved - began) / SAVE_SHARE);
          }
        });
        await breathe();
      }
      if (trainer !== run) return;
      if (records.length > 0) report();
      await inTurn(async () => {
        await sample(run);
        await save(run);
      });
    } catch (error) {
      playing = false;
      emit({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  };
  let loop: Promise<void> = Promise.resolve();

  const generate = (origin: Origin, z: Float32Array, labels: Int32Array): Promise<Float32Array> => {
    if (origin === "run") return running().sample(z.length / running().gan.model.latent.size, { z, labels });
    if (file === undefined) throw new Error("no generator is open; choose a file first");
    return file.generate(z, labels);
  };

  return {
    /** Loads ONNX Runtime. First of all calls; a worker keeps its device. */
    prepare: (chosen: { readonly device: Device; readonly threads: number }): Promise<void> => {
      ({ device, threads } = chosen);
      runtime ??= loadRuntime(chosen, (progress) => emit({ kind: "loading", progress }));
      return runtime;
    },
    /** A new run in place of the one before, from its start or from a checkpoint. */
    start: (settings: Settings, data: TrainingData, checkpoint?: NamedFile): Promise<RunFacts> =>
      inTurn(async () => {
        playing = false;
        await trainer?.dispose();
        trainer = undefined;
        const next = trainerOf({ config: configOf(settings), dataset: fromPixels(data), device, threads });
        if (checkpoint !== undefined) loadCheckpoint(next, checkpoint.bytes, checkpoint.name);
        seed = settings.seed;
        await sample(next);
        trainer = next;
        const bytes = new Uint8ClampedArray(data.pixels.slice(0, REAL * sizeOfImage(data.shape)));
        return factsOf(next, { shape: data.shape, bytes });
      }),
    play: (): void => {
      if (playing) return;
      const run = running();
      playing = true;
      loop = loop.then(() => play(run));
    },
    /** Resolves when the run stands still. */
    pause: async (): Promise<void> => {
      playing = false;
      await loop;
    },
    /** One iteration. */
    step: (): Promise<void> =>
      inTurn(async () => {
        const run = running();
        emit({ kind: "trained", records: [await run.iterate()], rate: undefined });
        await sample(run);
        await save(run);
      }),
    checkpoint: (): Promise<Uint8Array> => inTurn(() => saveCheckpoint(running())),
    /** Puts a checkpoint's state in place of the run's. A file of another model changes nothing. */
    restore: ({ name, bytes }: NamedFile): Promise<Progress> =>
      inTurn(async () => {
        loadCheckpoint(running(), bytes, name);
        await sample(running());
        return running().progress;
      }),
    exportGenerator: (): Promise<Uint8Array> => inTurn(() => running().exportGenerator()),
    /** The grid's latent vectors and images as a safetensors file: `z` [64, latent], `image` [64, …shape] in [−1, 1]. */
    exportSamples: (): Promise<Uint8Array> =>
      inTurn(async () => {
        const run = running();
        const z = run.latents(GRID, seed);
        const image = await run.sample(GRID, { z });
        return encodeSafetensors({
          z: { shape: [GRID, run.gan.model.latent.size], data: z },
          image: { shape: [GRID, ...run.gan.model.shape], data: image },
        });
      }),
    /** Opens a generator from a file, in place of the one before. */
    open: ({ name, bytes }: NamedFile): Promise<GeneratorFacts> =>
      inTurn(async () => {
        const opened = await openGenerator(bytes, name, device, threads);
        await file?.dispose();
        file = opened;
        return opened.facts;
      }),
    generate: (origin: Origin, z: Float32Array, labels: Int32Array): Promise<Float32Array> =>
      inTurn(() => generate(origin, z, labels)),
    /** The `count` principal directions at a latent vector. */
    directions: (origin: Origin, z: Float32Array, label: number, count: number): Promise<Float64Array[]> =>
      inTurn(async () => {
        const labels = new Int32Array(1 + z.length).fill(label);
        return principalDirections(await generate(origin, probesAround(z), labels), z.length, count);
      }),
  };
};

export type ImagesHandlers = ReturnType<typeof makeHandlers>;

answerCalls(makeHandlers);
