/**
 * npm run campaign -- KIND [--seed S] [--count N] [--from K]
 *
 * Tries N random cases of a kind and prints what was tried and what failed; exit code 1 where something did. A case
 * depends on the seed and its number alone: `--from K --count 1` runs one again.
 */
import { parseArgs } from "node:util";
import type { Campaign, CampaignOptions, Failure } from "./campaign.ts";

interface Kind {
  readonly about: string;
  readonly load: () => Promise<Campaign>;
}

const kinds: Readonly<Record<string, Kind>> = {
  numbers: {
    about: "every function of distances and metrics on inputs of any size, scale, weight and form",
    load: async () => (await import("./numbers.ts")).numbers,
  },
  kill: {
    about: "kills of runs of many kinds, and of studies, at random moments and at chosen calls",
    load: async () => (await import("./kill.ts")).kill,
  },
  files: {
    about: "malformed files, for everything that reads files which may come from elsewhere",
    load: async () => (await import("./files.ts")).files,
  },
  redis: {
    about: "faults of a Redis that studies are run on, of their workers and coordinators",
    load: async () => (await import("./redis.ts")).redis,
  },
  http: {
    about: "requests as no page sends them, to the studio over hostile run folders",
    load: async () => (await import("./http.ts")).http,
  },
};

const USAGE = `npm run campaign -- KIND [--seed S] [--count N] [--from K]

${Object.entries(kinds)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  .join("\n")}

  --seed S   seed of the cases (default 1)
  --count N  number of cases (default 1000)
  --from K   number of the first case (default 0)`;

/** Failures that are shown. */
const SHOWN = 20;
/** Milliseconds from one line of progress to the next. */
const TELL_EVERY = 20_000;

const refuse = (message: string): never => {
  console.error(`campaign: ${message}; see --help`);
  process.exit(2);
};

const whole = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${name} must be a whole number of at least ${least}; got ${text}`);
};

const parse = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: "string", default: "1" },
        count: { type: "string", default: "1000" },
        from: { type: "string", default: "0" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
};

/** Prints failures from the `from`-th on, as far as they are shown. @returns how many there are */
const print = (
  kind: string,
  { seed }: CampaignOptions,
  failures: readonly Failure[],
  from: number,
): number => {
  for (const { case: number, cases = 1, tried, message } of failures.slice(from, SHOWN)) {
    console.log(`\nFAILED case ${number}: ${tried}\n  ${message}`);
    console.log(`  again: npm run campaign -- ${kind} --seed ${seed} --from ${number} --count ${cases}`);
  }
  return failures.length;
};

const main = async (): Promise<void> => {
  const { values, positionals } = parse();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [kind, ...rest] = positionals;
  if (kind === undefined || rest.length > 0) refuse(`name one kind: ${Object.keys(kinds).join(", ")}`);
  if (!Object.hasOwn(kinds, kind)) {
    refuse(`unknown kind "${kind}" (known: ${Object.keys(kinds).join(", ")})`);
  }
  const options = {
    seed: whole("seed", values.seed, 0),
    count: whole("count", values.count, 1),
    from: whole("from", values.from, 0),
  };
  const started = performance.now();
  let told = started;
  let printed = 0;
  const { tried, failures } = await (await kinds[kind].load())({
    ...options,
    progress(done, failures) {
      printed = print(kind, options, failures, printed);
      const now = performance.now();
      if (now - told < TELL_EVERY) return;
      told = now;
      const left = ((now - started) / 1000 / done) * (options.count - done);
      console.error(
        `${kind}: ${done} of ${options.count} tried, ${failures.length} failed, about ${Math.ceil(left / 60)} min left`,
      );
    },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print(kind, options, failures, printed);
  if (failures.length > SHOWN) console.log(`\n… and ${failures.length - SHOWN} more`);
  for (const line of tried) console.log(line);
  console.log(
    `\n${kind}: seed ${options.seed}, ${options.count} cases, ${failures.length} failed, ${seconds} s`,
  );
  if (failures.length > 0) process.exitCode = 1;
};

await main();
