/**
 * The playground's worker: trains all GANs of an experiment in step with each other, and shows the page what they do. One
 * task runs at a time: what the page asks for is done between two iterations.
 */
import {
  answerCalls,
  type Emit,
  forget,
  keep,
  type Runtime,
  recall,
  type WorkLoop,
  workLoop,
} from "../engine/worker.ts";
import { experimentQuery } from "./address.ts";
import { datasetOf, mixtureOf } from "./data.ts";
import { referenceOf } from "./figures.ts";
import { Gan } from "./gan.ts";
import { CLOUD } from "./picture.ts";
import type { Phase, SavedGan, SavedRun, Started, StartRequest, StepKind, WorkerEvent } from "./protocol.ts";
import { type Experiment, gansOf } from "./settings.ts";
import { realCloud, SAMPLES } from "./views.ts";

/** Milliseconds. Between frames, reports of the curves, saved states, the two halves of an iteration in slow motion. */
const FRAME_EVERY = 20;
const REPORT_EVERY = 300;
const SAVE_EVERY = 3000;
const SLOW_PAUSE = 600;
/** Pictures take at most this share of the worker's time. */
const PICTURE_SHARE = 0.3;
/** The newest experiments are kept. */
const MOST_KEPT = 8;

/** Seed of all that is shown and measured: the same for all GANs, whatever their own. */
const EYE_SEED = 1;

/** Iterations from one measurement to the next. A function of the step alone, so that curves can be repeated. */
const isMeasured = (step: number): boolean => step % (step < 500 ? 50 : 100) === 0;

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const keptName = (experiment: Experiment): string => `playground ${experimentQuery(experiment)}`;

class Session {
  readonly #emit: Emit<WorkerEvent>;
  readonly #runtime: () => Runtime;
  readonly #loop: WorkLoop;
  #tab = "";
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

  constructor(emit: Emit<WorkerEvent>, runtime: () => Runtime) {
    this.#emit = emit;
    this.#runtime = runtime;
    this.#loop = workLoop({
      isPlaying: () => this.#playing,
      iterate: () => this.#play(),
      after: () => this.#show(),
      onError: (error) => {
        this.#playing = false;
        this.#changed = false;
        this.#emit({ event: "failed", reason: message(error) });
      },
    });
  }

  /** Runs `task` when nothing else runs. */
  do<T>(task: () => Promise<T>): Promise<T> {
    return this.#loop.do(task);
  }

  get #step(): number {
    return Math.max(0, ...this.#gans.map(({ step }) => step));
  }

  async #play(): Promise<void> {
    if (this.#slow) {
      await this.#half();
      await this.#show(true);
      await this.#loop.pause(SLOW_PAUSE);
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

  async start({ experiment, tab, resume }: StartRequest): Promise<Started> {
    for (const gan of this.#gans) await gan.dispose();
    this.#gans = [];
    this.#begun = undefined;
    this.#phase = undefined;
    this.#experiment = experiment;
    this.#tab = tab;
    const { device } = this.#runtime();
    const dataset = datasetOf(experiment.data);
    const cloud = await realCloud(dataset, EYE_SEED, CLOUD);
    const mixture = mixtureOf(experiment.data);
    const reference = referenceOf(await realCloud(dataset, EYE_SEED + 1, SAMPLES), mixture);
    const gans: Gan[] = [];
    for (const settings of gansOf(experiment)) {
      gans.push(await Gan.create({ settings, dataset, device, cloud, reference }));
    }
    const name = keptName(experiment);
    if (resume) this.#restore(gans, (await this.#stored(() => recall(tab, name))) as SavedRun | undefined);
    else await this.#stored(() => forget(tab, name));
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
    const name = keptName(this.#experiment);
    await this.#stored(() => keep(this.#tab, name, { gans } satisfies SavedRun, MOST_KEPT));
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
    this.#loop.wake();
  }

  wantFrame(): void {
    this.#frameWanted = true;
    // While it plays frames come by themselves, and slow motion must not be cut short.
    if (!this.#playing) this.#loop.wake();
  }
}

const handlers = (emit: Emit<WorkerEvent>, runtime: () => Runtime) => {
  const session = new Session(emit, runtime);
  return {
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
