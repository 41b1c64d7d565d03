/** The lessons' formulas as TeX, with their symbols. */
export interface LessonFormulas {
  readonly display: readonly string[];
  readonly symbols: readonly (readonly [symbol: string, meaning: string])[];
}

const tex = String.raw;

export const formulas: Readonly<Record<string, LessonFormulas>> = {
  divergences: {
    display: [
      tex`\mathrm{KL}(P \,\Vert\, Q) = \int p(x) \log \frac{p(x)}{q(x)} \, dx`,
      tex`\mathrm{JS}(P, Q) = \tfrac12 \mathrm{KL}(P \,\Vert\, M) + \tfrac12 \mathrm{KL}(Q \,\Vert\, M), \quad m = \tfrac12 (p + q)`,
      tex`\mathrm{TV}(P, Q) = \tfrac12 \int |p(x) - q(x)| \, dx`,
      tex`W_1(P, Q) = \int_0^1 |F^{-1}(t) - G^{-1}(t)| \, dt`,
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
      tex`V(D) = \mathbb{E}_{x \sim p_r} \log D(x) + \mathbb{E}_{x \sim p_g} \log (1 - D(x))`,
      tex`D^*(x) = \frac{p_r(x)}{p_r(x) + p_g(x)}`,
      tex`V(D^*) = 2\, \mathrm{JS}(p_r, p_g) - 2 \log 2`,
    ],
    symbols: [
      ["p_r, p_g", "densities of the real data and of the generated samples"],
      ["D(x)", "probability that x is real, as the discriminator has it"],
      ["V(D)", "value of the game: D raises it, the generator lowers it"],
    ],
  },
  "nash-oscillation": {
    display: [
      tex`\min_x \max_y \; x y`,
      tex`\text{simultaneous:} \quad x_{t+1} = x_t - \eta\, y_t, \quad y_{t+1} = y_t + \eta\, x_t`,
      tex`\text{alternating:} \quad x_{t+1} = x_t - \eta\, y_t, \quad y_{t+1} = y_t + \eta\, x_{t+1}`,
      tex`\text{optimistic:} \quad x_{t+1} = x_t - 2\eta\, y_t + \eta\, y_{t-1}, \quad y_{t+1} = y_t + 2\eta\, x_t - \eta\, x_{t-1}`,
      tex`\text{consensus:} \quad x_{t+1} = x_t - \eta\,(y_t + \gamma x_t), \quad y_{t+1} = y_t + \eta\,(x_t - \gamma y_t)`,
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
      tex`P(\{x : D^*(x) = 1\}) = 1, \qquad Q(\{x : D^*(x) = 0\}) = 1`,
      tex`\nabla_x D^*(x) = 0 \quad \text{almost everywhere on both}`,
      tex`\mathrm{JS}(P, Q) = \log 2`,
    ],
    symbols: [
      ["P, Q", "laws of the data and of the samples, on manifolds that are not aligned"],
      ["D^*", "a perfect discriminator"],
      [tex`\nabla_x D`, "its slope, which a generator follows"],
    ],
  },
  "generator-gradients": {
    display: [
      tex`\frac{\partial}{\partial s} \log(1 - \sigma(s)) = -\sigma(s) = -D`,
      tex`\frac{\partial}{\partial s} \left(-\log \sigma(s)\right) = -(1 - \sigma(s)) = D - 1`,
      tex`\frac{\partial}{\partial s}\, \tfrac12 (s - 1)^2 = s - 1, \qquad \frac{\partial}{\partial s} (-s) = -1`,
    ],
    symbols: [
      ["s", "score of a generated sample, the output of the discriminator's last layer"],
      [tex`\sigma(s) = 1 / (1 + e^{-s})`, "the sigmoid; D = σ(s)"],
    ],
  },
  "vanishing-gradient": {
    display: [
      tex`\Vert \nabla_\theta\, \mathbb{E}_z \log (1 - D(G_\theta(z))) \Vert \;\to\; 0 \quad \text{as } D \to D^*`,
      tex`\Vert \nabla_\theta\, \mathbb{E}_z \left[ -\log D(G_\theta(z)) \right] \Vert \quad \text{grows}`,
    ],
    symbols: [
      [tex`\theta`, "weights of the generator G"],
      ["z", "latent vector"],
      ["D", "a discriminator that is trained from scratch against this generator"],
    ],
  },
  "mode-collapse": {
    display: [
      tex`\max_G \; \mathbb{E}_z \log D(G(z)) \quad \text{is reached by} \quad G(z) = \arg\max_x D(x)`,
      tex`\text{covered} = \# \{ k : n_k \ge 0.01\, n \}`,
    ],
    symbols: [
      ["G(z)", "sample of the generator from the latent vector z"],
      ["n_k", "samples near mode k: within three standard deviations, or nearest to an image of that digit"],
      ["n", "all samples"],
    ],
  },
  "earth-mover": {
    display: [
      tex`\delta_{i+1} = \delta_i + P_i - Q_i, \qquad W = \sum_i |\delta_i|`,
      tex`W = \min_{\gamma \ge 0} \sum_{i,j} \gamma_{ij} |i - j| \quad \text{with} \quad \sum_j \gamma_{ij} = P_i, \; \sum_i \gamma_{ij} = Q_j`,
      tex`W = \max_f \sum_i f_i (P_i - Q_i) \quad \text{with} \quad |f_i - f_j| \le |i - j|`,
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
      tex`\mathrm{KL} = \infty, \quad \mathrm{JS} = \log 2, \quad \mathrm{TV} = 1 \qquad (\theta \ne 0)`,
      tex`W_1 = |\theta|, \qquad \frac{d W_1}{d \theta} = \operatorname{sign} \theta`,
    ],
    symbols: [
      [tex`\theta`, "distance of the lines; Q is uniform on {θ} × [0, 1], P on {0} × [0, 1]"],
      ["W_1", "Wasserstein distance of order 1"],
    ],
  },
  "weight-clipping": {
    display: [
      tex`\text{clipping:} \quad w \leftarrow \min(c, \max(-c, w))`,
      tex`\text{penalty:} \quad \lambda\, \mathbb{E}_{\hat x} \left( \Vert \nabla_{\hat x} D(\hat x) \Vert_2 - 1 \right)^2`,
    ],
    symbols: [
      ["w", "each weight of the critic, after each of its steps"],
      ["c", "bound of the weights"],
      [tex`\hat x`, "a random point between a real and a generated one"],
      [tex`\lambda`, "weight of the penalty, 10 here"],
      ["h_l", "output of hidden layer l; the input is h_0"],
    ],
  },
  "critic-estimate": {
    display: [
      tex`\text{critic:} \quad \mathbb{E}\, D(x) - \mathbb{E}\, D(G(z)) \;\approx\; K \, W_1`,
      tex`\text{discriminator:} \quad \log 2 + \tfrac12 \left( \mathbb{E} \log D(x) + \mathbb{E} \log (1 - D(G(z))) \right) \;\le\; \mathrm{JS}`,
    ],
    symbols: [
      ["D", "critic, or discriminator"],
      ["K", "bound of the critic's slope, near 1 under the gradient penalty"],
      [tex`W_1, \mathrm{JS}`, "distances of the laws of real and generated images"],
    ],
  },
  "created-equal": {
    display: [
      tex`F_1 = \frac{2 \cdot \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}`,
      tex`\text{within} = \sqrt{\tfrac1L \sum_l s_l^2}, \qquad \text{between} = \mathrm{std}_l(\bar F_l)`,
    ],
    symbols: [
      [tex`\text{precision}`, "share of the generated images that lie near a triangle"],
      [tex`\text{recall}`, "share of unseen triangles that some generated image comes near"],
      [tex`\bar F_l, s_l`, "mean and standard deviation of F1 over the runs of loss l"],
      ["L", "number of losses"],
    ],
  },
};
