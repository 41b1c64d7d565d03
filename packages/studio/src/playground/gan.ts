/** One GAN in the worker: its trainer, what is drawn of it, its curves. */
import type { Dataset } from "tsgan/data";
import { type Equilibrium, equilibriumOf } from "tsgan/losses";
import type { Device } from "tsgan/runtime";
import { type GanTrainer, loadCheckpoint, saveCheckpoint } from "tsgan/train";
import { messageOf } from "../engine/message-of.ts";
import { type Figures, figureKeys, figuresOf, type Reference } from "./figures.ts";
import { History } from "./history.ts";
import type { Notes, Player } from "./narration.ts";
import { type Picture, type SurfaceKind, surfaceKindOf } from "./picture.ts";
import type { CurveKey, Curves, GanStatus, Mark, SavedGan, StepKind } from "./protocol.ts";
import { type GanSettings, liveChanges } from "./settings.ts";
import { trainerFor } from "./trainer.ts";
import { createViews, type Views } from "./views.ts";

const CURVE_POINTS = 1000;

const curveKeys: readonly CurveKey[] = [
  "discriminatorLoss",
  "generatorLoss",
  "discriminatorGradient",
  "generatorGradient",
];

export interface GanOptions {
  readonly settings: GanSettings;
  readonly dataset: Dataset;
  readonly device: Device;
  /** Real points that are shown. */
  readonly cloud: Float32Array;
  readonly reference: Reference;
}

export class Gan {
  readonly surface: SurfaceKind;
  readonly #options: GanOptions;
  #settings: GanSettings;
  #trainer: GanTrainer;
  #views: Views;
  readonly #losses = new History<CurveKey>(curveKeys, CURVE_POINTS);
  readonly #figures = new History(figureKeys, CURVE_POINTS);
  #marks: readonly Mark[] = [];
  /** What the discriminator's steps of an iteration gave whose generator's step is still to come. */
  #begun: Readonly<Record<string, number>> = {};
  #notes: Notes = {};
  #problem: string | undefined;
  #picture: Picture | undefined;

  static async create(options: GanOptions): Promise<Gan> {
    const { settings, dataset, device, cloud } = options;
    const trainer = trainerFor(settings, dataset, { device });
    const views = await createViews(trainer, cloud, settings.seed);
    await trainer.prepare();
    return new Gan(options, trainer, views);
  }

  private constructor(options: GanOptions, trainer: GanTrainer, views: Views) {
    const { loss } = trainer.gan;
    this.#options = options;
    this.#settings = options.settings;
    this.#trainer = trainer;
    this.#views = views;
    this.surface = surfaceKindOf(loss.scores, loss.usesReal === true);
  }

  get step(): number {
    return this.#trainer.progress.step;
  }

  get status(): GanStatus {
    const { discriminator, generator } = this.#trainer.progress.moves;
    return { discriminatorSteps: discriminator, generatorSteps: generator, problem: this.#problem };
  }

  get parameters(): { readonly generator: number; readonly discriminator: number } {
    const { generator, discriminator } = this.#trainer.parameterCounts;
    return { generator, discriminator };
  }

  get curves(): Curves {
    return { losses: this.#losses.columns(), figures: this.#figures.columns() };
  }

  get equilibrium(): Equilibrium | undefined {
    return equilibriumOf(this.#trainer.gan.loss);
  }

  get criticSteps(): number {
    return this.#settings.criticSteps;
  }

  /** Changes of settings while it ran. */
  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** Figures of the latest steps. */
  get notes(): Notes {
    return this.#notes;
  }

  /** Does nothing where training has failed. The figures of an iteration go into the curves. */
  async advance(kind: StepKind): Promise<void> {
    await this.#guarded(async () => {
      if (kind !== "iteration") {
        this.#note(await this.#trainer.advance(kind));
        return;
      }
      const { step, ...figures } = await this.#trainer.iterate();
      this.#note(figures);
      this.#losses.add(step, figures);
    });
  }

  /** An iteration step by step: as many of the discriminator as it has, then one of the generator, which ends it. */
  async move(player: Player): Promise<void> {
    await this.#guarded(async () => {
      const endsIteration = player === "generator";
      const figures = await this.#trainer.advance(player, { endsIteration });
      this.#note(figures);
      this.#begun = { ...this.#begun, ...figures };
      if (!endsIteration) return;
      this.#losses.add(this.step, this.#begun);
      this.#begun = {};
    });
  }

  #note(figures: Readonly<Record<string, number>>): void {
    const { discriminatorLoss, generatorLoss, realScore, fakeScore } = { ...this.#notes, ...figures };
    this.#notes = { discriminatorLoss, generatorLoss, realScore, fakeScore };
  }

  /** Goes on with other settings, which leave the networks as they are. Between two iterations. */
  async change(settings: GanSettings): Promise<void> {
    const changes = liveChanges(this.#settings, settings);
    if (changes === undefined) throw new Error("networks of other sizes begin anew");
    if (changes.length === 0) return;
    await this.#guarded(async () => {
      const { dataset, device, cloud } = this.#options;
      const trainer = trainerFor(settings, dataset, { device });
      loadCheckpoint(trainer, await saveCheckpoint(this.#trainer));
      const views = await createViews(trainer, cloud, settings.seed);
      await this.dispose();
      [this.#trainer, this.#views, this.#settings] = [trainer, views, settings];
      this.#marks = [...this.#marks, { step: this.step, text: changes.join("; ") }];
    });
  }

  async measure(): Promise<void> {
    await this.#guarded(async () => {
      const { samples, slope } = await this.#views.measure();
      if (!samples.every(Number.isFinite)) throw new Error("the generated points are not finite");
      const figures: Figures = { ...figuresOf(this.#options.reference, samples), slope };
      this.#figures.add(this.step, figures);
    });
  }

  /**
   * After a failure the last picture before it, and the last one too where it need not be `fresh`.
   *
   * @param surface whether the surface is to be as new as the rest; otherwise it is the last one's
   */
  async picture({
    fresh = true,
    surface: isNew = true,
  }: {
    readonly fresh?: boolean;
    readonly surface?: boolean;
  } = {}): Promise<Picture> {
    const before = this.#picture;
    if (before === undefined || (fresh && this.#problem === undefined)) {
      const points = await this.#views.points();
      this.#picture = { ...points, surface: isNew || !before ? await this.#views.surface() : before.surface };
    }
    const { fake, surface, manifold, pull } = this.#picture!;
    // Their buffers are given away to the page.
    return { fake: fake.slice(), surface: surface.slice(), manifold: manifold.slice(), pull: pull.slice() };
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    if (this.#problem !== undefined) return;
    try {
      await work();
    } catch (error) {
      this.#problem = messageOf(error);
    }
  }

  /** Undefined where training has failed: nobody wants to go on from there. */
  async save(): Promise<SavedGan | undefined> {
    if (this.#problem !== undefined) return undefined;
    return {
      checkpoint: await saveCheckpoint(this.#trainer),
      losses: this.#losses.save(),
      figures: this.#figures.save(),
      marks: this.#marks,
    };
  }

  restore({ checkpoint, losses, figures, marks = [] }: SavedGan): void {
    loadCheckpoint(this.#trainer, checkpoint);
    this.#marks = marks;
    this.#losses.restore(losses);
    this.#figures.restore(figures);
  }

  async dispose(): Promise<void> {
    await this.#views.dispose();
    await this.#trainer.dispose();
  }
}
