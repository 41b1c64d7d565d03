/**
 * The playground's worker: trains all GANs of an experiment in step with each other, and shows the page what they do. One
 * task runs at a time: what the page asks for is done between two iterations.
 */
import type { Device } from "tsgan/runtime";
import { answerCalls, type Emit, loadRuntime } from "../engine/worker.ts";
import { experimentQuery } from "./address.ts";
import { datasetOf, mixtureOf } from "./data.ts";
import { referenceOf } from "./figures.ts";
import { Gan } from "./gan.ts";
import { CLOUD } from "./picture.ts";
import type { Phase, Started, StartRequest, StepKind, WorkerEvent } from "./protocol.ts";
import { forgetRun, loadRun, type SavedGan, type SavedRun, saveRun } from "./saved-runs.ts";
import { type Experiment, gansOf } from "./settings.ts";
import { realCloud, SAMPLES } from "./views.ts";

/** Milliseconds. Between frames, reports of the curves, saved states, the two halves of an iteration in slow motion. */
const FRAME_EVERY = 20;
const REPORT_EVERY = 300;
const SAVE_EVERY = 3000;
const SLOW_PAUSE = 600;
/** Pictures take at most this share of the worker's time. */
const PICTURE_SHARE = 0.3;
/** Milliseconds of work after which messages of the page are looked at. */
const SLICE = 10;

/** Seed of all that is shown and measured: the same for all GANs, whatever their own. */
const EYE_SEED = 1;

/** Iterations from one measurement to the next. A function of the step alone, so that curves can be repeated. */
const isMeasured = (step: number): boolean => step % (step < 500 ? 50 : 100) === 0;

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

class Session {
  readonly #emit: Emit<WorkerEvent>;
  #experiment: Experiment | undefined;
  #gans: readonly Gan[] = [];
  #playing = false;
  #slow = false;
  /** In slow motion: what the critic steps of an iteration gave whose generator step is still to come. */
  #begun: readonly Readonly<Record<string, number>>[] | undefined;
  #phase: Phase | undefined;
  #frameWanted = false;
  /** Whether anything has changed since the last frame. */
  #changed = false;
  #frameAt = 0;
  #frameCost = 0;
  #reportAt = 0;
  #saveAt = 0;
  #storageProblem: string | undefined;
  #rate = { at: 0, steps: 0, value: 0 };
  #tasks: (() => Promise<void>)[] = [];
  #wake: () => void = () => undefined;

  constructor(emit: Emit<WorkerEvent>) {
    this.#emit = emit;
    void this.#run();
  }

  /** Runs `task` when nothing else runs. */
  do<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#tasks.push(() => task().then(resolve, reject));
      this.#wake();
    });
  }

  async #run(): Promise<never> {
    let sliceStart = performance.now();
    for (;;) {
      try {
        const task = this.#tasks.shift();
        if (task !== undefined) await task();
        else if (this.#playing) await this.#play();
        else await this.#sleep();
        await this.#show();
      } catch (error) {
        this.#playing = false;
        this.#changed = false;
        this.#emit({ event: "failed", reason: message(error) });
      }
      if (performance.now() - sliceStart > SLICE) {
        await breathe();
        sliceStart = performance.now();
      }
    }
  }

  /** Until there is something to do, or `milliseconds` have passed. */
  #sleep(milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  get #step(): number {
    return Math.max(0, ...this.#gans.map(({ step }) => step));
  }

  async #play(): Promise<void> {
    if (this.#slow) {
      await this.#half();
      await this.#show(true);
      await this.#sleep(SLOW_PAUSE);
    } else {
      await this.#iterate();
    }
    if (this.#gans.every(({ status }) => status.problem !== undefined)) {
      this.#playing = false;
      this.report();
    }
    if (!this.#playing || performance.now() - this.#saveAt > SAVE_EVERY) await this.#save();
  }

  async #iterate(): Promise<void> {
    if (this.#begun !== undefined) {
      await this.#half();
    } else {
      for (const gan of this.#gans) await gan.advance("iteration");
      await this.#finished();
    }
    this.#phase = undefined;
  }

  /** The critics' half of an iteration, or the generators'. */
  async #half(): Promise<void> {
    this.#changed = true;
    if (this.#begun === undefined) {
      const begun = [];
      for (const gan of this.#gans) begun.push(await gan.beginIteration());
      this.#begun = begun;
      this.#phase = "discriminator";
      return;
    }
    for (const [i, gan] of this.#gans.entries()) await gan.finishIteration(this.#begun[i]);
    this.#begun = undefined;
    this.#phase = "generator";
    await this.#finished();
  }

  async #finished(): Promise<void> {
    this.#changed = true;
    this.#rate.steps++;
    if (isMeasured(this.#step)) for (const gan of this.#gans) await gan.measure();
  }

  /** Sends what is due. While nothing is trained, a changed picture is due at once. */
  async #show(always = false): Promise<void> {
    const now = performance.now();
    const pause = Math.max(FRAME_EVERY, this.#frameCost / PICTURE_SHARE);
    const due = always || !this.#playing || now - this.#frameAt > pause;
    if (this.#frameWanted && this.#changed && due) await this.#frame();
    if (this.#playing && now - this.#reportAt > REPORT_EVERY) this.report();
  }

  async #frame(): Promise<void> {
    if (this.#gans.length === 0) return;
    this.#frameWanted = false;
    this.#changed = false;
    this.#frameAt = performance.now();
    const pictures = [];
    for (const gan of this.#gans) pictures.push(await gan.picture());
    this.#frameCost = performance.now() - this.#frameAt;
    const buffers = pictures.flatMap((picture) => Object.values(picture).map(({ buffer }) => buffer));
    this.#emit(
      {
        event: "frame",
        step: this.#step,
        phase: this.#phase,
        iterationsPerSecond: this.#playing ? this.#rate.value : 0,
        pictures,
      },
      buffers as ArrayBuffer[],
    );
  }

  report(): void {
    const now = performance.now();
    this.#reportAt = now;
    const { at, steps, value } = this.#rate;
    if (now - at > 1000 || value === 0)
      this.#rate = { at: now, steps: 0, value: (1000 * steps) / (now - at) };
    const gans = this.#gans.map(({ status, curves }) => ({ status, curves }));
    const storageProblem = this.#storageProblem;
    this.#emit({ event: "report", step: this.#step, playing: this.#playing, gans, storageProblem });
  }

  async start({ experiment, device, resume }: StartRequest): Promise<Started> {
    for (const gan of this.#gans) await gan.dispose();
    this.#gans = [];
    this.#begun = undefined;
    this.#phase = undefined;
    this.#experiment = experiment;
    const dataset = datasetOf(experiment.data);
    const cloud = await realCloud(dataset, EYE_SEED, CLOUD);
    const mixture = mixtureOf(experiment.data);
    const reference = referenceOf(await realCloud(dataset, EYE_SEED + 1, SAMPLES), mixture);
    const gans: Gan[] = [];
    for (const settings of gansOf(experiment)) {
      gans.push(await Gan.create({ settings, dataset, device, cloud, reference }));
    }
    const key = experimentQuery(experiment).toString();
    if (resume) this.#restore(gans, await this.#stored(() => loadRun(key)));
    else await this.#stored(() => forgetRun(key));
    this.#gans = gans;
    this.#changed = true;
    this.#saveAt = performance.now();
    if (this.#step === 0) for (const gan of gans) await gan.measure();
    this.report();
    return {
      real: cloud,
      gans: gans.map(({ surface, parameters }) => ({ surface, parameters })),
      modes: mixture?.centres.length,
    };
  }

  #restore(gans: readonly Gan[], saved: SavedRun | undefined): void {
    if (saved?.gans.length !== gans.length) return;
    saved.gans.forEach((one, i) => {
      gans[i].restore(one);
    });
  }

  /** Browsers may refuse to store anything, in private windows for instance: training goes on without. */
  async #stored<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#storageProblem = message(error);
      return undefined;
    }
  }

  async #save(): Promise<void> {
    this.#saveAt = performance.now();
    // Between the halves of an iteration there is no state to return to.
    if (this.#begun !== undefined || this.#experiment === undefined) return;
    const gans: SavedGan[] = [];
    for (const gan of this.#gans) {
      const saved = await gan.save();
      if (saved === undefined) return;
      gans.push(saved);
    }
    const key = experimentQuery(this.#experiment).toString();
    await this.#stored(() => saveRun({ key, savedAt: Date.now(), gans }));
  }

  async play(playing: boolean): Promise<void> {
    this.#playing = playing;
    this.#rate = { at: performance.now(), steps: 0, value: 0 };
    if (!playing) await this.#save();
    this.#changed = true;
    this.report();
  }

  async step(kind: StepKind): Promise<void> {
    this.#playing = false;
    if (kind === "iteration") {
      await this.#iterate();
    } else {
      for (const gan of this.#gans) await gan.advance(kind);
      this.#phase = kind;
    }
    this.#changed = true;
    await this.#save();
    this.report();
  }

  slow(slow: boolean): void {
    this.#slow = slow;
    this.#wake();
  }

  wantFrame(): void {
    this.#frameWanted = true;
    // While it plays frames come by themselves, and slow motion must not be cut short.
    if (!this.#playing) this.#wake();
  }
}

const handlers = (emit: Emit<WorkerEvent>) => {
  const session = new Session(emit);
  return {
    /** Loads ONNX Runtime. Before anything else. */
    load: (chosen: { readonly device: Device; readonly threads: number }) =>
      loadRuntime(chosen, (progress) => emit({ event: "loading", progress })),
    start: (request: StartRequest) => session.do(() => session.start(request)),
    play: (playing: boolean) => session.do(() => session.play(playing)),
    step: (kind: StepKind) => session.do(() => session.step(kind)),
    slow: (slow: boolean) => session.slow(slow),
    /** The page has drawn the last frame and would like another. */
    wantFrame: () => session.wantFrame(),
  };
};

export type PlaygroundApi = ReturnType<typeof handlers>;

answerCalls(handlers);
