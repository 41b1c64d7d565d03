/** The API reference: TypeDoc reads the docstrings of the public modules and writes a page each into `docs/api`. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Comment, Converter, ReflectionKind } from "typedoc";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "docs/api");

const folders = readdirSync(join(root, "packages/tsgan/src")).filter(
  (name) => name !== "testing" && existsSync(join(root, "packages/tsgan/src", name, "index.ts")),
);

/** The modules that people import, and their files. */
const modules = new Map([
  ...folders.map((name) => [`tsgan/${name}`, `packages/tsgan/src/${name}/index.ts`]),
  ["@tsgan/theory", "packages/theory/src/index.ts"],
  ["@tsgan/study", "packages/study/src/index.ts"],
  ["@tsgan/study/node", "packages/study/src/node/index.ts"],
  ["@tsgan/study/redis", "packages/study/src/redis/index.ts"],
]);

/** What a module's first comment says. */
const summaryOf = (file) => {
  const [, text = ""] = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(join(root, file), "utf8")) ?? [];
  return text.replaceAll(/^ \* ?/gm, "").trim();
};

/** A name as a path: `@` is not for addresses. */
const pathOf = (name) => name.replace("@", "");

/** The first page: all modules with what they are. */
const contents = () => {
  const rows = [...modules].map(([name, file]) => {
    const summary = summaryOf(file).replaceAll(/\s+/g, " ");
    const isNamed = existsSync(join(out, `${pathOf(name)}.md`));
    return `| [${name}](${pathOf(name)}${isNamed ? ".md" : "/index.md"}) | ${summary.replaceAll("|", "\\|")} |`;
  });
  return `# API reference

Made from the docstrings of the sources. \`tsgan\` itself has the modules as names (\`losses.hinge()\`, \`data.ring()\`), and all
of [tsgan/config](tsgan/config.md) and [tsgan/train](tsgan/train.md); everything runs in Node.js and in a browser but tsgan/node and
@tsgan/study/node and redis, which are for Node.js.

| module | what it has |
| --- | --- |
${rows.join("\n")}
`;
};

/** The modules as the site's side bar wants them. */
const sideBar = () => {
  const items = [...modules.keys()].map((text) => ({ text, link: `/api/${pathOf(text)}` }));
  for (const item of items) {
    if (!existsSync(join(root, "docs", `${item.link}.md`))) item.link += "/";
  }
  return [{ text: "API reference", link: "/api/", items }];
};

/** Writes the pages. Returns what TypeDoc warned of. */
export async function makeApi() {
  rmSync(out, { recursive: true, force: true });
  const app = await Application.bootstrapWithPlugins({
    entryPoints: [...modules.values()].map((file) => join(root, file)),
    tsconfig: join(root, "site/typedoc.tsconfig.json"),
    plugin: ["typedoc-plugin-markdown"],
    outputFileStrategy: "modules",
    entryFileName: "index",
    groupOrder: ["Functions", "Variables", "Classes", "Interfaces", "Type Aliases", "Namespaces", "*"],
    // The types are checked by `tsc -b`.
    skipErrorChecking: true,
    readme: "none",
    disableSources: true,
    excludeInternal: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    // Links lead to these: two headings may have one text.
    useHTMLAnchors: true,
    anchorPrefix: "of-",
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeAliasPropertiesFormat: "table",
    typeDeclarationFormat: "table",
  });
  const warnings = [];
  for (const level of ["warn", "error"]) app.logger[level] = (text) => warnings.push(`typedoc: ${text}`);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const names = [...modules.keys()];
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const file = `packages/${module.name}/index.ts`;
      const name = names.find((name) => modules.get(name) === file);
      module.name = pathOf(name);
      module.comment = new Comment([{ kind: "text", text: summaryOf(file) }]);
    }
  });
  const project = await app.convert();
  app.options.setValue("out", out);
  await app.generateOutputs(project);
  for (const name of modules.keys()) {
    if (!name.startsWith("@")) continue;
    const file = join(out, `${pathOf(name)}.md`);
    writeFileSync(file, readFileSync(file, "utf8").replace(/^# .*/, `# ${name}`));
  }
  writeFileSync(join(out, "index.md"), contents());
  writeFileSync(join(out, "modules.json"), JSON.stringify(sideBar()));
  return warnings;
}
