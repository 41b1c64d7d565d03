/** The studies that a worker finds in Redis, and what is to be said of those that it cannot train. */
import type { Redis } from "ioredis";
import { RunError } from "tsgan";
import { type UsedFile, version } from "tsgan/node";
import { type Announcement, announced } from "./queue.ts";

/** What a worker lacks, or has too much of, to train a study of this version. */
const needOf = ({ name, uses = [] }: Announcement, own: readonly UsedFile[]): string => {
  const lacks = uses.filter(({ sha256 }) => !own.some((each) => each.sha256 === sha256));
  if (lacks.length === 0) return `${name} does not know ${own.map(({ file }) => file).join(", ")}`;
  const files = lacks.map(({ file, sha256 }) => {
    const hasOther = own.some((each) => each.file === file);
    return `${file}${hasOther ? " as it was there" : ""} (sha256 ${sha256.slice(0, 12)} …)`;
  });
  return `${name} needs --use ${files.join(" and --use ")}`;
};

/** @throws RunError where all that there are need another version, or other files */
const warningsOf = async (redis: Redis, uses: readonly UsedFile[]): Promise<readonly string[]> => {
  const { own, foreign, otherUses, unknown } = await announced(redis, uses);
  const versions = foreign.map((study) => `${study.name} needs tsgan ${study.version}`);
  const files = otherUses.map((study) => needOf(study, uses));
  if (own === 0 && unknown === 0 && versions.length + files.length > 0) {
    const remedies = [
      ...(versions.length > 0
        ? [`${versions.join(", ")}; this is ${version}, whose results may differ; install that version here`]
        : []),
      ...(files.length > 0 ? [`${files.join(", ")}; start the worker with the files of the study`] : []),
    ];
    throw new RunError(`study worker: ${remedies.join("; ")}`);
  }
  return [
    ...versions.map((text) => `${text}, this is ${version}: another worker has to train it`),
    ...files.map((text) => `${text}: another worker has to train it`),
    ...(unknown > 0 ? [`Redis holds ${unknown} studies of another make`] : []),
  ];
};

/**
 * Looks at the studies in Redis: what it returns says what is new since it last did, each thing once while it is so.
 *
 * @param uses the worker's files of things of one's own
 */
export const studyWatch = (redis: Redis, uses: readonly UsedFile[]) => {
  let told: readonly string[] = [];
  /** @throws RunError where all that there are need another version, or other files */
  return async (): Promise<readonly string[]> => {
    const now = await warningsOf(redis, uses);
    const news = now.filter((text) => !told.includes(text));
    told = now;
    return news;
  };
};
