// Owns: the text of a prod-stack.yaml or platform.yaml as a document with positions.
// Promises: hostile or broken text gives problems with positions, never a crash; limits are checked first.
// Must not: know the schema.

import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from "yaml";
import type { Problem } from "../stack-error.js";
import { withoutCredentials } from "./credentials.js";

/** Largest accepted file, in bytes: a thousand services of a kilobyte each, what environments change of them included. */
export const MAX_BYTES = 1024 * 1024;
/** Deepest accepted nesting; the schema needs 9. The YAML library recurses (CVE-2026-33532). */
const MAX_DEPTH = 64;
const MAX_ALIASES = 100;
/** What follows the first broken bracket is seldom a mistake of its own. */
const MAX_SYNTAX_PROBLEMS = 10;
const MAX_DOUBLE_KEYS = 200;

export type Path = readonly (string | number)[];

/** The last document that was parsed; documents never change. */
let latest: { readonly file: string; readonly text: string; readonly document: SpecDocument } | undefined;

/** A parsed document that can say where each value stands. */
export class SpecDocument {
  private data: unknown;
  private readonly keys = new WeakMap<object, Map<string, Pair>>();

  private constructor(
    readonly file: string,
    readonly document: Document.Parsed | undefined,
    private readonly lines: LineCounter,
    readonly problems: readonly Problem[],
  ) {}

  /** Never throws for bad text: `problems` then says what is wrong and `document` may be undefined. */
  static parse(file: string, text: string): SpecDocument {
    // A door reads what the core reads again a moment later, and reading is a fifth of a whole run.
    if (latest?.file !== file || latest.text !== text)
      latest = { file, text, document: SpecDocument.parseAfresh(file, text) };
    return latest.document;
  }

  /** As parse, with the document edited before anything reads it: its nodes know where they stood in the text. */
  static parseEdited(file: string, text: string, edit: (document: Document) => void): SpecDocument {
    const source = SpecDocument.parseAfresh(file, text);
    if (source.document !== undefined) edit(source.document);
    return source;
  }

  private static parseAfresh(file: string, text: string): SpecDocument {
    const lines = new LineCounter();
    const refuse = (message: string, line = 1, column = 1, expected?: string) =>
      new SpecDocument(file, undefined, lines, [
        { file, line, column, path: "", message, ...(expected === undefined ? {} : { expected }) },
      ]);
    if (Buffer.byteLength(text) > MAX_BYTES) return refuse(`is larger than ${MAX_BYTES / 1024} KiB`);
    if (text.includes("\0")) return refuse("is not a text file");
    const deep = deepestIndent(text);
    if (deep !== undefined) return refuse(`nests deeper than ${MAX_DEPTH} levels`, deep);
    try {
      return SpecDocument.read(file, text, lines, refuse);
    } catch (cause) {
      const reason = cause instanceof Error ? firstLine(cause.message) : String(cause);
      return refuse(`is not YAML: ${withoutCredentials(reason)}`);
    }
  }

  private static read(
    file: string,
    text: string,
    lines: LineCounter,
    refuse: (message: string, line?: number, column?: number, expected?: string) => SpecDocument,
  ): SpecDocument {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      // The library compares each key with all before it: minutes for a file of 1 MiB.
      uniqueKeys: false,
      prettyErrors: false,
      merge: true,
    });
    if (!Array.isArray(documents) || documents.length === 0)
      return refuse("is empty", 1, 1, "a document with apiVersion, name, source, services and environments");
    const [document, second] = documents as Document.Parsed[];
    if (document === undefined) return refuse("is empty");
    if (second !== undefined) {
      const { line, col } = lines.linePos(second.range[0]);
      return refuse("holds several documents", line, col, "one document");
    }
    const problems = document.errors.slice(0, MAX_SYNTAX_PROBLEMS).map((error): Problem => {
      const { line, col } = lines.linePos(error.pos[0]);
      return {
        file,
        line,
        column: col,
        path: "",
        message: yamlMessage(error.code, firstLine(error.message)),
      };
    });
    return new SpecDocument(file, document, lines, [...problems, ...doubleKeys(file, document, lines)]);
  }

  /** The document as plain data; aliases resolved within limits. Callers must not change it. */
  toData(): unknown {
    this.data ??= this.document?.toJS({ maxAliasCount: MAX_ALIASES });
    return this.data;
  }

  /** Where the value at `path` stands, or its key; the nearest ancestor that exists where it does not. */
  locate(path: Path, at: "value" | "key" = "value"): { line: number; column: number } {
    let node: unknown = this.document?.contents;
    let offset = rangeStart(node) ?? 0;
    for (const [index, name] of path.entries()) {
      const pair = this.child(this.target(node), name);
      if (pair === undefined) break;
      const isLast = index === path.length - 1;
      offset =
        rangeStart(isLast && at === "key" && isPair(pair) ? pair.key : valueAt(pair)) ??
        rangeStart(isPair(pair) ? pair.key : pair) ??
        offset;
      node = valueAt(pair);
    }
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** A problem at a place of this document. */
  problem(
    path: Path,
    message: string,
    details: { expected?: string | undefined; suggestion?: string | undefined; at?: "value" | "key" } = {},
  ): Problem {
    const { expected, suggestion, at } = details;
    return {
      file: this.file,
      ...this.locate(path, at),
      path: withoutCredentials(path.map((part) => (String(part).length > 253 ? "…" : part)).join(".")),
      message: withoutCredentials(message),
      ...(expected === undefined ? {} : { expected: withoutCredentials(expected) }),
      ...(suggestion === undefined ? {} : { suggestion: withoutCredentials(suggestion) }),
    };
  }

  /** What an alias stands for; other nodes are themselves. */
  private target(node: unknown): unknown {
    return isAlias(node) && this.document !== undefined ? node.resolve(this.document) : node;
  }

  private child(node: unknown, name: string | number): Pair | Node | undefined {
    if (isSeq(node)) return node.items[Number(name)] as Node | undefined;
    if (!isMap(node)) return undefined;
    const known = this.keys.get(node) ?? indexOf(node);
    this.keys.set(node, known);
    return known.get(String(name));
  }
}

/** A map's pairs by key: looking through the list for each of ten thousand problems takes minutes. */
function indexOf(map: YAMLMap): Map<string, Pair> {
  const pairs = map.items.map((pair): [string, Pair] => [
    String(isScalar(pair.key) ? pair.key.value : pair.key),
    pair as Pair,
  ]);
  return new Map(pairs.reverse());
}

function valueAt(pair: Pair | Node): unknown {
  return isPair(pair) ? pair.value : pair;
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] } | null | undefined)?.range?.[0];
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** Keys that stand twice in one map: the second would win in silence. */
function doubleKeys(file: string, document: Document.Parsed, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === "<<") continue;
        const name = String(key.value);
        if (problems.length >= MAX_DOUBLE_KEYS) return visit.BREAK;
        if (seen.has(name)) problems.push(doubleKey(file, name, lines.linePos(rangeStart(key) ?? 0)));
        seen.add(name);
      }
      return undefined;
    },
  });
  return problems;
}

function doubleKey(file: string, name: string, { line, col }: { line: number; col: number }): Problem {
  const shown = withoutCredentials(name.slice(0, 60));
  return { file, line, column: col, path: "", message: `the key "${shown}" stands twice in one map` };
}

function yamlMessage(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "uses a tab as indentation; YAML indents with spaces";
  return `is not YAML: ${withoutCredentials(message)}`;
}

/** The line at which brackets or indentation nest deeper than the limit. */
function deepestIndent(text: string): number | undefined {
  let brackets = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const indent = line.length - line.trimStart().length;
    const dashes = /^(?:- ?)*/.exec(line.trimStart())?.[0].replaceAll(" ", "").length ?? 0;
    for (const character of line) {
      if (character === "[" || character === "{") brackets += 1;
      if (character === "]" || character === "}") brackets = Math.max(0, brackets - 1);
    }
    if (brackets > MAX_DEPTH || indent > MAX_DEPTH * 8 || dashes > MAX_DEPTH) return index + 1;
  }
  return undefined;
}
