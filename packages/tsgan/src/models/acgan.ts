/** AC-GAN (Odena et al. 2017, arXiv:1610.09585): the discriminator names the class as well, and both players want it right. */
import { flag, number } from "../define/index.ts";
import { classificationTerm } from "../losses/index.ts";
import { backboneOf, backboneOptions } from "./any-data.ts";
import { labelled, projected } from "./conditional.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";

/**
 * The generator sees the label as a one-hot vector beside z; the discriminator sees x, with `projection` the label too, and
 * gives a score and, as head `classes`, the logits [N, classes]. With weights w, D minimises its adversarial loss + w_real CE(real) +
 * w_fake CE(fake), G its adversarial loss + w_G CE(fake). Odena et al. 2017, arXiv:1610.09585.
 */
export const acgan = defineModel({
  name: "acgan",
  title: "conditional, for labelled data: the discriminator names the class",
  data: "any",
  needsLabels: true,
  papers: [
    {
      authors: "Odena, Olah and Shlens",
      year: 2017,
      title: "Conditional image synthesis with auxiliary classifier GANs",
      arxiv: "1610.09585",
    },
    {
      authors: "Miyato and Koyama",
      year: 2018,
      title: "cGANs with projection discriminator",
      arxiv: "1802.05637",
    },
  ],
  options: {
    ...backboneOptions,
    ...latentOptions(64),
    classWeight: number({
      default: 1,
      least: 0,
      means: "weight of the cross-entropy of the real examples' classes in the discriminator's loss",
    }),
    // With 0, as in the code of Gulrajani et al. 2017, only real examples say what a class looks like; otherwise the players may
    // agree on any pattern.
    fakeClassWeight: number({
      default: 0,
      least: 0,
      means: "weight of the generated samples' classes in the discriminator's loss: 1 in the paper",
    }),
    generatorClassWeight: number({
      default: 1,
      least: 0,
      means: "weight of the classes in the generator's loss",
    }),
    projection: flag({
      default: false,
      means: "whether the score is told the label too, by projection, as that of cgan",
    }),
  },
  create: (options, data) => {
    const { classes } = data;
    const { classWeight, fakeClassWeight, generatorClassWeight, projection } = options;
    const { backbone, options: own } = backboneOf("acgan", options, data);
    const score = backbone.head(1);
    const logits = backbone.head(classes);
    return {
      options: own,
      latent: latentOf(options),
      scores: "logit",
      classes,
      terms: [
        classificationTerm({
          realWeight: classWeight,
          fakeWeight: fakeClassWeight,
          generatorWeight: generatorClassWeight,
        }),
      ],
      generator: ({ z, label }, scope) => backbone.generator(labelled(z, label!, classes), scope),
      discriminator: ({ x, label }, scope) => {
        const features = backbone.body(x, scope.child("body"));
        const heads = { classes: logits(features, scope.child("classes")) };
        const scores = score(features, scope.child("head"));
        return {
          scores: projection
            ? projected(scores, features, label!, classes, scope.child("projection"))
            : scores,
          features,
          heads,
        };
      },
    };
  },
});
