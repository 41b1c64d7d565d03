/** AC-GAN (Odena et al. 2017, arXiv:1610.09585): the discriminator names the class as well, and both players want it right. */
import { mul } from "../graph/index.ts";
import { acgan as classLoss } from "../losses/auxiliary.ts";
import { checkNumber } from "../options.ts";
import { type ClassOptions, labelled, resolveClasses } from "./conditional.ts";
import type { Model, Term } from "./model.ts";

export interface AcganOptions extends ClassOptions {
  /** Weight of the classes' cross-entropy in the discriminator's loss; 1 in the paper. */
  readonly classWeight?: number;
  /** The same in the generator's loss; 1 in the paper, 0.1 in the code of Gulrajani et al. 2017. */
  readonly generatorClassWeight?: number;
}

const classTerm = (discriminatorWeight: number, generatorWeight: number): Term => {
  const loss = classLoss();
  return {
    name: "class",
    discriminator: ({ realOutput, fakeOutput, label }) => {
      const [real, fake] = [realOutput.heads!.classes, fakeOutput.heads!.classes];
      return mul(loss.discriminator(real, label!, fake, label!), discriminatorWeight);
    },
    generator: ({ fakeOutput, label }) =>
      mul(loss.generator(fakeOutput.heads!.classes, label!), generatorWeight),
  };
};

/**
 * The generator sees (z, √L onehot(y)), L the length of z; the discriminator sees x alone and gives a score and, as head `classes`, the logits
 * [N, classes]. D minimises its adversarial loss + CE(real) + CE(fake), G its adversarial loss + CE(fake).
 */
export const acgan = (options: AcganOptions): Model => {
  const { classWeight = 1, generatorClassWeight = 1 } = options;
  checkNumber("acgan", "classWeight", classWeight, { least: 0 });
  checkNumber("acgan", "generatorClassWeight", generatorClassWeight, { least: 0 });
  const { backbone, resolved } = resolveClasses("acgan", options);
  const { classes } = resolved;
  const score = backbone.head(1);
  const logits = backbone.head(classes);
  return {
    name: "acgan",
    options: { ...resolved, classWeight, generatorClassWeight },
    shape: options.shape,
    latent: { size: resolved.latent, distribution: resolved.latentDistribution },
    scores: "logit",
    classes,
    terms: [classTerm(classWeight, generatorClassWeight)],
    generator: ({ z, label }, scope) => backbone.generator(labelled(z, label!, classes), scope),
    discriminator: ({ x }, scope) => {
      const features = backbone.body(x, scope.child("body"));
      const heads = { classes: logits(features, scope.child("classes")) };
      return { scores: score(features, scope.child("head")), features, heads };
    },
  };
};
