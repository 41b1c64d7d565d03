/** The words of the page, each in two sentences, with its formula as TeX and the lesson that shows it. */

export interface Term {
  readonly title: string;
  readonly text: string;
  readonly formula: string;
  /** Name of a lesson. */
  readonly lesson: string;
}

const tex = String.raw;

export const terms = {
  wasserstein: {
    title: "Distance W₁",
    text: "The least work that moves the generated points onto the real ones: how far each has to go, on average. Less is better; two samples of the data themselves are about 0.2 apart here.",
    formula: tex`W_1(P, Q) = \min_{\gamma} \, \mathbb{E}_{(x, y) \sim \gamma} \lVert x - y \rVert`,
    lesson: "earth-mover",
  },
  js: {
    title: "JS divergence",
    text: "How well one could tell real from generated points cell by cell, in nats: 0 where the two agree, log 2 where they share no cell. The original GAN's loss is this divergence at its best discriminator.",
    formula: tex`\mathrm{JS}(P, Q) = \tfrac12 \mathrm{KL}(P \Vert M) + \tfrac12 \mathrm{KL}(Q \Vert M)`,
    lesson: "divergences",
  },
  kl: {
    title: "KL divergence",
    text: "What it costs, in nats, to take the generator's distribution for that of the data. It grows without bound where the generator never goes.",
    formula: tex`\mathrm{KL}(P \Vert Q) = \sum_i p_i \log \frac{p_i}{q_i}`,
    lesson: "divergences",
  },
  precision: {
    title: "Precision",
    text: "The share of generated points that lie among real ones. High precision and low recall is a generator that makes few things well.",
    formula: tex`\tfrac1n \left|\{\, i : g_i \in \textstyle\bigcup_j B(x_j, r_j) \,\}\right|`,
    lesson: "mode-collapse",
  },
  recall: {
    title: "Recall",
    text: "The share of real points that lie among generated ones. It falls when the generator leaves parts of the data out.",
    formula: tex`\tfrac1n \left|\{\, j : x_j \in \textstyle\bigcup_i B(g_i, r_i) \,\}\right|`,
    lesson: "mode-collapse",
  },
  slope: {
    title: "Slope of D",
    text: "How steep the discriminator is halfway between real and generated points. Without a slope the generator learns nothing; with a very steep one training shakes.",
    formula: tex`\mathbb{E}\, \lVert \nabla_x D(x) \rVert`,
    lesson: "vanishing-gradient",
  },
  modes: {
    title: "Modes covered",
    text: "The clusters of the data that generated points reach: each counts when a tenth of its share of 2,048 points lies within 3 σ. A generator that drops modes has collapsed.",
    formula: tex`\left|\{\, k : n_k \ge \tfrac{1}{10} \tfrac{n}{K} \,\}\right|`,
    lesson: "mode-collapse",
  },
  quality: {
    title: "Samples within 3 σ",
    text: "The share of generated points that lie within three deviations of the centre of a mode. The rest wander between the modes.",
    formula: tex`\tfrac1n \left|\{\, i : \min_k \lVert g_i - c_k \rVert \le 3\sigma \,\}\right|`,
    lesson: "mode-collapse",
  },
  losses: {
    title: "Losses",
    text: "What each player tries to make small; the dashed line is where the discriminator's loss ends when it can tell nothing apart. Losses that go up and down are no alarm: each player moves the other's goal.",
    formula: tex`L_D = -\mathbb{E} \log \sigma(D(x)) - \mathbb{E} \log(1 - \sigma(D(G(z))))`,
    lesson: "optimal-discriminator",
  },
  noise: {
    title: "Noise z",
    text: "Random numbers from which the generator makes its points: the same z gives the same point. Drawn as a lattice, so that one can see what the generator does to it.",
    formula: tex`z \sim \mathcal{N}(0, I)`,
    lesson: "low-dimensional-supports",
  },
  grid: {
    title: "Latent grid",
    text: "The lattice of the noise after the generator has bent it: lines that are close make many points, stretched cells few. Where it folds, two different z give the same point.",
    formula: tex`z \mapsto G(z)`,
    lesson: "low-dimensional-supports",
  },
  generator: {
    title: "Generator G",
    text: "A network that turns noise into points and wants them to be taken for real. It never sees a real point: all it learns comes through the discriminator's gradient.",
    formula: tex`L_G = -\mathbb{E} \log \sigma(D(G(z)))`,
    lesson: "generator-gradients",
  },
  discriminator: {
    title: "Discriminator D",
    text: "A network that gives each place a score: blue where it believes points to be real, orange where generated. At its best it says how much of what lies there is real.",
    formula: tex`D^*(x) = \frac{p_r(x)}{p_r(x) + p_g(x)}`,
    lesson: "optimal-discriminator",
  },
  samples: {
    title: "Samples",
    text: "What the generator makes of the noise: the orange points. They are good when nobody can tell them from the blue ones.",
    formula: tex`x = G(z)`,
    lesson: "generator-gradients",
  },
  real: {
    title: "Real points",
    text: "A sample of the distribution that the generator is to learn, drawn in blue. Only the discriminator sees it.",
    formula: tex`x \sim p_r`,
    lesson: "optimal-discriminator",
  },
  gradients: {
    title: "Gradients",
    text: "For each generated point, the direction in which it would fool the discriminator best: the arrows. They go back through D into G's weights; where D is flat or sure there is nothing to follow.",
    formula: tex`-\partial L_G / \partial x`,
    lesson: "generator-gradients",
  },
  ema: {
    title: "EMA of the generator",
    text: "An average of the generator's weights over the last iterations, which is what is shown and measured. The game goes round and round; the average stands nearly still.",
    formula: tex`\bar\theta \leftarrow \beta \bar\theta + (1 - \beta)\, \theta`,
    lesson: "nash-oscillation",
  },
  penalty: {
    title: "Penalties",
    text: "What is added to the discriminator's loss to keep its slope in check. R1 makes it flat on the data, the gradient penalty of WGAN-GP holds its slope at 1, clipping bounds its weights.",
    formula: tex`R_1 = \tfrac{\gamma}{2}\, \mathbb{E}_{x \sim p_r} \lVert \nabla_x D(x) \rVert^2`,
    lesson: "weight-clipping",
  },
  rate: {
    title: "Learning rate",
    text: "How far the weights go in a step. A player that learns much faster than the other wins the game, and then there is nothing more to learn from it.",
    formula: tex`\theta \leftarrow \theta - \eta \, \hat{m} / (\sqrt{\hat{v}} + \varepsilon)`,
    lesson: "nash-oscillation",
  },
  spectral: {
    title: "Spectral norm",
    text: "Each weight matrix of the discriminator is divided by its largest singular value, so that no layer stretches anything. It bounds D's slope everywhere, where a penalty asks for it at some points.",
    formula: tex`\bar{W} = W / \sigma(W), \quad \sigma(W) = \max_{\lVert h \rVert = 1} \lVert W h \rVert`,
    lesson: "weight-clipping",
  },
  critic: {
    title: "Discriminator steps",
    text: "How many steps the discriminator takes before the generator takes one. Losses of the Wasserstein kind want a critic that is near its best.",
    formula: tex`\theta_D \text{ moves } k \text{ times, then } \theta_G \text{ once}`,
    lesson: "critic-estimate",
  },
} as const satisfies Readonly<Record<string, Term>>;

export type TermName = keyof typeof terms;
