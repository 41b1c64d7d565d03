/** Directions of the latent space in which images change most. */

/**
 * Unit eigenvectors of a symmetric matrix [n, n], largest eigenvalue first, by cyclic Jacobi rotations (Golub & Van Loan
 * 2013, §8.5). For the some hundred rows of a latent space: n³ a sweep.
 */
export const symmetricEigenvectors = (matrix: Float64Array, n: number): Float64Array[] => {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const offDiagonal = (): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += a[i * n + j] ** 2;
    return Math.sqrt(sum);
  };
  const scale = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  const MOST_SWEEPS = 30;
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal() > 1e-12 * scale; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q];
        if (apq === 0) continue;
        const tau = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
        const c = 1 / Math.hypot(1, t);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [akp, akq] = [a[k * n + p], a[k * n + q]];
          a[k * n + p] = c * akp - s * akq;
          a[k * n + q] = s * akp + c * akq;
        }
        for (let k = 0; k < n; k++) {
          const [apk, aqk] = [a[p * n + k], a[q * n + k]];
          a[p * n + k] = c * apk - s * aqk;
          a[q * n + k] = s * apk + c * aqk;
          // Eigenvectors as rows of v.
          const [vp, vq] = [v[p * n + k], v[q * n + k]];
          v[p * n + k] = c * vp - s * vq;
          v[q * n + k] = s * vp + c * vq;
        }
      }
    }
  }
  return Array.from({ length: n }, (_, i) => i)
    .sort((i, j) => a[j * n + j] - a[i * n + i])
    .map((i) => v.slice(i * n, (i + 1) * n));
};

/** Step of the difference quotients: far above float32's rounding in an image, small against a latent number. */
const STEP = 0.05;

/**
 * The latent vectors, [1 + d, d], whose images give the Jacobian at z: z itself, then z + h eᵢ for each number of it.
 */
export const probesAround = (z: Float32Array): Float32Array => {
  const d = z.length;
  const probes = new Float32Array((1 + d) * d);
  for (let i = 0; i <= d; i++) {
    probes.set(z, i * d);
    if (i > 0) probes[i * d + i - 1] += STEP;
  }
  return probes;
};

/**
 * The first `count` principal directions at a latent vector z: unit eigenvectors of JᵀJ with J = ∂G/∂z, largest first. A
 * step along the first changes the image more, in squared pixels, than one of that length along any other (the metric
 * that G pulls back: Shao et al. 2018, arXiv:1711.08014).
 *
 * @param images generator's images of `probesAround(z)`
 */
export const principalDirections = (images: Float32Array, latent: number, count: number): Float64Array[] => {
  const pixels = images.length / (latent + 1);
  const columns = Array.from({ length: latent }, (_, i) => {
    const column = new Float64Array(pixels);
    for (let k = 0; k < pixels; k++) column[k] = (images[(i + 1) * pixels + k] - images[k]) / STEP;
    return column;
  });
  const gram = new Float64Array(latent * latent);
  for (let i = 0; i < latent; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < pixels; k++) sum += columns[i][k] * columns[j][k];
      gram[i * latent + j] = sum;
      gram[j * latent + i] = sum;
    }
  }
  return symmetricEigenvectors(gram, latent).slice(0, count);
};
