/** The lessons' formulas as TeX, with their symbols. */
export interface LessonFormulas {
  /** Each on a line of its own; some with a name. */
  readonly display: readonly { readonly name?: string; readonly formula: string }[];
  readonly symbols: readonly (readonly [symbol: string, meaning: string])[];
}

const tex = String.raw;

export const formulas: Readonly<Record<string, LessonFormulas>> = {
  divergences: {
    display: [
      { formula: tex`\mathrm{KL}(P \,\Vert\, Q) = \int p(x) \log \frac{p(x)}{q(x)} \, dx` },
      {
        formula: tex`\begin{aligned} \mathrm{JS}(P, Q) &= \tfrac12 \mathrm{KL}(P \,\Vert\, M) + \tfrac12 \mathrm{KL}(Q \,\Vert\, M) \\ m &= \tfrac12 (p + q) \end{aligned}`,
      },
      { formula: tex`\mathrm{TV}(P, Q) = \tfrac12 \int |p(x) - q(x)| \, dx` },
      { formula: tex`W_1(P, Q) = \int_0^1 |F^{-1}(t) - G^{-1}(t)| \, dt` },
    ],
    symbols: [
      ["p, q", "densities of the data and of the generator"],
      ["m", "density of the even mixture M of both"],
      ["F^{-1}, G^{-1}", "quantile functions of P and Q"],
      [tex`\log`, "natural logarithm: the unit is the nat"],
    ],
  },
  "optimal-discriminator": {
    display: [
      {
        formula: tex`\begin{aligned} V(D) = {} & \mathbb{E}_{x \sim p_r} \log D(x) \\ & + \mathbb{E}_{x \sim p_g} \log (1 - D(x)) \end{aligned}`,
      },
      { formula: tex`D^*(x) = \frac{p_r(x)}{p_r(x) + p_g(x)}` },
      { formula: tex`V(D^*) = 2\, \mathrm{JS}(p_r, p_g) - 2 \log 2` },
    ],
    symbols: [
      ["p_r, p_g", "densities of the real data and of the generated samples"],
      ["D(x)", "probability that x is real, as the discriminator has it"],
      ["V(D)", "value of the game: D raises it, the generator lowers it"],
    ],
  },
  "nash-oscillation": {
    display: [
      { formula: tex`\min_x \max_y \; x y` },
      {
        name: "Simultaneous steps",
        formula: tex`\begin{aligned} x_{t+1} &= x_t - \eta\, y_t \\ y_{t+1} &= y_t + \eta\, x_t \end{aligned}`,
      },
      {
        name: "Alternating",
        formula: tex`\begin{aligned} x_{t+1} &= x_t - \eta\, y_t \\ y_{t+1} &= y_t + \eta\, x_{t+1} \end{aligned}`,
      },
      {
        name: "Optimistic",
        formula: tex`\begin{aligned} x_{t+1} &= x_t - 2\eta\, y_t + \eta\, y_{t-1} \\ y_{t+1} &= y_t + 2\eta\, x_t - \eta\, x_{t-1} \end{aligned}`,
      },
      {
        name: "Consensus",
        formula: tex`\begin{aligned} x_{t+1} &= x_t - \eta\,(y_t + \gamma x_t) \\ y_{t+1} &= y_t + \eta\,(x_t - \gamma y_t) \end{aligned}`,
      },
    ],
    symbols: [
      ["x, y", "what the two players move"],
      [tex`\eta`, "learning rate of both"],
      [tex`\gamma`, "weight of the squared gradient norm in consensus optimisation"],
      [tex`\sqrt{1 + \eta^2}`, "factor by which a simultaneous step moves away from the equilibrium"],
    ],
  },
  "low-dimensional-supports": {
    display: [
      {
        formula: tex`\begin{aligned} P(\{x : D^*(x) = 1\}) &= 1 \\ Q(\{x : D^*(x) = 0\}) &= 1 \end{aligned}`,
      },
      { name: "Almost everywhere on both", formula: tex`\nabla_x D^*(x) = 0` },
      { formula: tex`\mathrm{JS}(P, Q) = \log 2` },
    ],
    symbols: [
      ["P, Q", "laws of the data and of the samples, on manifolds that are not aligned"],
      ["D^*", "a perfect discriminator"],
      [tex`\nabla_x D`, "its slope, which a generator follows"],
    ],
  },
  "generator-gradients": {
    display: [
      { name: "Saturating", formula: tex`\frac{\partial}{\partial s} \log(1 - \sigma(s)) = -\sigma(s) = -D` },
      {
        name: "Non-saturating",
        formula: tex`\frac{\partial}{\partial s} \left(-\log \sigma(s)\right) = -(1 - \sigma(s)) = D - 1`,
      },
      { name: "Least squares", formula: tex`\frac{\partial}{\partial s}\, \tfrac12 (s - 1)^2 = s - 1` },
      { name: "Hinge and Wasserstein", formula: tex`\frac{\partial}{\partial s} (-s) = -1` },
    ],
    symbols: [
      ["s", "score of a generated sample, the output of the discriminator's last layer"],
      [tex`\sigma(s) = 1 / (1 + e^{-s})`, "the sigmoid; D = σ(s)"],
    ],
  },
  "vanishing-gradient": {
    display: [
      {
        name: "Vanishes as D comes near D*",
        formula: tex`\Vert \nabla_\theta\, \mathbb{E}_z \log (1 - D(G_\theta(z))) \Vert`,
      },
      {
        name: "Grows",
        formula: tex`\Vert \nabla_\theta\, \mathbb{E}_z \left[ -\log D(G_\theta(z)) \right] \Vert`,
      },
    ],
    symbols: [
      [tex`\theta`, "weights of the generator G"],
      ["z", "latent vector"],
      ["D", "a discriminator that is trained from scratch against this generator"],
    ],
  },
  "mode-collapse": {
    display: [
      { name: "What G maximises", formula: tex`\mathbb{E}_z \log D(G(z))` },
      {
        name: "reached, for this D, by a single point",
        formula: tex`G(z) = \arg\max_x D(x) \quad \text{for all } z`,
      },
      { name: "Modes covered", formula: tex`\# \{ k : n_k \ge 0.01\, n \}` },
    ],
    symbols: [
      ["G(z)", "sample of the generator from the latent vector z"],
      ["n_k", "samples near mode k: within three standard deviations, or nearest to an image of that digit"],
      ["n", "all samples"],
    ],
  },
  "earth-mover": {
    display: [
      {
        name: "By hand",
        formula: tex`\begin{aligned} \delta_{i+1} &= \delta_i + P_i - Q_i \\ W &= \sum_i |\delta_i| \end{aligned}`,
      },
      {
        name: "As a plan",
        formula: tex`\begin{aligned} W = {} & \min_{\gamma \ge 0} \sum_{i,j} \gamma_{ij} |i - j| \\ & \textstyle \sum_j \gamma_{ij} = P_i, \; \sum_i \gamma_{ij} = Q_j \end{aligned}`,
      },
      {
        name: "Its dual",
        formula: tex`\begin{aligned} W = {} & \max_f \sum_i f_i (P_i - Q_i) \\ & |f_i - f_j| \le |i - j| \end{aligned}`,
      },
    ],
    symbols: [
      ["P_i, Q_i", "earth at place i, and how much should be there"],
      [tex`\delta_i`, "earth carried from place i to the next"],
      [tex`\gamma_{ij}`, "transport plan: earth that goes from place i to place j"],
      ["f", "potential of the dual problem, 1-Lipschitz: the critic"],
    ],
  },
  "parallel-lines": {
    display: [
      {
        name: "For every θ but 0",
        formula: tex`\mathrm{KL} = \infty, \; \mathrm{JS} = \log 2, \; \mathrm{TV} = 1`,
      },
      { formula: tex`W_1 = |\theta|, \quad \frac{d W_1}{d \theta} = \operatorname{sign} \theta` },
    ],
    symbols: [
      [tex`\theta`, "distance of the lines; Q is uniform on {θ} × [0, 1], P on {0} × [0, 1]"],
      ["W_1", "Wasserstein distance of order 1"],
    ],
  },
  "weight-clipping": {
    display: [
      { name: "Clipping", formula: tex`w \leftarrow \min(c, \max(-c, w))` },
      {
        name: "Gradient penalty",
        formula: tex`\lambda\, \mathbb{E}_{\hat x} \left( \Vert \nabla_{\hat x} D(\hat x) \Vert_2 - 1 \right)^2`,
      },
    ],
    symbols: [
      ["w", "each weight of the critic, after each of its steps"],
      ["c", "bound of the weights"],
      [tex`\hat x`, "a random point between a real and a generated one"],
      [tex`\lambda`, "weight of the penalty: 10 here, 0.1 where the values are drawn"],
      ["h_l", "output of hidden layer l; the input is h_{0}"],
    ],
  },
  "critic-estimate": {
    display: [
      { name: "Critic", formula: tex`\mathbb{E}\, D(x) - \mathbb{E}\, D(G(z)) \;\approx\; K \, W_1` },
      {
        name: "Discriminator",
        formula: tex`\begin{aligned} \log 2 & + \tfrac12 \, \mathbb{E} \log D(x) \\ & + \tfrac12 \, \mathbb{E} \log (1 - D(G(z))) \;\le\; \mathrm{JS} \end{aligned}`,
      },
    ],
    symbols: [
      ["D", "critic, or discriminator"],
      ["K", "bound of the critic's slope, near 1 under the gradient penalty"],
      [tex`W_1, \mathrm{JS}`, "distances of the laws of real and generated images"],
    ],
  },
  "created-equal": {
    display: [
      {
        formula: tex`F_1 = \frac{2 \cdot \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}`,
      },
      { name: "Spread within a loss", formula: tex`\sqrt{\tfrac1L \textstyle\sum_l s_l^2}` },
      { name: "Spread between losses", formula: tex`\mathrm{std}_l(\bar F_l)` },
    ],
    symbols: [
      [tex`\text{precision}`, "share of the generated images that lie near a triangle"],
      [tex`\text{recall}`, "share of unseen triangles that some generated image comes near"],
      [tex`\bar F_l, s_l`, "mean and standard deviation of F1 over the runs of loss l"],
      ["L", "number of losses"],
    ],
  },
};
