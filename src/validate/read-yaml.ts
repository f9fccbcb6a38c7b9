// Owns: YAML as Kubernetes reads it: YAML 1.2's core, with the words and numbers of YAML 1.1 that Go's parser keeps.
// Promises: hostile or broken text gives problems with lines, never a crash; aliases and nesting are bounded.
// Must not: know which fields a document has.

import {
  type Document,
  LineCounter,
  type ParseOptions,
  parseAllDocuments,
  type ScalarTag,
  type SchemaOptions,
} from "yaml";

/** Deepest accepted nesting; the deepest CRD schema has 60 levels. The YAML library recurses (CVE-2026-33532). */
const MAX_DEPTH = 200;
/** An alias bomb expands to billions; a manifest with more than this many aliases is one. */
const MAX_ALIASES = 1000;

export interface YamlProblem {
  readonly line: number;
  readonly message: string;
}

export interface YamlDocument {
  readonly line: number;
  readonly value: unknown;
  readonly node: Document;
}

export interface YamlReading {
  /** Documents without content are left out, as Kubernetes does. */
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
  readonly lineOf: (offset: number) => number;
}

/** Words that Go's parser takes for booleans beside true and false (yaml.v2, resolve.go). */
const oldBoolean: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (text) => /^(?:y|yes|on)$/i.test(text),
};

/** Integers with underscores, and in base 2 and 8 (strconv.ParseInt with base 0). */
const oldInteger: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?(?:0b[01_]+|0o?[0-7_]+|[1-9][0-9]*_[0-9_]*|0x[0-9a-fA-F]+_[0-9a-fA-F_]*)$/,
  resolve: (text) => {
    const digits = text
      .replaceAll("_", "")
      .replace(/^[-+]/, "")
      .replace(/^0o?(?=[0-7])/, "0o");
    return Number(digits) * (text.startsWith("-") ? -1 : 1);
  },
};

const OPTIONS: ParseOptions & SchemaOptions = {
  uniqueKeys: true,
  merge: true,
  customTags: (tags) => [oldBoolean, oldInteger, ...tags],
};

/** Characters that YAML does not take, as Go's parser sees it (yaml.v2, readerc.go). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Reads every document of a text. */
export function readDocuments(text: string): YamlReading {
  const lines = new LineCounter();
  const lineOf = (offset: number) => Math.max(lines.linePos(offset).line, 1);
  const control = text.search(CONTROL);
  if (control >= 0) return { documents: [], problems: [controlCharacter(text, control)], lineOf };
  const deep = findDeepNesting(text);
  if (deep !== undefined) return { documents: [], problems: [tooDeep(deep)], lineOf };
  try {
    const parsed = parseAllDocuments(text, { ...OPTIONS, lineCounter: lines, prettyErrors: false });
    return { ...collect(Array.isArray(parsed) ? parsed : [], lineOf), lineOf };
  } catch (error) {
    return { documents: [], problems: [{ line: 1, message: describeCrash(error) }], lineOf };
  }
}

function controlCharacter(text: string, offset: number): YamlProblem {
  const line = text.slice(0, offset).split("\n").length;
  return { line, message: "holds a control character, which YAML forbids" };
}

function tooDeep(line: number): YamlProblem {
  return { line, message: `nests deeper than ${MAX_DEPTH} levels` };
}

function collect(parsed: readonly Document.Parsed[], lineOf: (offset: number) => number) {
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  for (const node of parsed) {
    problems.push(
      ...node.errors.map(({ code, message, pos }) => ({
        line: lineOf(pos[0]),
        message: inWords(code, message),
      })),
    );
    const line = lineOf(node.contents?.range?.[0] ?? node.range[0]);
    if (node.errors.length > 0 || node.contents === null) continue;
    const value = toPlainValue(node);
    if ("problem" in value) problems.push({ line, message: value.problem });
    else if (value.data !== null) documents.push({ line, value: value.data, node });
  }
  return { documents, problems };
}

function toPlainValue(node: Document): { data: unknown } | { problem: string } {
  try {
    return { data: node.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    return { problem: describeCrash(error) };
  }
}

function describeCrash(error: unknown): string {
  if (error instanceof RangeError) return "nests too deep to be read";
  const message = error instanceof Error ? error.message : String(error);
  return /excessive alias/i.test(message) ? "expands too many aliases" : `is not YAML: ${firstLine(message)}`;
}

function inWords(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "indents with a tab, where YAML takes only spaces";
  if (code === "DUPLICATE_KEY") return "has the same key twice in one mapping";
  return `is not YAML: ${firstLine(message)}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** The line at which brackets, dashes or indentation nest deeper than the limit, judged by the text alone. */
function findDeepNesting(text: string): number | undefined {
  let brackets = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const dashes = /^(?:[-?] +)*/.exec(line.slice(indent))?.[0].replaceAll(" ", "").length ?? 0;
    for (const character of line) {
      if (character === "[" || character === "{") brackets += 1;
      else if (character === "]" || character === "}") brackets = Math.max(0, brackets - 1);
    }
    if (brackets > MAX_DEPTH || dashes > MAX_DEPTH || indent > MAX_DEPTH * 8) return index + 1;
  }
  return undefined;
}
