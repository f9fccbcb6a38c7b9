// Owns: inventing an object that a schema accepts: what is required, and the way to one chosen place.
// Promises: the same schema and way give the same objects, in the same order.
// Must not: claim that an object is valid; the caller asks a validator and takes the next one if it is not.
import { type ChooseBranch, flatten, type SchemaNode, typeOf } from "./schema-node.js";
import { ELEMENT, VALUE, type Way } from "./schema-places.js";

/** How many combinations of branches to try before giving up. */
const ATTEMPTS = 24;

/** Name of the only entry of an invented map. */
export const MAP_KEY = "key";

/** Strings for patterns, tried in this order. */
const STRINGS = [
  "a",
  "aa",
  "1",
  "1h",
  "1s",
  "5m",
  "1d",
  "10GB",
  "0 0 * * *",
  "a.b",
  "a/b",
  "/a",
  "/a/b",
  "a.example/b",
  "a=b",
  "a:b",
  "1:1",
  "22:2",
  "1:1:1",
  "2000",
  "200",
  "443",
  "12:00",
  "monday",
  "january",
  "http://a",
  "https://a",
  "https://a.b/c",
  "http://a.b:80",
  "a://b.c",
  "10.0.0.0",
  "10.0.0.0/8",
  "fd00::/8",
  "2024-01-01T00:00:00Z",
  "request.a",
  "a.mmdb",
  "a.json",
  "US",
  "System",
  "YWJj",
  "EchoReply",
  "Hostname",
  "*",
  "{}",
  "a".repeat(16),
  "a".repeat(32),
  "a".repeat(64),
  "a".repeat(128),
  "",
];

/** Objects to try, nearest to the schema's own order of branches first. */
export function* inventObjects(root: SchemaNode, way: Way = []): Generator<Record<string, unknown>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    yield invent(root, root, way, branchesOfAttempt(attempt)) as Record<string, unknown>;
  }
}

/** Reads the number of the attempt in a mixed base, so that attempts run through the combinations of branches. */
function branchesOfAttempt(attempt: number): ChooseBranch {
  let rest = attempt;
  return (branches) => {
    const branch = rest % branches;
    rest = Math.floor(rest / branches);
    return branch;
  };
}

function invent(node: SchemaNode, root: SchemaNode, way: Way, choose: ChooseBranch): unknown {
  const flat = flatten(node, root, choose);
  if (flat.enum) return flat.enum[0];
  switch (typeOf(flat)) {
    case "object":
      return inventMapping(flat, root, way, choose);
    case "array":
      return inventList(flat, root, way, choose);
    case "string":
      return inventString(flat);
    case "integer":
    case "number":
      return inventNumber(flat);
    case "boolean":
      return true;
    default:
      return {};
  }
}

function inventMapping(node: SchemaNode, root: SchemaNode, way: Way, choose: ChooseBranch): object {
  const [next, ...rest] = way;
  const object: Record<string, unknown> = {};
  const names = new Set([...(node.required ?? []), ...(next === undefined || next === VALUE ? [] : [next])]);
  const additional = typeof node.additionalProperties === "object" ? node.additionalProperties : {};
  for (const name of names) {
    object[name] = invent(node.properties?.[name] ?? additional, root, name === next ? rest : [], choose);
  }
  if (next === VALUE) object[MAP_KEY] = invent(additional, root, rest, choose);
  fillUp(object, node, (child) => invent(child, root, [], choose));
  return object;
}

/** Adds fields that are not required until there are enough for `minProperties`. */
function fillUp(
  object: Record<string, unknown>,
  node: SchemaNode,
  inventChild: (child: SchemaNode) => unknown,
): void {
  const free = Object.entries(node.properties ?? {}).filter(([name]) => !(name in object));
  while (Object.keys(object).length < (node.minProperties ?? 0)) {
    const [name, child] = free.shift() ?? [MAP_KEY, {}];
    object[name] = inventChild(child);
    if (name === MAP_KEY) return;
  }
}

function inventList(node: SchemaNode, root: SchemaNode, way: Way, choose: ChooseBranch): unknown[] {
  const [next, ...rest] = way;
  const length = Math.max(node.minItems ?? 0, next === ELEMENT ? 1 : 0);
  return Array.from({ length }, () => invent(node.items ?? {}, root, rest, choose));
}

function inventString(node: SchemaNode): string {
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = node;
  const expression = new RegExp(pattern ?? "", "u");
  const found = STRINGS.find(
    (text) => expression.test(text) && text.length >= minLength && text.length <= maxLength,
  );
  if (found === undefined)
    throw new Error(`no string for ${JSON.stringify({ pattern, minLength, maxLength })}`);
  return found;
}

function inventNumber({ minimum, exclusiveMinimum, maximum }: SchemaNode): number {
  const least = exclusiveMinimum === undefined ? (minimum ?? 0) : exclusiveMinimum + 1;
  return Math.min(Math.max(1, least), maximum ?? Number.POSITIVE_INFINITY);
}
