/** What `tsgan doctor` said of runs made for it, as tables for the docs. */
import { execFileSync } from "node:child_process";
import type { HealthKind, Verdict } from "tsgan/metrics";

export interface Outcome {
  readonly run: string;
  readonly seed: number;
  /** The verdict that should come first; of a healthy run there should be no alarm. */
  readonly expected: HealthKind | "no alarm";
  readonly verdicts: readonly Verdict[];
  readonly seconds: number;
  readonly isRight: boolean;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
};

const said = ({ verdicts, isRight }: Outcome): string => {
  const [{ kind, severity }] = verdicts;
  const first =
    severity === "alarm" ? `\`${kind}\`` : kind === "too-early" ? "too early to tell" : "no alarm";
  return isRight ? first : `**${first}**`;
};

const commit = (): string =>
  execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();

/** `page` with the tables between `<!-- doctor -->` and `<!-- /doctor -->`. */
export const healthPage = (page: string, outcomes: readonly Outcome[]): string => {
  const failures = outcomes.filter(({ expected }) => expected !== "no alarm");
  const healthy = outcomes.filter(({ expected }) => expected === "no alarm");
  const seeds = [...new Set(failures.map(({ seed }) => seed))];
  const names = [...new Set(failures.map(({ run }) => run))];
  const right = (of: readonly Outcome[]): number => of.filter(({ isRight }) => isRight).length;
  const early = healthy.filter(({ verdicts }) => verdicts[0].kind === "too-early").length;
  const parts = [
    `${right(failures)} of ${failures.length} planted failures named first; ${right(healthy)} of ${healthy.length} healthy runs ` +
      `without alarm, ${early} of them because it is too early to tell. Judged on ${new Date().toISOString().slice(0, 10)} at commit ` +
      `${commit()} by \`node packages/dev/dist/bench/health.js --seeds ${seeds.join(",")} --healthy-seed ${healthy[0]?.seed}\`; ` +
      "what is wrong is bold.",
    table(
      ["planted failure", ...seeds.map((seed) => `first, seed ${seed}`)],
      names.map((name) => [
        name,
        ...seeds.map((seed) => {
          const outcome = failures.find((each) => each.run === name && each.seed === seed);
          return outcome === undefined ? "" : said(outcome);
        }),
      ]),
    ),
    table(
      ["healthy run", "seed", "said"],
      healthy.map((outcome) => [outcome.run, String(outcome.seed), said(outcome)]),
    ),
  ];
  const [open, close] = ["<!-- doctor -->", "<!-- /doctor -->"];
  const [from, to] = [page.indexOf(open), page.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`the page has no ${open} … ${close}`);
  return `${page.slice(0, from + open.length)}\n\n${parts.join("\n\n")}\n\n${page.slice(to)}`;
};
