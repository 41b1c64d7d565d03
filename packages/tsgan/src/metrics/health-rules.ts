/**
 * The rules of health, a table: what each looks at, when it speaks, what it advises. Causes stand before their
 * consequences. Levels are those of the loss at equilibrium, or of the run's own history after its warm-up.
 */
import type { Rule } from "./health-rule.ts";
import { digits, fallOf, percent, type Run, trendOf } from "./health-run.ts";
import {
  either,
  gradientPenalty,
  gradients,
  hasVanished,
  isBound,
  isFar,
  isMonotonous,
  isVanished,
  leavesOut,
  looser,
  lossText,
  playersOf,
  repeats,
  suffers,
  tighter,
  WARM_UP,
} from "./health-signs.ts";
import { collapsedColumn, copiedRows } from "./table-rules.ts";

/** Share of weights at the clip from which a critic is little but signs. */
const CLIPPED = 0.37;
const NEAR_COPY = 0.65;
/** The discriminator has won where its loss is below this share of the loss at equilibrium, or it errs more rarely than this. */
const WON = { loss: 0.1, accuracy: 0.98 };
/** It idles where its loss is above this share of the loss at equilibrium, or never below that. */
const IDLE = { loss: 1.15, never: 0.97, accuracy: 0.35 };
/** Change of a gradient's norm since the warm-up that is no fluctuation. */
const GRADIENT_GROWTH = 1000;
/** Growth of a critic's gap since the warm-up: of one that nothing bounds, and of one that something should. */
const GAP_GROWTH = { free: 2, bounded: 5 };
/** Growth of the generator's gradient by which a critic without bounds shows, too. */
const SLOPE_GROWTH = 10;

export const rules: readonly Rule[] = [
  {
    kind: "diverged",
    severity: "alarm",
    title: "the run diverged",
    look: ({ records }) => {
      const failed = records.find(({ failure }) => typeof failure === "string");
      return failed && String(failed.failure).split(";")[0];
    },
    advise: (run) => {
      const remedy = either(
        `lower the learning rate of ${run.players === undefined ? "both" : "all"} players`,
        run.players === undefined && tighter(run),
        !run.settings.cutsGradients && "cut long gradients short (the link clip)",
      );
      const rest =
        run.checkpoint === undefined ? "" : `; step ${run.checkpoint} can still be sampled and exported`;
      return `${remedy}; then begin anew: with the same settings it diverges again${rest}`;
    },
  },
  {
    kind: "input-scale",
    severity: "alarm",
    title: "the data have the wrong scale",
    look: ({ inputScale }) => inputScale,
    advise: ({ images }) =>
      images
        ? "stretch the pixels to the whole range from black to white, which is [−1, 1] in examples of your own making; then begin anew"
        : "scale each coordinate, or column of a table, so that it reaches from about −2 to 2; then begin anew",
  },
  {
    kind: "clipped-weights",
    severity: "alarm",
    title: "the critic's weights are stuck at the clip",
    look: ({ clip }) =>
      clip !== undefined && clip.share >= CLIPPED
        ? `${percent(clip.share)} of the critic's weights lie at ±${clip.limit}`
        : undefined,
    advise: (run) => {
      const others = run.settings.limits.filter((name) => name !== "weight-clipping");
      const instead =
        others.length > 0
          ? `leave weight-clipping out: ${others.join(" and ")} limits the slope`
          : `use a gradient penalty instead of clipping (${gradientPenalty(run)})`;
      return `lower the discriminator's learning rate to well below the limit, or ${instead}`;
    },
  },
  {
    kind: "unbounded-critic",
    severity: "alarm",
    title: "the critic's scores grow without end",
    passes: true,
    follows: true,
    look: (run) => {
      const { loss } = run;
      if (loss.scores !== "unbounded" || loss.equilibrium?.discriminatorLoss !== 0) return undefined;
      const [first, second, last] = [run.gap(...WARM_UP), run.gap(0.4, 0.6), run.gap(0.8, 1)];
      if (first === undefined || second === undefined || last === undefined || last < 1) return undefined;
      const grew = `the gap between real and generated scores grew from ${digits(first)} after the warm-up to ${digits(last)}`;
      const isBounded = isBound(run);
      const factor = isBounded ? GAP_GROWTH.bounded : GAP_GROWTH.free;
      // Still growing, and not only since a warm-up that was too short.
      const grows = last >= factor * Math.abs(first) && last >= Math.sqrt(factor) * second;
      if (isBounded) return grows ? grew : undefined;
      const norms = [run.figure("generatorGradient", 0, 0.05), run.figure("generatorGradient", 0.8, 1)];
      const [early = Number.NaN, late = Number.NaN] = norms;
      const steepens = early > 0 && late >= SLOPE_GROWTH * early && last >= first;
      if (grows) return `${grew}; no penalty or constraint limits the critic`;
      if (!steepens) return undefined;
      return `the generator's gradient grew from ${digits(early)} to ${digits(late)}, the gap of the scores is ${digits(last)}; no penalty or constraint limits the critic`;
    },
    advise: (run) =>
      isBound(run)
        ? `${tighter(run)}, or lower the discriminator's learning rate`
        : `nothing bounds the critic's slope, so that its loss means nothing: add a gradient penalty (${gradientPenalty(run)})`,
  },
  copiedRows,
  {
    kind: "memorisation",
    severity: "alarm",
    title: "samples are copies of training examples",
    look: ({ memory }) =>
      memory !== undefined && memory.ratio < NEAR_COPY
        ? `samples are ${digits(memory.ratio)} times as far from the nearest training example as training examples are ` +
          `from each other (median); ${percent(memory.copies)} are within a tenth`
        : undefined,
    advise: ({ settings, images }) =>
      `the training set is too small for the model: ${either(
        "more data",
        images && !settings.augments && "augmentation (diff-augment)",
        "a smaller model",
        "stop earlier",
      )}`,
  },
  {
    kind: "idle-discriminator",
    severity: "alarm",
    title: "the discriminator does not keep up",
    passes: true,
    follows: true,
    look: (run) => {
      const { equilibrium } = run.loss;
      const loss = run.discriminatorLoss(0.5, 1);
      const accuracy = run.figure("accuracy", 0.5, 1);
      const gap = run.gap(0.5, 1);
      if (equilibrium === undefined || loss === undefined || gap === undefined) return undefined;
      const level = equilibrium.discriminatorLoss;
      const worse = level > 0 ? loss > IDLE.loss * level : gap < 0 && loss > 0.1;
      const wrong = accuracy !== undefined && accuracy < IDLE.accuracy;
      const low = run.lowLoss(0.5, 1) ?? 0;
      const blind = isFar(run) && level > 0 && low > IDLE.never * level;
      if (!(worse || wrong || blind)) return undefined;
      const right = accuracy === undefined ? "" : `, accuracy ${digits(accuracy)}`;
      const where = isFar(run) ? "; samples are far from the data" : "";
      return `${lossText(run, loss)}${right}${where}`;
    },
    advise: (run) => {
      const { generatorSteps } = run.settings;
      const remedy = either(
        "raise the discriminator's learning rate",
        generatorSteps > 1 && `take fewer generator steps (${generatorSteps})`,
        "give it more steps (criticSteps)",
        looser(run),
      );
      return `${remedy}; the generator has nothing to learn from`;
    },
  },
  {
    kind: "discriminator-wins",
    severity: "alarm",
    title: "the discriminator wins",
    passes: true,
    follows: true,
    look: (run) => {
      const { equilibrium } = run.loss;
      const loss = run.discriminatorLoss(0.75, 1);
      const accuracy = run.figure("accuracy", 0.75, 1);
      if (equilibrium === undefined || loss === undefined) return undefined;
      const level = equilibrium.discriminatorLoss;
      const won =
        (level > 0 && loss < WON.loss * level) || (accuracy !== undefined && accuracy > WON.accuracy);
      // Copies are easy to tell from the data: then their collapse is the cause.
      if (!won || !suffers(run, loss, level) || (isMonotonous(run) && !hasVanished(run))) return undefined;
      const right = accuracy === undefined ? "" : `, accuracy ${digits(accuracy)} (0.5)`;
      const gradient = run.figure("generatorGradient", 0.75, 1);
      const norm = gradient === undefined ? "" : `, generator's gradient ${digits(gradient)}`;
      const where = isFar(run) ? "; samples are far from the data" : "";
      return `${lossText(run, loss)}${right}${norm}${where}`;
    },
    advise: (run) => {
      const { criticSteps } = run.settings;
      const remedy = either(
        "raise the generator's learning rate",
        "lower the discriminator's",
        criticSteps > 1 && `take fewer critic steps (${criticSteps})`,
        run.loss.name === "minimax" && "use non-saturating instead of minimax",
        tighter(run, "add r1"),
      );
      return hasVanished(run) ? `the generator's gradient has vanished: ${remedy}` : remedy;
    },
  },
  collapsedColumn,
  {
    kind: "mode-collapse",
    severity: "alarm",
    title: "mode collapse",
    passes: true,
    follows: true,
    look: (run) => {
      const { samples, records } = run;
      if (samples === undefined || !(leavesOut(run) || repeats(run))) return undefined;
      const twins = repeats(run) ? `; ${percent(samples.duplicates)} of the samples have a twin` : "";
      const variety = run.images ? `; they vary ${digits(samples.spread)} times as much as the data` : "";
      const modes = fallOf(records, "modesCovered");
      const fall = modes === undefined ? "" : `; modes covered fell from ${modes.from} to ${modes.to}`;
      return (
        `${samples.emptyRegions} of ${samples.regions} regions, ${percent(samples.missing)} of the data, ` +
        `have hardly any samples${twins}${variety}${fall}`
      );
    },
    advise: (run) => {
      const { generatorSteps, augments, couldPack } = run.settings;
      const { sampler, images, loss } = run;
      const augment = images && !augments && "augmentation (diff-augment)";
      if (run.players !== undefined) {
        const slower =
          sampler === undefined ? "a lower learning rate" : `a lower learning rate for ${sampler}`;
        const others = run.players.length > 1 && "more moves of the players against it";
        return `what makes the samples runs ahead: ${either(slower, others, augment)}`;
      }
      const isOfScores = loss.scores === "logit" || loss.scores === "unbounded";
      return `the generator runs ahead: ${either(
        generatorSteps > 1 && `take fewer generator steps (${generatorSteps})`,
        "a lower learning rate for it",
        "more critic steps",
        !isBound(run) && "a gradient penalty",
        isOfScores && !loss.name.startsWith("relativistic") && "a relativistic loss",
        couldPack && "packing",
        augment,
      )}`;
    },
  },
  {
    kind: "exploding-gradient",
    severity: "alarm",
    title: "a gradient explodes",
    passes: true,
    follows: true,
    look: (run) => {
      for (const player of playersOf(run)) {
        const norms = gradients(run, player);
        if (norms === undefined || norms[0] === 0 || norms[1] < GRADIENT_GROWTH * norms[0]) continue;
        return `the norm of the gradient of ${player} grew from ${digits(norms[0])} after the warm-up to ${digits(norms[1])}`;
      }
      return undefined;
    },
    advise: (run) =>
      either(
        run.players === undefined && tighter(run),
        "lower the learning rates",
        !run.settings.cutsGradients && "cut long gradients short (the link clip)",
      ),
  },
  {
    kind: "vanishing-gradient",
    severity: "alarm",
    title: "a gradient has vanished",
    passes: true,
    follows: true,
    look: (run) => {
      if (!isFar(run)) return undefined;
      for (const player of playersOf(run)) {
        const norms = gradients(run, player);
        const first = run.figure(`${player}Gradient`, 0, 0.05);
        if (norms === undefined || first === undefined) continue;
        const before = Math.max(first, norms[0]);
        if (before === 0)
          return `the norm of the gradient of ${player} has been 0 from the first steps on, and samples are far from the data`;
        if (!isVanished(before, norms[1], 1 / GRADIENT_GROWTH)) continue;
        return `the norm of the gradient of ${player} fell from ${digits(before)} to ${digits(norms[1])}, and samples are far from the data`;
      }
      return undefined;
    },
    advise: (run) =>
      run.players === undefined
        ? either(
            "raise the generator's learning rate",
            "lower the discriminator's",
            run.loss.name === "minimax" && "use non-saturating instead of minimax",
          )
        : "lower the learning rate of the players against it, or give it an objective with a slope where it loses",
  },
  {
    kind: "plateau",
    severity: "note",
    title: "the metric stands still: stop here",
    look: ({ records }) => {
      const trend = trendOf(records);
      if (trend === undefined || trend.isImproving) return undefined;
      return `best ${trend.key} ${digits(trend.best)} at step ${trend.step}, no better in the last third of the evaluations`;
    },
    advise: ({ records }) => `keep the checkpoint of step ${trendOf(records)?.step} (--step best)`,
  },
  {
    kind: "improving",
    severity: "note",
    title: "the metric still improves",
    look: ({ records }) => {
      const trend = trendOf(records);
      return trend?.isImproving === true
        ? `best ${trend.key} ${digits(trend.best)} at step ${trend.step}`
        : undefined;
    },
    advise: () => "train on: --resume with more --steps",
  },
];

/** The figures of a run that nothing is said against. */
export const wellness = (run: Run): string => {
  const loss = run.discriminatorLoss(0.75, 1);
  const gap = run.gap(0.75, 1);
  const accuracy = run.figure("accuracy", 0.75, 1);
  const norms = (run.players ?? []).flatMap((player) => {
    const norm = run.figure(`${player}Gradient`, 0.75, 1);
    return norm === undefined ? [] : `${player} ${digits(norm)}`;
  });
  const { samples } = run;
  return [
    loss === undefined || run.players !== undefined ? [] : lossText(run, loss),
    gap === undefined ? [] : `score gap ${digits(gap)}`,
    accuracy === undefined ? [] : `accuracy ${digits(accuracy)}`,
    norms.length === 0 ? [] : `gradients: ${norms.join(", ")}`,
    samples === undefined
      ? []
      : `samples in ${samples.regions - samples.emptyRegions} of ${samples.regions} regions of the data`,
  ]
    .flat()
    .join(", ");
};
