// Owns: whether a merged text is what it should be.
// Promises: it parses, no key stands twice, and its values are the merge of the three versions' values, decided without the text.
// Must not: merge text.

import { type DataConflicts, meaningOf, mergeData, type Side } from "./merge-data.js";
import { nameInData, nameInText, namesFor, splitDocuments } from "./merge-documents.js";
import type { Data } from "./merge-identity.js";
import { InvalidJson, jsonTree } from "./merge-json.js";
import { NotTaken } from "./merge-tree.js";
import { InvalidYaml, readYamlStream, YamlReader } from "./merge-yaml-data.js";

/**
 * right: the values are what they should be; unclear: it parses, and nothing more can be said; wrong: it parses, and the
 * values are not; else why it does not parse.
 */
export type Verdict = "right" | "unclear" | "wrong" | { readonly invalid: string };

export interface Texts {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly merged: string;
}

/** @param side for whom conflicts are decided; without, a conflict of values is wrong */
export function checkMerge(
  format: "yaml" | "json",
  texts: Texts,
  side?: Side,
  reader = new YamlReader(),
): Verdict {
  try {
    return format === "json" ? checkJson(texts, side) : checkYaml(texts, side, reader);
  } catch (error) {
    if (error instanceof NotTaken) return "unclear";
    if (error instanceof InvalidYaml || error instanceof InvalidJson) return { invalid: error.message };
    throw error;
  }
}

function checkJson({ base, ours, theirs, merged }: Texts, side: Side | undefined): Verdict {
  const result = jsonTree(merged).data;
  return verdictOf(
    mergeData(jsonTree(base).data, jsonTree(ours).data, jsonTree(theirs).data, side),
    result,
    side,
  );
}

function verdictOf(expected: DataConflicts & { data: Data }, actual: Data, side: Side | undefined): Verdict {
  if (side === undefined && expected.conflicts > 0) return "wrong";
  if (side === undefined && expected.unclear > 0) return "unclear";
  return meaningOf(expected.data) === meaningOf(actual) ? "right" : "wrong";
}

type Four<Value> = Record<keyof Texts, Value>;
/** The result first: that it is invalid is said whatever the others are. */
const ORDER = ["merged", "base", "ours", "theirs"] as const;
const VERSIONS = ["base", "ours", "theirs", "merged"] as const;

function four<From, To>(values: Four<From>, map: (value: From, version: keyof Texts) => To): Four<To> {
  return Object.fromEntries(ORDER.map((version) => [version, map(values[version], version)])) as Four<To>;
}

function checkYaml(texts: Texts, side: Side | undefined, reader: YamlReader): Verdict {
  const bodies = four(texts, bodiesOf);
  const left = withoutPlain(bodies);
  // Whether the result is valid is said first, whatever the other versions are.
  for (const text of left.merged) reader.contentsOf(text);
  const data = four(left, (documents) => documents.map((text) => reader.dataOf(text)));
  const { base, ours, theirs, merged } = data;
  if (namesFor([base, ours, theirs], nameInData) === undefined) return "unclear";
  const names = namesFor([base, ours, theirs, merged], nameInData);
  if (names === undefined) return "wrong";
  const values = VERSIONS.map(
    (version, at) => new Map(data[version].map((one, index) => [names[at]?.[index] ?? "", one])),
  );
  const [before = NONE, mine = NONE, other = NONE, result = NONE] = values;
  return verdictOf(mergeData(before, mine, other, side), result, side);
}

const NONE: ReadonlyMap<string, Data> = new Map();

function bodiesOf(text: string, version: keyof Texts): string[] {
  try {
    return splitDocuments(text).documents.map(({ body }) => body);
  } catch (error) {
    if (!(error instanceof NotTaken) || version !== "merged") throw error;
    readYamlStream(text);
    throw error;
  }
}

/** Without the documents that one side alone has changed and the result has from it: what they hold is that side's matter. */
function withoutPlain(bodies: Four<readonly string[]>): Four<readonly string[]> {
  const named = four(bodies, (texts) => texts.map((body) => [nameInText({ head: "", body }), body] as const));
  const byName = four(named, (entries) => new Map(entries));
  const isTold = VERSIONS.every(
    (version) => byName[version].size === bodies[version].length && !byName[version].has(undefined),
  );
  if (!isTold) return bodies;
  const isPlain = (name: string | undefined) => {
    const { base, ours, theirs, merged } = four(byName, (texts) => texts.get(name));
    return (base === ours && merged === theirs) || (base === theirs && merged === ours);
  };
  return four(named, (entries) => entries.filter(([name]) => !isPlain(name)).map(([, body]) => body));
}
