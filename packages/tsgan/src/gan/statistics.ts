/** What a record says of the discriminator's scores. They are cheaper to take on the host. */

export const meanOf = (scores: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += scores[i];
  return sum / scores.length;
};

/** Share of examples that the sign of the score puts right. */
export const rightShare = (real: ArrayLike<number>, fake: ArrayLike<number>): number => {
  let right = 0;
  for (let i = 0; i < real.length; i++) if (real[i] > 0) right++;
  for (let i = 0; i < fake.length; i++) if (fake[i] < 0) right++;
  return right / (real.length + fake.length);
};
