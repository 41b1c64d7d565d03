/** tsgan study init: a study file to begin with, with comments. */
import { existsSync } from "node:fs";
import { type PaperBudget, type PaperRanges, paperStudy, type StudyDefinition } from "@tsgan/study";
import { UsageError, unknownName } from "tsgan";
import { writeFileAtomic } from "tsgan/node";
import { Document, isMap, isScalar, isSeq, type Pair, visit } from "yaml";

const HEAD = ` "Are GANs created equal?" (Lucic et al. 2018, arXiv:1711.10337) as a study.

 tsgan study run FILE --out DIR   trains every model on every data set, once for each sample and seed
 tsgan study report DIR           compares them

 Change what you like: docs/study.md says what each key means.`;

/** What stands above a key of the study. */
const comments: Readonly<Record<string, string>> = {
  seed: " Of the draws of hyper-parameters. The same seed draws the same ones.",
  samples: " Draws of hyper-parameters for each model.",
  seeds: " Seeds that each draw is trained with: a number, or a list.",
  budget: " What a trial may spend: steps, or seconds (whose results depend on the machine).",
  evaluateEvery:
    " Steps from one evaluation to the next, its samples, and the steps that a killed worker may lose.",
  defaultsFirst: " Sample 0 takes the default of each parameter: the settings of the model's authors.",
  stepUnit: " What a step is: of the discriminator, as in the paper, or of the generator.",
  metrics: " tsgan evaluate --help names them. The data set polygons has one of its own.",
  data: " Data sets, with the networks that all models share there.",
  models:
    " What each model trains with, as tsgan train --config takes it, and what is searched: uniform, logUniform, choice\n or fixed. `at` is the path of the value where it is not the parameter's own name.",
};

/** The text of a study file. */
export const studyYaml = (study: StudyDefinition): string => {
  // Without aliases: what is said twice is to be changed once or twice, as one likes.
  const document = new Document(study, { aliasDuplicateObjects: false });
  document.commentBefore = HEAD;
  if (isMap(document.contents)) {
    for (const { key } of document.contents.items as Pair[]) {
      if (!isScalar(key)) continue;
      const comment = comments[String(key.value)];
      if (comment !== undefined) key.commentBefore = comment;
      key.spaceBefore = comment !== undefined;
    }
  }
  visit(document, {
    // What holds no further maps or lists is one line.
    Collection: (_, node) => {
      const values = isMap(node) ? node.items.map(({ value }) => value) : node.items;
      node.flow = values.every(
        (value) => !isMap(value) && !(isMap(node) && isSeq(value) && !isBounds(value)),
      );
    },
  });
  return document.toString({ lineWidth: 118, flowCollectionPadding: false });
};

const isBounds = (value: unknown): boolean => isSeq(value) && value.items.every(isScalar);

export interface InitFlags {
  readonly budget: PaperBudget;
  /** Some of the study's data sets. */
  readonly data?: readonly string[];
  readonly ranges: PaperRanges;
  readonly out?: string;
}

const withData = (study: StudyDefinition, names: readonly string[] | undefined): StudyDefinition => {
  const unknown = names?.find((name) => !Object.hasOwn(study.data, name));
  if (unknown !== undefined) throw unknownName("data set of the study", unknown, Object.keys(study.data));
  const data = Object.entries(study.data).filter(([name]) => names?.includes(name) ?? true);
  return { ...study, data: Object.fromEntries(data) };
};

/** Writes a new file and returns its path. */
export const writePaperStudy = ({
  budget,
  ranges,
  data,
  out = `paper-${budget}.yaml`,
}: InitFlags): string => {
  if (existsSync(out)) throw new UsageError(`${out}: expected a new file; it exists; choose another --out`);
  writeFileAtomic(out, studyYaml(withData(paperStudy({ budget, ranges }), data)));
  return out;
};
