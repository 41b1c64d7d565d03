/** AC-GAN (Odena et al. 2017, arXiv:1610.09585): the discriminator names the class as well, and both players want it right. */
import { add, mul } from "../graph/index.ts";
import { classCrossEntropy } from "../losses/auxiliary.ts";
import { checkNumber } from "../options.ts";
import { type ClassOptions, labelled, resolveClasses } from "./conditional.ts";
import type { Model, Term } from "./model.ts";

export interface AcganOptions extends ClassOptions {
  /** Weight of the cross-entropy of the real examples' classes in the discriminator's loss. */
  readonly classWeight?: number;
  /**
   * Weight of the generated samples' classes in the discriminator's loss: 1 in the paper. With 0, as in the code of
   * Gulrajani et al. 2017, only real examples say what a class looks like; otherwise the players may agree on any
   * pattern.
   */
  readonly fakeClassWeight?: number;
  /** Weight of the classes in the generator's loss. */
  readonly generatorClassWeight?: number;
}

const classTerm = (real: number, fake: number, generator: number): Term => ({
  name: "class",
  discriminator: ({ realOutput, fakeOutput, label }) => {
    const ofReal = mul(classCrossEntropy(realOutput.heads!.classes, label!), real);
    return fake === 0 ? ofReal : add(ofReal, mul(classCrossEntropy(fakeOutput.heads!.classes, label!), fake));
  },
  generator: ({ fakeOutput, label }) => mul(classCrossEntropy(fakeOutput.heads!.classes, label!), generator),
});

/**
 * The generator sees the label as a one-hot vector beside z; the discriminator sees x alone and gives a score and, as
 * head `classes`, the logits [N, classes]. With weights w, D minimises its adversarial loss + w_real CE(real) +
 * w_fake CE(fake), G its adversarial loss + w_G CE(fake).
 */
export const acgan = (options: AcganOptions): Model => {
  const { classWeight = 1, fakeClassWeight = 0, generatorClassWeight = 1 } = options;
  const weights = { classWeight, fakeClassWeight, generatorClassWeight };
  for (const [name, weight] of Object.entries(weights)) checkNumber("acgan", name, weight, { least: 0 });
  const { backbone, resolved } = resolveClasses("acgan", options);
  const { classes } = resolved;
  const score = backbone.head(1);
  const logits = backbone.head(classes);
  return {
    name: "acgan",
    options: { ...resolved, ...weights },
    shape: options.shape,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "logit",
    classes,
    terms: [classTerm(classWeight, fakeClassWeight, generatorClassWeight)],
    generator: ({ z, label }, scope) => backbone.generator(labelled(z, label!, classes), scope),
    discriminator: ({ x }, scope) => {
      const features = backbone.body(x, scope.child("body"));
      const heads = { classes: logits(features, scope.child("classes")) };
      return { scores: score(features, scope.child("head")), features, heads };
    },
  };
};
