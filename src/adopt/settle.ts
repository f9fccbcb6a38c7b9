// Owns: making a proposal valid: what the schema or a rule refuses is taken out, and said.
// Promises: what comes out parses and resolves, or nothing does and the error says why; ends.
// Must not: change a value: it is either right or left out.

import { type ParsedSpec, parseSpec } from "../spec/parse-spec.js";
import type { StackSpec } from "../spec/schema/spec-types.js";
import { resolveStack } from "../stack/resolve-stack.js";
import type { Stack } from "../stack/stack.js";
import { type Problem, StackError } from "../stack-error.js";
import { Fact, type Facts, leavesOf, remove } from "./facts.js";
import { type Origin, visible } from "./manifest.js";
import type { Report } from "./report.js";
import { writeProposal } from "./write-proposal.js";

export interface Settled {
  readonly text: string;
  readonly parsed: ParsedSpec<StackSpec>;
  readonly stack: Stack;
}

const MAX_ROUNDS = 40;
/** What a stack cannot be without; a problem there is not mended by leaving it out. */
const NEEDED = new Set(["apiVersion", "name", "source", "services", "environments"]);

/** @param facts changed where something has to go */
export function settle(facts: Facts, report: Report, generator: string): Settled {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const text = writeProposal(facts);
    const problems = tryResolve(text, generator);
    if (!Array.isArray(problems)) return { text, ...problems };
    const gone = problems.filter((problem) => takeOut(facts, problem, report));
    if (gone.length === 0) throw cannotPropose(problems);
  }
  throw cannotPropose([]);
}

function tryResolve(text: string, generator: string): Problem[] | Omit<Settled, "text"> {
  try {
    const parsed = parseSpec(text, "the proposal");
    return { parsed, stack: resolveStack(parsed, { generator }) };
  } catch (error) {
    if (error instanceof StackError && error.problems.length > 0) return [...error.problems];
    throw error;
  }
}

/** Takes the value out at which a problem stands, or which it is about. @returns whether something went */
function takeOut(facts: Facts, problem: Problem, report: Report): boolean {
  for (const path of candidates(facts, problem.path)) {
    const origin = originAt(facts, path);
    if (isNeeded(facts, path) || !remove(facts, path)) continue;
    const reason = visible(problem.message, 200);
    report.leave(`${visible(path.join("."))}: ${reason}`, origin);
    dropOverrides(facts, path);
    return true;
  }
  return false;
}

/** Keys may hold dots, so that a dotted path is read along the facts; an override may speak of what the base has. */
function candidates(facts: Facts, dotted: string): string[][] {
  const [, prefix = "", inBase] = /^((?:environments|tiers)\.[^.]+\.)(.*)$/.exec(dotted) ?? [];
  const own = walk(facts, dotted);
  const ofBase = inBase === undefined || prefix === "" ? [] : walk(facts, inBase);
  const isWholePlace = own[0] === "environments" && own.length === 2 && own.join(".") !== dotted;
  const depth = prefix === "" ? own.length : own.length - 2;
  const ordered = depth >= ofBase.length ? [own, ofBase] : [ofBase, own];
  return ordered.filter((path) => path.length > 1 && !(isWholePlace && path === own));
}

/** The deepest path that is there. */
function walk(facts: Facts, dotted: string): string[] {
  const path: string[] = [];
  let map: Fact | Facts | undefined = facts;
  let rest = dotted;
  while (rest !== "" && map !== undefined && !(map instanceof Fact)) {
    const keys: string[] = Object.keys(map).filter((key) => rest === key || rest.startsWith(`${key}.`));
    const key = keys.sort((a, b) => b.length - a.length)[0];
    if (key === undefined) break;
    path.push(key);
    map = map[key];
    rest = rest.slice(key.length + 1);
  }
  return path;
}

function isNeeded(facts: Facts, path: readonly string[]): boolean {
  const [top = "", second = "", third] = path;
  if (path.length === 1) return NEEDED.has(top);
  if (top === "source") return true;
  const map = facts[top];
  const isLast = map !== undefined && !(map instanceof Fact) && Object.keys(map).length === 1;
  if (top === "environments") return path.length === 2 ? isLast : third === "tier" || third === "domain";
  return top === "services" && path.length === 2 && isLast && second !== "";
}

/** What an environment says of a thing that is gone says nothing any more. */
function dropOverrides(facts: Facts, path: readonly string[]): void {
  const { environments } = facts;
  if (path.length !== 2 || environments === undefined || environments instanceof Fact) return;
  for (const name of Object.keys(environments)) remove(facts, ["environments", name, ...path]);
}

function originAt(facts: Facts, path: readonly string[]): Origin | undefined {
  let value: Fact | Facts | undefined = facts;
  for (const key of path) value = value === undefined || value instanceof Fact ? undefined : value[key];
  if (value instanceof Fact) return value.origin;
  return value === undefined ? undefined : leavesOf(value).find(({ fact }) => fact.origin)?.fact.origin;
}

function cannotPropose(problems: readonly Problem[]): StackError {
  return new StackError("input", "ADOPT", "no valid prod-stack.yaml could be made of these manifests", {
    hint: "Write one by hand, starting from: create-prod-stack new-stack --yes",
    problems,
  });
}
