/**
 * Whether a run is well, from what it has written down: its records, its samples, its weights. The rules are a table
 * (`health-rules.ts`); causes stand before their consequences, so that the first verdict is the one to act on.
 */
import type { HealthKind, Verdict } from "./health-rule.ts";
import { rules, wellness } from "./health-rules.ts";
import { type HealthInput, type HealthRecord, runOf } from "./health-run.ts";

export type { HealthKind, Verdict } from "./health-rule.ts";
export type { HealthInput, HealthRecord, HealthSettings } from "./health-run.ts";

/**
 * Verdicts on a run: alarms first, causes before consequences; then notes. A run without alarms is called healthy, with
 * the figures that say so, or too early to tell.
 *
 * @param input the loss, the settings, the records, and figures of samples and weights where there are any
 */
export const diagnose = (input: HealthInput): Verdict[] => {
  const run = runOf(input);
  const isEarly = run.step < run.earliest;
  const verdicts = rules.flatMap(({ look, advise, passes = false, follows = false, ...rule }): Verdict[] => {
    if (follows && run.inputScale !== undefined) return [];
    const evidence = look(run);
    if (evidence === undefined) return [];
    const advice = advise(run);
    if (!passes || !isEarly) return [{ ...rule, evidence, advice }];
    const soon = `${evidence}; before step ${run.earliest} it may pass`;
    return [{ ...rule, severity: "note", evidence: soon, advice }];
  });
  if (verdicts.some(({ severity }) => severity === "alarm"))
    // Training on is no advice then, whatever a metric does.
    return verdicts.filter(({ kind }) => kind !== "improving");
  const first: Pick<Verdict, "kind" | "title"> = isEarly
    ? { kind: "too-early", title: "too early to tell" }
    : { kind: "healthy", title: "nothing looks wrong" };
  const figures = wellness(run);
  const steps = `${run.step} of the ${run.earliest} steps that it takes`;
  const evidence = isEarly ? [steps, figures].filter((part) => part !== "").join("; ") : figures;
  const advice = isEarly ? `look again from step ${run.earliest} on` : "";
  return [{ ...first, severity: "note", evidence, advice }, ...verdicts];
};

/** Records that the live word rests on. */
const WATCHED = 200;

const WORDS: Partial<Readonly<Record<HealthKind, string>>> = {
  "unbounded-critic": "critic unbounded",
  "idle-discriminator": "D idle",
  "discriminator-wins": "D wins",
  "exploding-gradient": "exploding",
};

/**
 * One word on a run under way, from its records alone: "ok", "D wins", "D idle" … Cheap enough for every step: it is worked
 * out anew every hundredth record.
 *
 * @param input the loss, the settings, whether the data are images, and the earliest record that counts
 * @returns a function of the newest record
 */
export const watchHealth = (
  input: Pick<HealthInput, "loss" | "settings" | "images" | "earliest">,
): ((record: HealthRecord) => string) => {
  const recent: HealthRecord[] = [];
  let seen = 0;
  let word = "";
  return (record) => {
    recent.push(record);
    if (recent.length > WATCHED) recent.shift();
    seen++;
    if (recent.length < WATCHED || seen % (WATCHED / 2) !== 0) return word;
    const [first] = diagnose({ ...input, records: recent });
    word = first.severity === "alarm" ? (WORDS[first.kind] ?? first.kind) : "ok";
    return word;
  };
};
