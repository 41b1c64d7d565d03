/**
 * The playground's worker: trains all GANs of an experiment in step with each other, and shows the page what they do. One
 * task runs at a time: what the page asks for is done between two iterations.
 */
import { messageOf } from "../engine/message-of.ts";
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
import { type Phase, phasesOf } from "./narration.ts";
import { CLOUD } from "./picture.ts";
import type { AskedStep, SavedGan, SavedRun, Started, StartRequest, WorkerEvent } from "./protocol.ts";
import { type Experiment, gansOf } from "./settings.ts";
import { FASTEST, type Speed, speeds } from "./speeds.ts";
import { EYE_SEED, realCloud, SAMPLES } from "./views.ts";

/** Milliseconds. Between frames, reports of the curves, saved states. */
const FRAME_EVERY = 12;
const REPORT_EVERY = 300;
const SAVE_EVERY = 3000;
/** Pictures take at most this share of the worker's time. */
const PICTURE_SHARE = 0.3;
/** While it plays as fast as it goes, one picture in so many has a new surface: of 1,600 points, it costs most. */
const SURFACE_EVERY = 2;
/** The newest experiments are kept. */
const MOST_KEPT = 8;

/** Iterations from one measurement to the next. A function of the step alone, so that curves can be repeated. */
const isMeasured = (step: number): boolean => step % (step < 500 ? 50 : 100) === 0;

const keptName = (experiment: Experiment): string => `playground ${experimentQuery(experiment)}`;

class Session {
  readonly #emit: Emit<WorkerEvent>;
  readonly #runtime: () => Runtime;
  readonly #loop: WorkLoop;
  #tab = "";
  #experiment: Experiment | undefined;
  #gans: readonly Gan[] = [];
  #playing = false;
  #speed: Speed = speeds[FASTEST];
  /** In slow motion: the phases of the iteration that are still to come. */
  #coming: readonly Phase[] = [];
  #phase: Phase | undefined;
  #frameWanted = false;
  /** Whether anything has changed since the last frame. */
  #changed = false;
  #frameAt = 0;
  #frames = 0;
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
        this.#emit({ event: "failed", reason: messageOf(error) });
      },
    });
  }

  /** Runs `task` when nothing else runs. */
  do<T>(task: () => Promise<T>): Promise<T> {
    return this.#loop.do(task);
  }

  /** Finished iterations, as they are shown: in slow motion the last one ends when the generator is seen to move. */
  get #step(): number {
    const done = Math.max(0, ...this.#gans.map(({ step }) => step));
    return this.#coming.length > 0 && this.#phase?.player === "generator" ? done - 1 : done;
  }

  async #play(): Promise<void> {
    const began = performance.now();
    const { pause, narrated } = this.#speed;
    if (narrated) await this.#nextPhase();
    else await this.#iterate();
    if (pause > 0) {
      await this.#show(true);
      await this.#loop.pause(Math.max(0, pause - (narrated ? 0 : performance.now() - began)));
    }
    if (this.#gans.every(({ status }) => status.problem !== undefined)) {
      this.#playing = false;
      this.report();
    }
    if (!this.#playing || performance.now() - this.#saveAt > SAVE_EVERY) await this.#save();
  }

  /** A whole iteration, or the rest of one that has been begun. */
  async #iterate(): Promise<void> {
    if (this.#coming.length > 0) {
      while (this.#coming.length > 0) await this.#nextPhase();
    } else {
      for (const gan of this.#gans) await gan.advance("iteration");
      await this.#finished();
    }
    this.#phase = undefined;
  }

  /** What a player's step gives is known before its weights are seen to move: the picture waits for the last phase. */
  async #nextPhase(): Promise<void> {
    this.#changed = true;
    const most = Math.max(...this.#gans.map(({ criticSteps }) => criticSteps));
    const [phase, ...coming] = this.#coming.length > 0 ? this.#coming : phasesOf(most);
    const { player, part, critic } = phase;
    if (part === (player === "generator" ? 0 : 1)) {
      for (const gan of this.#gans) if (critic < gan.criticSteps) await gan.move(player);
    }
    this.#phase = phase;
    this.#coming = coming;
    if (coming.length === 0) await this.#finished();
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
    const fresh = this.#phase === undefined || this.#phase.part === 2;
    const isHurried = this.#playing && this.#speed.pause === 0;
    const surface = !isHurried || this.#frames++ % SURFACE_EVERY === 0;
    for (const gan of this.#gans) pictures.push(await gan.picture({ fresh, surface }));
    // The mean of those with a new surface and those without.
    this.#frameCost = (this.#frameCost + performance.now() - this.#frameAt) / 2;
    const buffers = pictures.flatMap((picture) => Object.values(picture).map(({ buffer }) => buffer));
    this.#emit(
      {
        event: "frame",
        step: this.#step,
        phase: this.#phase,
        iterationsPerSecond: this.#playing ? this.#rate.value : 0,
        pictures,
        notes: this.#gans.map(({ notes }) => notes),
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
    const gans = this.#gans.map(({ status, curves, marks }) => ({ status, curves, marks }));
    const storageProblem = this.#storageProblem;
    this.#emit({ event: "report", step: this.#step, playing: this.#playing, gans, storageProblem });
  }

  async start({ experiment, tab, resume }: StartRequest): Promise<Started> {
    for (const gan of this.#gans) await gan.dispose();
    this.#gans = [];
    this.#coming = [];
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
      gans: gans.map(({ surface, parameters, equilibrium }) => ({ surface, parameters, equilibrium })),
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
      this.#storageProblem = messageOf(error);
      return undefined;
    }
  }

  async #save(): Promise<void> {
    this.#saveAt = performance.now();
    // Within an iteration there is no state to return to.
    if (this.#coming.length > 0 || this.#experiment === undefined) return;
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

  async step(kind: AskedStep): Promise<void> {
    this.#playing = false;
    if (kind === "phase") {
      await this.#nextPhase();
    } else if (kind === "iteration") {
      await this.#iterate();
    } else {
      if (this.#coming.length > 0) await this.#iterate();
      for (const gan of this.#gans) await gan.advance(kind);
      this.#phase = { player: kind, part: 2, critic: 0 };
    }
    this.#changed = true;
    await this.#save();
    this.report();
  }

  /** Goes on with other settings of networks that stay as they are. */
  async change(experiment: Experiment): Promise<void> {
    if (this.#coming.length > 0) await this.#iterate();
    const settings = gansOf(experiment);
    for (const [i, gan] of this.#gans.entries()) await gan.change(settings[i]);
    this.#experiment = experiment;
    this.#changed = true;
    await this.#save();
    this.report();
  }

  speed(level: number): void {
    this.#speed = speeds[level];
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
    step: (kind: AskedStep) => session.do(() => session.step(kind)),
    change: (experiment: Experiment) => session.do(() => session.change(experiment)),
    speed: (level: number) => session.speed(level),
    /** The page has drawn the last frame and would like another. */
    wantFrame: () => session.wantFrame(),
  };
};

export type PlaygroundApi = ReturnType<typeof handlers>;

answerCalls(handlers);
