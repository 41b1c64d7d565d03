/**
 * The public functions of the packages and what their docstrings say: read by the TypeScript compiler from the modules that
 * people import.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export interface PublicFunction {
  /** `tsgan/losses: hinge`; of the first module that has it, where several do. */
  readonly name: string;
  readonly file: string;
  /** The docstring without its tags. */
  readonly text: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
  readonly parameters: readonly Parameter[];
  /** Numbers that measure something: what it gives, where that is a number, and what is given to it as a size, a limit, a time … */
  readonly measures: readonly Measure[];
  /** Whether it throws itself, or calls by name a function of the package that does little else: `checkInteger`. */
  readonly throws: boolean;
}

export interface Measure {
  readonly name: string;
  /** All that is said of it: its own docstring, and that of the function. */
  readonly text: string;
}

export interface Parameter {
  /** A name; several for `{ a, b }`. */
  readonly names: readonly string[];
  /** Whether it is `{ a, b }`, which a docstring may describe as a whole, by a name of its own: `@param facts …`. */
  readonly inPieces: boolean;
  /** Those that are described where their type is: an option with a docstring, an interface with one. */
  readonly described: readonly string[];
}

/** The modules that people import, and the files that are their faces. */
const publicModules = (repository: string): Readonly<Record<string, string>> => {
  const src = join(repository, "packages/tsgan/src");
  const folders = readdirSync(src)
    .filter((name) => name !== "testing" && existsSync(join(src, name, "index.ts")))
    .map((name) => [`tsgan/${name}`, join(src, name, "index.ts")]);
  return {
    ...Object.fromEntries(folders),
    tsgan: join(src, "index.ts"),
    "@tsgan/theory": join(repository, "packages/theory/src/index.ts"),
    "@tsgan/study": join(repository, "packages/study/src/index.ts"),
    "@tsgan/study/node": join(repository, "packages/study/src/node/index.ts"),
    "@tsgan/study/redis": join(repository, "packages/study/src/redis/index.ts"),
  };
};

const text = (parts: readonly ts.SymbolDisplayPart[] | undefined): string =>
  ts.displayPartsToString(parts === undefined ? undefined : [...parts]);

/** The function that a declaration is: its own body, or what stands after `=`. */
const functionOf = (declaration: ts.Declaration): ts.SignatureDeclaration | undefined => {
  if (ts.isFunctionDeclaration(declaration)) return declaration;
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))
    ? value
    : undefined;
};

const isChecking = (name: string): boolean => /^(check|require|assert|refuse)/.test(name);

/** Whether something throws when it is called: a `throw` of its own, not of a function within, or a function that checks. */
const doesThrow = (node: ts.Node): boolean => {
  let found = false;
  const visit = (inner: ts.Node): void => {
    if (ts.isThrowStatement(inner)) found = true;
    if (
      ts.isCallExpression(inner) &&
      ts.isIdentifier(inner.expression) &&
      isChecking(inner.expression.text)
    ) {
      found = true;
    }
    if (!found && !ts.isFunctionLike(inner)) ts.forEachChild(inner, visit);
  };
  ts.forEachChild(node, visit);
  return found;
};

const hasDocstring = (symbol: ts.Symbol | undefined, checker: ts.TypeChecker): boolean =>
  symbol !== undefined && text(symbol.getDocumentationComment(checker)) !== "";

const parameterOf = (node: ts.ParameterDeclaration, checker: ts.TypeChecker): Parameter => {
  const type = checker.getTypeAtLocation(node);
  const whole = checker.getNonNullableType(type);
  const propertyIsDescribed = (name: string) => hasDocstring(checker.getPropertyOfType(whole, name), checker);
  if (ts.isIdentifier(node.name)) {
    const properties = checker.getPropertiesOfType(whole);
    const isOptions =
      /options$/i.test(node.name.text) || hasDocstring(whole.aliasSymbol ?? whole.getSymbol(), checker);
    const own = properties.filter(
      ({ declarations }) => !declarations?.[0]?.getSourceFile().fileName.includes("/typescript/lib/"),
    );
    const all = own.length > 0 && own.every((property) => hasDocstring(property, checker));
    return { names: [node.name.text], inPieces: false, described: isOptions && all ? [node.name.text] : [] };
  }
  if (ts.isArrayBindingPattern(node.name)) return { names: [], inPieces: true, described: [] };
  const names = node.name.elements.map(({ name, propertyName }) => (propertyName ?? name).getText());
  return { names, inPieces: true, described: names.filter(propertyIsDescribed) };
};

/** What numbers are called that are of something: pixels, bytes, milliseconds, rows … */
const EXTENT =
  /^(size|width|height|sides?|length|limit|bound|radius|rate|time|timeout|delay|pace|duration|budget|memory|.*(Bytes|Ms|Seconds))$/;

const isNumber = (type: ts.Type, checker: ts.TypeChecker): boolean =>
  (checker.getNonNullableType(type).flags & ts.TypeFlags.NumberLike) !== 0;

const measuresOf = (signature: ts.Signature, own: string, checker: ts.TypeChecker): readonly Measure[] => {
  const given = signature.getParameters().flatMap((parameter): Measure[] => {
    const { valueDeclaration: at } = parameter;
    if (at === undefined) return [];
    const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, at));
    if (isNumber(type, checker))
      return EXTENT.test(parameter.name) ? [{ name: parameter.name, text: own }] : [];
    return checker.getPropertiesOfType(type).flatMap((property) => {
      const place = property.valueDeclaration;
      if (place === undefined || place.getSourceFile().fileName.includes("/typescript/lib/")) return [];
      if (!EXTENT.test(property.name)) return [];
      if (!isNumber(checker.getTypeOfSymbolAtLocation(property, place), checker)) return [];
      return [{ name: property.name, text: `${text(property.getDocumentationComment(checker))} ${own}` }];
    });
  });
  const gives = isNumber(checker.getReturnTypeOfSignature(signature), checker);
  return [...(gives ? [{ name: "what it gives", text: own }] : []), ...given];
};

/** All public functions, each once, in the order of the modules. */
export const publicFunctions = (repository: string): readonly PublicFunction[] => {
  const modules = publicModules(repository);
  const config = join(repository, "packages/tsgan/tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    join(repository, "packages/tsgan"),
  );
  const program = ts.createProgram(Object.values(modules), options);
  const checker = program.getTypeChecker();
  const found = new Map<ts.Symbol, PublicFunction>();
  for (const [module, path] of Object.entries(modules)) {
    const symbol = checker.getSymbolAtLocation(program.getSourceFile(path) as ts.Node) as ts.Symbol;
    const visit = (within: string, exports: readonly ts.Symbol[]): void => {
      for (const exported of exports) {
        const own =
          (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
        if ((own.flags & ts.SymbolFlags.ValueModule) !== 0 && module !== "tsgan") {
          visit(`${within}.${exported.name}`, checker.getExportsOfModule(own));
        }
        const declaration = own.valueDeclaration;
        if (declaration === undefined || found.has(own)) continue;
        const [signature] = checker.getTypeOfSymbolAtLocation(own, declaration).getCallSignatures();
        if (signature === undefined) continue;
        const body = functionOf(declaration);
        const said = text(own.getDocumentationComment(checker));
        const tags = own.getJsDocTags(checker).map((tag) => ({ name: tag.name, text: text(tag.text) }));
        const all = [said, ...tags.filter(({ name }) => name !== "example").map(({ text }) => text)].join(
          " ",
        );
        found.set(own, {
          name: `${within}: ${exported.name}`,
          file: declaration.getSourceFile().fileName,
          text: said,
          tags,
          measures: measuresOf(signature, all, checker),
          parameters: (body?.parameters ?? []).map((parameter) => parameterOf(parameter, checker)),
          throws: body !== undefined && doesThrow(body),
        });
      }
    };
    visit(module, checker.getExportsOfModule(symbol));
  }
  return [...found.values()];
};

/** A unit, what is counted, a range or a formula. */
const UNIT =
  /\[[^\]]*[\d−][^\]]*\]|[Σ√½∫≥≤×·‖²=]|\bfrom \S+ to\b|\b(pixels?|bytes?|[kMG]i?B|seconds?|milliseconds?|ms|nats|bits|decibels|share|probability|deviations?|weight|rows?|columns?|steps?|iterations?|threads?|process|elements?|examples?|samples?|points?|values?|numbers?|letters|classes|channels|axis|index|position|places|largest|smallest|range|correlation|order|divergence|middle|negative|square[ds]?|units?)\b/i;

/** The errors of tsgan, those of JavaScript, or that there are none. */
const ERROR = /\b[A-Z]?\w*Error\b|\bnothing (of it )?is thrown\b/;

/** What a docstring lacks, a few words each; empty where it has all. */
export const lacking = ({ text, tags, parameters, measures, throws }: PublicFunction): readonly string[] => {
  if (text === "") return ["a docstring"];
  const said = [text, ...tags.map(({ text }) => text)].join(" ");
  const words = new Set(said.match(/[\p{L}\p{N}_]+/gu) ?? []);
  const own = parameters.flatMap(({ names }) => names);
  const asWhole = tags.some(({ name, text }) => name === "param" && !own.includes(text.split(/\s/, 1)[0]));
  return [
    ...(text.length < 30 ? ["more than a few words"] : []),
    ...parameters
      .filter(({ inPieces }) => !(inPieces && asWhole))
      .flatMap(({ names, described }) =>
        names
          .filter((name) => !described.includes(name) && !words.has(name))
          .map((name) => `parameter ${name}`),
      ),
    ...measures.filter((measure) => !UNIT.test(measure.text)).map(({ name }) => `the unit of ${name}`),
    ...(throws && !ERROR.test(said) ? ["what error it throws"] : []),
  ];
};
