/**
 * What is said of recipes, apart from their settings: a page that trains does without it.
 */

export interface RecipeWords {
  /** Where the numbers come from. */
  readonly source: string;
  /** Which of paper and code it follows, and what is not as there. */
  readonly notes: string;
}

/** By the names of the recipes. */
export const recipeWords: Readonly<Record<string, RecipeWords>> = {
  "gan-2014": {
    source: "goodfeli/adversarial, mnist.yaml (read); Goodfellow et al. 2014, arXiv:1406.2661",
    notes:
      "Follows the code. The generator's output bias starts at 0 instead of the logit of the pixels' means, and learning rate and momentum change by update, not by epoch.",
  },
  dcgan: {
    source: "Newmu/dcgan_code, faces/train_uncond_dcgan.py (read); Radford et al. 2016, arXiv:1511.06434",
    notes:
      "Follows the code, whose weight decay the paper does not have. Kernels are 4 × 4 instead of 5 × 5.",
  },
  "dcgan-port": {
    source: "carpedm20/DCGAN-tensorflow, main.py and model.py (read)",
    notes: "Two generator steps for each discriminator step. Kernels are 4 × 4 instead of 5 × 5.",
  },
  pacgan: {
    source: "fjxmlzn/PacGAN, stacked_MNIST_experiments (read); Lin et al. 2018, arXiv:1712.04086",
    notes: "Follows the code. There a batch is of 64 packs, here of 64 examples.",
  },
  lsgan: {
    source:
      "google/compare_gan at 49495fd, params.py and gans/LSGAN.py (read); Mao et al. 2017, arXiv:1611.04076",
    notes:
      'Follows the code, which squares the sigmoid of the score; the paper squares the score itself: discriminatorOutput "score" does that.',
  },
  wgan: {
    source: "martinarjovsky/WassersteinGAN, main.py (read); Arjovsky et al. 2017, arXiv:1701.07875",
    notes:
      "Follows the code, with its bursts of critic steps, which the paper does not have. The code clips before each critic step, tsgan after it; both clip batch norm's scales too.",
  },
  "wgan-gp": {
    source: "igul222/improved_wgan_training, gan_mnist.py (read); Gulrajani et al. 2017, arXiv:1704.00028",
    notes:
      "Follows the code; the paper's algorithm 1 has β1 = 0. The networks are tsgan's DCGAN without norms: 4 × 4 kernels instead of 5 × 5, tanh instead of a sigmoid.",
  },
  "wgan-gp-resnet": {
    source: "igul222/improved_wgan_training, gan_cifar_resnet.py with ACGAN=False (read)",
    notes: "Follows the code, but for the noise U(0, 1/128) that it adds to real images.",
  },
  "wgan-lp": {
    source: "lukovnikov/improved_wgan_training, gan_cifar.py (read); Petzka et al. 2018, arXiv:1709.08894",
    notes: "Follows the code; all but the penalty is wgan-gp's.",
  },
  "wgan-div": {
    source: "eriklindernoren/PyTorch-GAN, wgan_div (read); Wu et al. 2018, arXiv:1712.01026",
    notes:
      'Follows the popular code, which takes the slope at the samples themselves; the paper draws interpolates (at "interpolates"), with the same k and p.',
  },
  dragan: {
    source: "kodalinaveen3/DRAGAN, the notebook for digits (read); Kodali et al. 2017, arXiv:1705.07215",
    notes:
      "Follows the authors' code, but for the points: x + ½ std(x) · U[0, 1) itself, where they go a random part of the way there. Other codes differ again.",
  },
  began: {
    source:
      "carpedm20/BEGAN-tensorflow, config.py and trainer.py (read); Berthelot et al. 2017, arXiv:1703.10717",
    notes:
      "Follows this code, where β1 is 0.9 in effect. Other ports have γ = 0.75 and smaller networks with batch norm. Made for faces: an auto-encoder of digits on black gives inverted ones back as well, and in 6,000 steps of small networks the generator stayed with one of those. `--model study-net --set model.discriminatorOutput=reconstruction`, with images in [0, 1], makes digits.",
  },
  ebgan: {
    source: "hwalsuklee/tensorflow-generative-model-collections (read); Zhao et al. 2017, arXiv:1609.03126",
    notes:
      "Follows this code in all but the energy, here a mean squared error for each example in [−1, 1]; its margin max(1, batch/64) is 1 at batch 64.",
  },
  sngan: {
    source: "google/compare_gan at b8ebb17, BestModelSNDCGan (read); Miyato et al. 2018, arXiv:1802.05957",
    notes:
      "Follows the code, one of the paper's six settings. The widths are those of the paper as ported by RelativisticGAN. Seen: after 300 steps at base 16 on mnist, strokes in the middle of black images, hardly a digit yet.",
  },
  "sngan-resnet": {
    source: "pfnet-research/sngan_projection, configs/sn_cifar10_unconditional.yml (read)",
    notes:
      "Follows the authors' code. Heavy on a processor: width 64 in both networks is a tenth of the work.",
  },
  ragan: {
    source: "AlexiaJM/RelativisticGAN, code/stable.sh (read); Jolicoeur-Martineau 2018, arXiv:1807.00734",
    notes: "Follows the code, whose loss is half of this one: with Adam the same.",
  },
  "rpgan-r1-r2": {
    source: "brownvc/R3GAN, train.py for CIFAR-10 (read); Huang et al. 2024, arXiv:2501.05441",
    notes:
      "Follows the code, but: width 64, one block a resolution and 8 groups instead of 768, 2 and 96; γ stays at 0.05 where it falls to 0.005; no augmentation, where its probability rises to 0.55.",
  },
  "fgan-gan": {
    source: "Nowozin et al. 2016, arXiv:1606.00709, §3 (recalled, not checked)",
    notes:
      "No code of the authors was found. The paper's generator has two layers of 1200 with batch norm; here both networks have two of 240.",
  },
  "fgan-jensen-shannon": {
    source: "Nowozin et al. 2016, arXiv:1606.00709, §3 (recalled, not checked)",
    notes:
      "No code of the authors was found. The paper's generator has two layers of 1200 with batch norm; here both networks have two of 240.",
  },
  "fgan-kl": {
    source: "Nowozin et al. 2016, arXiv:1606.00709, §3 (recalled, not checked)",
    notes:
      "No code of the authors was found. The paper's generator has two layers of 1200 with batch norm; here both networks have two of 240.",
  },
  "fgan-pearson": {
    source: "Nowozin et al. 2016, arXiv:1606.00709, §3 (recalled, not checked)",
    notes:
      "No code of the authors was found. The paper's generator has two layers of 1200 with batch norm; here both networks have two of 240.",
  },
  "fgan-reverse-kl": {
    source: "Nowozin et al. 2016, arXiv:1606.00709, §3 (recalled, not checked)",
    notes:
      "No code of the authors was found. The paper's generator has two layers of 1200 with batch norm; here both networks have two of 240.",
  },
  "fgan-squared-hellinger": {
    source: "Nowozin et al. 2016, arXiv:1606.00709, §3 (recalled, not checked)",
    notes:
      "No code of the authors was found. The paper's generator has two layers of 1200 with batch norm; here both networks have two of 240.",
  },
  "fgan-total-variation": {
    source: "Nowozin et al. 2016, arXiv:1606.00709, §3 (recalled, not checked)",
    notes:
      "No code of the authors was found. The paper's generator has two layers of 1200 with batch norm; here both networks have two of 240.",
  },
  "mmd-gan": {
    source: "mbinkowski/MMD-GAN, mnist.sh and core/model.py (read); Bińkowski et al. 2018, arXiv:1801.01401",
    notes:
      "Follows the code, whose penalty is on the slope of the witness function, but: no L2 term on the features; the learning rate does not watch KID.",
  },
  "mmd-gan-clipping": {
    source: "OctoberChang/MMD-GAN, mmd_gan.py and run_exp.sh (read); Li et al. 2017, arXiv:1705.08584",
    notes:
      "Follows the code, but: MMD² and not its root, and without the auto-encoder (weight 8) and the rank hinge (weight 16).",
  },
  infogan: {
    source: "openai/InfoGAN, launchers/run_mnist_exp.py (read); Chen et al. 2016, arXiv:1606.03657",
    notes:
      "Follows the code, networks included, but for the category's one-hot vector, which is √62/3 long, so that it is not lost beside the noise. Images of more than 32 × 32 get DCGAN's networks.",
  },
  cgan: {
    source: "Newmu/dcgan_code, mnist/train_cond_dcgan.py (read); Mirza & Osindero 2014, arXiv:1411.1784",
    notes:
      "Follows the code, but the label enters at the first layer instead of at every one, and weights do not decay.",
  },
  acgan: {
    source: "Odena et al. 2017, arXiv:1610.09585, appendix (recalled, not checked)",
    notes:
      "Follows the paper's weight 1 of the classes in both losses, of real and of generated images in the discriminator's; the discriminator has batch norm instead of dropout.",
  },
  sgan: {
    source:
      "openai/improved-gan, train_mnist_feature_matching.py (read); Salimans et al. 2016, arXiv:1606.03498",
    notes: "Follows the code's losses; the networks and the learning rate are tsgan's own.",
  },
  pix2pix: {
    source:
      "junyanz/pytorch-CycleGAN-and-pix2pix, pix2pix_model.py (read); Isola et al. 2017, arXiv:1611.07004",
    notes: "Follows the code. No random crops and flips; dropout in training only.",
  },
  cyclegan: {
    source:
      "junyanz/pytorch-CycleGAN-and-pix2pix, cycle_gan_model.py (read); Zhu et al. 2017, arXiv:1703.10593",
    notes:
      "Follows the code. No random crops and flips; one pool for pairs of fakes, where there is one for each kind.",
  },
  "wgan-gp-toy": {
    source: "igul222/improved_wgan_training, gan_toy.py (read)",
    notes: "Follows the code; the penalty is a hundredth of that for images.",
  },
};
