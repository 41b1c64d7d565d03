/** Conditional GANs: the label reaches both networks. */
import { choice } from "../define/index.ts";
import { backboneOf, backboneOptions } from "./any-data.ts";
import { labelled, projected, withLabelChannels } from "./conditional.ts";
import { latentOf, latentOptions } from "./latent.ts";
import { defineModel } from "./model.ts";

/**
 * cGAN (Mirza & Osindero 2014, arXiv:1411.1784). The generator sees the label as a one-hot vector beside z. The discriminator with
 * `concatenate` sees it as further channels of x; with `projection` (Miyato & Koyama 2018, arXiv:1802.05637) it scores
 * w·φ(x) + v_y·φ(x), φ the last hidden layer and v one learnt vector a class. (The projection paper's generator has
 * conditional batch norm instead.)
 */
export const cgan = defineModel({
  name: "cgan",
  title: "conditional, for labelled data: the discriminator reads the label",
  data: "any",
  needsLabels: true,
  papers: [
    {
      authors: "Mirza and Osindero",
      year: 2014,
      title: "Conditional generative adversarial nets",
      arxiv: "1411.1784",
    },
    {
      authors: "Miyato and Koyama",
      year: 2018,
      title: "cGANs with projection discriminator",
      arxiv: "1802.05637",
    },
  ],
  notes: "The projection paper's generator has conditional batch norm; here it is given the label beside z",
  options: {
    ...backboneOptions,
    ...latentOptions(64),
    conditioning: choice(["concatenate", "projection"], {
      default: "concatenate",
      means: "how the discriminator reads the label",
    }),
  },
  create: (options, data) => {
    const { classes } = data;
    const { conditioning } = options;
    const { backbone, options: own } = backboneOf("cgan", options, data);
    const score = backbone.head(1);
    return {
      options: own,
      latent: latentOf(options),
      scores: "logit",
      classes,
      generator: ({ z, label }, scope) => backbone.generator(labelled(z, label!, classes), scope),
      discriminator: ({ x, label }, scope) => {
        const seen = conditioning === "concatenate" ? withLabelChannels(x, label!, classes) : x;
        const features = backbone.body(seen, scope.child("body"));
        const scores = score(features, scope.child("head"));
        if (conditioning === "concatenate") return { scores, features };
        return {
          scores: projected(scores, features, label!, classes, scope.child("projection")),
          features,
        };
      },
    };
  },
});
