/** The worker of the images page: one run that it trains, and one generator from a file. */
import { fromPixels } from "tsgan/data";
import { clustered } from "tsgan/effort";
import { loadCheckpoint, type Progress, saveCheckpoint, trainerOf } from "tsgan/train";
import { messageOf } from "../engine/message-of.ts";
import { answerCalls, type Emit, type Runtime, workLoop } from "../engine/worker.ts";
import type { ImagesFacts } from "./by-data.ts";
import { principalDirections, probesAround } from "./directions.ts";
import { type Generator, type GeneratorFacts, openGenerator } from "./generator-file.ts";
import { gridFile, type Run, shapeOf } from "./grid.ts";
import { type Pixels, sizeOfImage } from "./pixels.ts";
import type { ImagesEvent, NamedFile, Origin, RunFacts, TrainingData } from "./protocol.ts";
import { reporter } from "./reporter.ts";
import { configOf, REAL, type Settings } from "./settings.ts";

const factsOf = ({ trainer, classNames }: Run, images: ImagesFacts, real: Pixels): RunFacts => {
  const { generator, discriminator } = trainer.parameterCounts;
  const { latent, classes } = trainer.gan.model;
  return {
    latent,
    shape: shapeOf(trainer),
    labelled: classes !== undefined,
    classes,
    classNames,
    step: trainer.progress.step,
    parameters: { generator, discriminator },
    images,
    real,
  };
};

const makeHandlers = (emit: Emit<ImagesEvent>, runtime: () => Runtime) => {
  let run: Run | undefined;
  let file: Generator | undefined;
  let playing = false;
  const page = reporter(emit);

  const running = (): Run => {
    if (run === undefined) throw new Error("there is no run yet; start one first");
    return run;
  };

  const loop = workLoop({
    isPlaying: () => playing,
    iterate: async () => {
      const own = running();
      await page.iterated(own, await own.trainer.iterate());
    },
    onError: (error) => {
      playing = false;
      emit({ kind: "failed", message: messageOf(error) });
    },
  });

  const generate = (origin: Origin, z: Float32Array, labels: Int32Array): Promise<Float32Array> => {
    if (origin === "run") {
      const { trainer } = running();
      return trainer.sample(z.length / trainer.gan.model.latent.size, { z, labels });
    }
    if (file === undefined) throw new Error("no generator is open; choose a file first");
    return file.generate(z, labels);
  };

  return {
    /** A new run in place of the one before, from its start or from a checkpoint. */
    start: (settings: Settings, data: TrainingData, checkpoint?: NamedFile): Promise<RunFacts> =>
      loop.do(async () => {
        playing = false;
        await run?.trainer.dispose();
        run = undefined;
        const pixels = fromPixels(data);
        const images = { channels: data.shape[0], count: pixels.size, classes: data.classes?.length };
        const config = configOf(settings, images);
        const dataset = config.labels === "clusters" ? await clustered(pixels) : pixels;
        const trainer = trainerOf({ config, dataset, ...runtime() });
        if (checkpoint !== undefined) loadCheckpoint(trainer, checkpoint.bytes, checkpoint.name);
        const classNames = trainer.gan.model.classes === undefined ? undefined : dataset.classes;
        const next = { trainer, seed: settings.seed, classNames };
        await page.sample(next);
        run = next;
        const bytes = new Uint8ClampedArray(data.pixels.slice(0, REAL * sizeOfImage(data.shape)));
        return factsOf(next, images, { shape: data.shape, bytes });
      }),
    play: (): Promise<void> =>
      loop.do(async () => {
        running();
        if (!playing) page.begin();
        playing = true;
      }),
    /** Resolves when the run stands still. */
    pause: (): Promise<void> =>
      loop.do(async () => {
        if (!playing) return;
        playing = false;
        await page.end(running());
      }),
    /** One iteration. */
    step: (): Promise<void> =>
      loop.do(async () => {
        const own = running();
        await page.stepped(own, await own.trainer.iterate());
      }),
    checkpoint: (): Promise<Uint8Array> => loop.do(() => saveCheckpoint(running().trainer)),
    /** Puts a checkpoint's state in place of the run's. A file of another model changes nothing. */
    restore: ({ name, bytes }: NamedFile): Promise<Progress> =>
      loop.do(async () => {
        const own = running();
        loadCheckpoint(own.trainer, bytes, name);
        await page.sample(own);
        return own.trainer.progress;
      }),
    exportGenerator: (): Promise<Uint8Array> => loop.do(() => running().trainer.exportGenerator()),
    /** The grid as a safetensors file. */
    exportSamples: (): Promise<Uint8Array> => loop.do(() => gridFile(running())),
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
