/** A process that trains trials of a study: `localPool` starts it, with the study's files of `--use` on its command line. */
import { serveTasks } from "@tsgan/study/node";
import { RunError } from "tsgan";
import { type UsedFile, useChanges } from "tsgan/node";
import { useFiles } from "./use.ts";

await serveTasks(async () => {
  const [began] = process.argv.slice(2).map((text) => JSON.parse(text) as readonly UsedFile[]);
  const uses = await useFiles(began.map(({ file }) => file));
  // What was not tried before the study began, and is not what study.json says, is not trained.
  const { changed } = useChanges(began, uses, "command");
  if (changed.length > 0) throw new RunError(`study: ${changed[0]}; end the command and begin it again`);
  return uses;
});
