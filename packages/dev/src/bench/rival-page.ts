/** What a rival's page gives it: the networks' first weights, and what each move is fed, as tsgan draws them. */
import { randomStream } from "tsgan/random";
import { trainerFor, workloads } from "./workloads.ts";

interface Fed {
  readonly real: Float32Array;
  readonly z: Float32Array;
  /** Of a gradient penalty. */
  readonly mix: Float32Array | undefined;
}

type Weights = Awaited<ReturnType<ReturnType<typeof trainerFor>["weights"]>>;

/** A workload as a rival trains it. */
interface Given {
  /** Its device. */
  readonly way: string;
  readonly images: boolean;
  readonly batch: number;
  readonly criticSteps: number;
  readonly betas: readonly [number, number];
  readonly penalty: boolean;
  readonly shape: readonly number[];
  readonly weights: { readonly generator: Weights; readonly discriminator: Weights };
  /** Of the move of that number of the discriminator, `d`, or the generator, `g`. */
  feeds(player: "d" | "g", move: number): Fed;
}

/** What a rival's script exports: a call of what it gives is an iteration, with the losses before its updates. */
export type Start = (given: Given) => Promise<() => Promise<Readonly<Record<string, number>>>>;

export const givenTo = async (name: string, way: string): Promise<Given> => {
  const { batch, criticSteps, betas, penalty } = workloads[name];
  const trainer = trainerFor(name, undefined);
  const { model } = trainer.gan;
  const real = trainer.game.streams.real.dataset;
  const [weights, other] = [await trainer.weights("generator"), await trainer.weights("discriminator")];
  return {
    way,
    images: model.shape.length === 3,
    batch,
    criticSteps,
    betas,
    penalty: penalty !== undefined,
    shape: model.shape,
    weights: { generator: weights, discriminator: other },
    feeds: (player, move) => {
      const drawn = real.draw(0, move * batch, batch);
      if (drawn instanceof Promise) throw new Error("the examples of workloads are there at once");
      const z = new Float32Array(batch * model.latent.size);
      randomStream(0, `${player}/latent`, move).fillNormal(z);
      const mix = penalty && new Float32Array(batch);
      if (mix !== undefined) randomStream(0, `${player}/uniform0`, move).fillUniform(mix);
      return { real: drawn.examples, z, mix };
    },
  };
};
