/** Experiments worth starting from. Each is a link: what it says is what the address of the page says then. */
export interface Example {
  readonly name: string;
  /** What to look at. */
  readonly text: string;
  readonly query: string;
}

/** What a newcomer sees: that it works, that it fails, and what repairs it. */
export const firstExamples = [
  {
    name: "It works",
    text: "The generator finds all eight clusters, and stays.",
    query: "noise=0.1&pen=r1*weight*0.05&dlr=0.003",
  },
  {
    name: "It collapses",
    text: "With the hinge loss and a fast generator, all points run to one spot.",
    query: "noise=0.1&loss=hinge&glr=0.003&dlr=0.002",
  },
  {
    name: "Another loss repairs it",
    text: "The same two networks side by side: only B’s loss is another.",
    query: "noise=0.1&loss=hinge&glr=0.003&dlr=0.002&gans=2&b.loss=least-squares",
  },
] as const satisfies readonly Example[];

const WGAN_GP = "loss=wasserstein&pen=gradient-penalty*weight*0.1&glr=0.002&dlr=0.002&k=2";

export const examples: readonly Example[] = [
  ...firstExamples,
  {
    name: "WGAN-GP finds all modes",
    text: "The penalty keeps the critic's slope in check, and W₁ falls as the points find the ring.",
    query: WGAN_GP,
  },
  {
    name: "With and without R1",
    text: "The same game twice; B's discriminator is kept flat on the data, and the samples settle.",
    query: "glr=0.002&dlr=0.002&gans=2&b.pen=r1*weight*0.05",
  },
  {
    name: "Weight clipping or gradient penalty",
    text: "Both hold the critic's slope; clipped weights leave a surface that is too simple.",
    query: `${WGAN_GP}&gans=2&b.pen=weight-clipping*limit*0.1`,
  },
  {
    name: "Saturating or not",
    text: "Minimax against non-saturating: watch the arrows of A vanish where D is sure.",
    query: "loss=minimax&dlr=0.005&gans=2&b.loss=non-saturating",
  },
  {
    name: "One latent dimension",
    text: "The generator bends a line through the spiral: it cannot fill the plane.",
    query: "data=spiral&z=1&g=128-128&d=128-128&pen=r1*weight*0.05",
  },
  {
    name: "Twenty-five modes",
    text: "A grid drops modes; four losses side by side.",
    query:
      "data=grid&pen=r1*weight*0.05&glr=0.002&dlr=0.002&gans=4&b.loss=wasserstein&b.pen=gradient-penalty*weight*0.1&b.k=2&c.loss=hinge&d.loss=relativistic-paired",
  },
  {
    name: "Averaged generator",
    text: "B shows a moving average of the same generator: the game goes round, the average stands still.",
    query: "glr=0.002&dlr=0.002&gans=2&b.ema=0.995",
  },
  {
    name: "A discriminator that learns too fast",
    text: "Ten times the learning rate of the generator, against equal ones.",
    query: "gans=2&b.dlr=0.01",
  },
  {
    name: "No discriminator's score: MMD",
    text: "The discriminator is a feature map, and a kernel compares the batches.",
    query: "data=moons&loss=mmd-gan&code=1&pen=gradient-penalty*weight*0.1&b=64",
  },
];
