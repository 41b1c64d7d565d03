/** One GAN in the worker: its trainer, what is drawn of it, its curves. */
import type { Dataset } from "tsgan/data";
import type { Device } from "tsgan/runtime";
import { type GanTrainer, loadCheckpoint, saveCheckpoint } from "tsgan/train";
import { type Figures, figureKeys, figuresOf, type Reference } from "./figures.ts";
import { History } from "./history.ts";
import { type Picture, type SurfaceKind, surfaceKindOf } from "./picture.ts";
import type { CurveKey, Curves, GanStatus, SavedGan, StepKind } from "./protocol.ts";
import type { GanSettings } from "./settings.ts";
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
  readonly #trainer: GanTrainer;
  readonly #views: Views;
  readonly #reference: Reference;
  readonly #criticSteps: number;
  readonly #losses = new History<CurveKey>(curveKeys, CURVE_POINTS);
  readonly #figures = new History(figureKeys, CURVE_POINTS);
  #problem: string | undefined;
  #picture: Picture | undefined;

  static async create(options: GanOptions): Promise<Gan> {
    const { settings, dataset, device, cloud } = options;
    const trainer = trainerFor(settings, dataset, { device });
    const views = await createViews(trainer, cloud, settings.seed);
    await trainer.prepare();
    return new Gan(options, trainer, views);
  }

  private constructor({ settings, reference }: GanOptions, trainer: GanTrainer, views: Views) {
    const { loss } = trainer.gan;
    this.#trainer = trainer;
    this.#views = views;
    this.#reference = reference;
    this.#criticSteps = settings.criticSteps;
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

  /** Does nothing where training has failed. `figures` of an iteration go into the curves. */
  async advance(kind: StepKind): Promise<void> {
    await this.#guarded(async () => {
      if (kind !== "iteration") {
        await this.#trainer.advance(kind);
        return;
      }
      const { step, ...figures } = await this.#trainer.iterate();
      this.#losses.add(step, figures);
    });
  }

  /** The critic steps of an iteration, one by one. `finishIteration` does the rest of it. */
  async beginIteration(): Promise<Readonly<Record<string, number>>> {
    let figures = {};
    await this.#guarded(async () => {
      for (let i = 0; i < this.#criticSteps; i++) figures = await this.#trainer.advance("discriminator");
    });
    return figures;
  }

  async finishIteration(begun: Readonly<Record<string, number>>): Promise<void> {
    await this.#guarded(async () => {
      const figures = await this.#trainer.advance("generator", { endsIteration: true });
      this.#losses.add(this.step, { ...begun, ...figures });
    });
  }

  async measure(): Promise<void> {
    await this.#guarded(async () => {
      const { samples, slope } = await this.#views.measure();
      if (!samples.every(Number.isFinite)) throw new Error("the generated points are not finite");
      const figures: Figures = { ...figuresOf(this.#reference, samples), slope };
      this.#figures.add(this.step, figures);
    });
  }

  /** After a failure, the last picture before it. */
  async picture(): Promise<Picture> {
    if (this.#problem === undefined || this.#picture === undefined)
      this.#picture = await this.#views.picture();
    const { fake, surface, manifold, pull } = this.#picture;
    // Their buffers are given away to the page.
    return { fake: fake.slice(), surface: surface.slice(), manifold: manifold.slice(), pull: pull.slice() };
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    if (this.#problem !== undefined) return;
    try {
      await work();
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Undefined where training has failed: nobody wants to go on from there. */
  async save(): Promise<SavedGan | undefined> {
    if (this.#problem !== undefined) return undefined;
    return {
      checkpoint: await saveCheckpoint(this.#trainer),
      losses: this.#losses.save(),
      figures: this.#figures.save(),
    };
  }

  restore({ checkpoint, losses, figures }: SavedGan): void {
    loadCheckpoint(this.#trainer, checkpoint);
    this.#losses.restore(losses);
    this.#figures.restore(figures);
  }

  async dispose(): Promise<void> {
    await this.#views.dispose();
    await this.#trainer.dispose();
  }
}
