import { join } from "node:path";
import { repository } from "tsgan/testing";
import ts from "typescript";

/** What the type checker says of programs that need not be on the disk, by their paths. */
export const typeErrors = (files: ReadonlyMap<string, string>): string[] => {
  const folder = join(repository, "packages/dev");
  const config = ts.readConfigFile(join(folder, "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const strict: ts.CompilerOptions = {
    ...options,
    ...{ noUnusedLocals: false, composite: false, declaration: false, declarationMap: false, noEmit: true },
    ...{ incremental: false, rootDir: undefined, lib: ["lib.es2023.d.ts", "lib.dom.d.ts"] },
    tsBuildInfoFile: undefined,
  };
  const host = ts.createCompilerHost(strict);
  const { readFile, fileExists } = host;
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.fileExists = (path) => files.has(path) || fileExists(path);
  const program = ts.createProgram([...files.keys()], strict, host);
  return [...files.keys()].flatMap((path) =>
    program.getSemanticDiagnostics(program.getSourceFile(path)).map(({ messageText, start = 0, file }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${path}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    }),
  );
};
