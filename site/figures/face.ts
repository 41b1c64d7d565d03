/** A picture of one's own: a face, so that one sees what was moved or covered. */
export const SIDE = 16;

/** [SIDE, SIDE] in [−1, 1]. */
export const face = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
  const [x, y] = [(i % SIDE) - 7.5, Math.floor(i / SIDE) - 7.5];
  const inside = Math.hypot(x, y) < 7;
  const eye = Math.hypot(Math.abs(x) - 2.6, y + 2) < 1.3;
  const mouth = y > 1.5 && Math.abs(Math.hypot(x, y - 0.5) - 3.4) < 0.8;
  return inside ? (eye || mouth ? -0.8 : 0.5) : -0.3;
});
