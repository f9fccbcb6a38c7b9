// Owns: the proof that schemas bite: per kind one valid object, and broken twins that both validators must refuse.
// Promises: a kind without a valid object is an error; what could not be broken is counted, never hidden.
// Must not: assert; the tests read the result.
import { checkAgainstSchema } from "../../../src/validate/check-schema.js";
import { type ArchivedKind, findSchema, type SchemaArchive } from "../../../src/validate/schema-archive.js";
import { BREAKAGES, type Break, type Breakage, listBreaks } from "./broken-objects.js";
import { inventObjects } from "./example-object.js";
import type { AskKubeconform, Verdict } from "./run-kubeconform.js";
import type { SchemaNode } from "./schema-node.js";
import { listPlaces, type Way } from "./schema-places.js";

/** One object of the proof, and what was said of it. */
export interface Trial {
  readonly kind: string;
  readonly kubernetes: string;
  /** How it was broken; undefined for a valid object. */
  readonly breakage: Breakage | undefined;
  readonly way: Way;
  readonly object: Record<string, unknown>;
  /** Findings of the embedded checker. */
  readonly findings: readonly string[];
}

/** What was tried for a set of kinds. */
export interface Proof {
  readonly trials: readonly Trial[];
  /** Breakages that have places in a kind, none of which a valid object could be invented for. */
  readonly unreached: readonly string[];
}

/** Places of one breakage to try before it counts as unreached. */
const PLACES_TRIED = 24;

/**
 * All trials for one version of Kubernetes. Each broken object comes with its valid twin.
 * @param placesPerBreakage how many places to break per kind and breakage, spread over all that allow it
 */
export function planTrials(
  archive: SchemaArchive,
  kinds: readonly ArchivedKind[],
  kubernetes: string,
  placesPerBreakage = 1,
): Proof {
  const trials: Trial[] = [];
  const unreached: string[] = [];
  for (const kind of kinds) {
    const root = findSchema(archive, { ...kind, kubernetes }) as SchemaNode | undefined;
    const name = `${kind.apiVersion} ${kind.kind}`;
    if (root === undefined) throw new Error(`no schema of ${name} for ${kubernetes}`);
    const judge = judgeWith(archive, name, kubernetes);
    const minimal = inventValid(root, [], judge);
    if (minimal === undefined) throw new Error(`no valid object found for ${name}`);
    trials.push(minimal);
    for (const [breakage, breaks] of Object.entries(listBreaks(root, listPlaces(root)))) {
      const broken = breakSome(root, breaks, judge, placesPerBreakage);
      trials.push(...broken);
      if (broken.length === 0 && breaks.length > 0) unreached.push(`${name} ${kubernetes}: ${breakage}`);
    }
  }
  return { trials, unreached };
}

type Judge = (object: Record<string, unknown>, breakage?: Breakage, way?: Way) => Trial;

function judgeWith(archive: SchemaArchive, kind: string, kubernetes: string): Judge {
  return (object, breakage, way = []) => {
    const findings = checkAgainstSchema(object, kubernetes, archive);
    const texts = findings.map(({ path, message }) => `${path} ${message}`);
    return { kind, kubernetes, breakage, way, object, findings: texts };
  };
}

/** A valid object and its broken twin, for each of some places; none for places that cannot be reached. */
function breakSome(root: SchemaNode, breaks: readonly Break[], judge: Judge, wanted: number): Trial[] {
  const trials: Trial[] = [];
  for (const { way, breakage, apply } of spread(breaks, Math.max(wanted, PLACES_TRIED))) {
    if (trials.length >= 2 * wanted) break;
    const valid = inventValid(root, way, judge);
    if (valid === undefined) continue;
    const object = structuredClone(valid.object);
    apply(object);
    trials.push(valid, judge(object, breakage, way));
  }
  return trials;
}

/** At most `count` elements, evenly spread, the first always among them. */
function spread<Element>(elements: readonly Element[], count: number): Element[] {
  const step = Math.max(1, elements.length / count);
  return elements.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function inventValid(root: SchemaNode, way: Way, judge: Judge): Trial | undefined {
  for (const object of inventObjects(root, way)) {
    const trial = judge(object, undefined, way);
    if (trial.findings.length === 0) return trial;
  }
  return undefined;
}

/** A trial that one of the validators judged wrongly, in words. */
export async function findWrongVerdicts(trials: readonly Trial[], ask: AskKubeconform): Promise<string[]> {
  const wrong: string[] = [];
  for (const kubernetes of new Set(trials.map((trial) => trial.kubernetes))) {
    const asked = trials.filter((trial) => trial.kubernetes === kubernetes);
    // Many breakages share their valid twin.
    const texts = asked.map(({ object }) => JSON.stringify(object));
    const distinct = [...new Set(texts)];
    const verdicts = await ask(distinct, kubernetes);
    const verdictOf = new Map(distinct.map((text, index) => [text, verdicts[index]]));
    asked.forEach((trial, index) => {
      wrong.push(...describeWrong(trial, verdictOf.get(texts[index] ?? "")));
    });
  }
  return wrong;
}

function describeWrong(trial: Trial, verdict: Verdict | undefined): string[] {
  const wanted = trial.breakage === undefined ? "valid" : "invalid";
  const embedded = trial.findings.length === 0 ? "valid" : "invalid";
  const said: string[] = [];
  if (embedded !== wanted) said.push(`the embedded checker says ${embedded}`);
  if (verdict?.status !== wanted) said.push(`kubeconform says ${verdict?.status} (${verdict?.message})`);
  if (said.length === 0) return [];
  const what = trial.breakage ?? "valid object";
  return [`${trial.kind} ${trial.kubernetes}, ${what} at ${trial.way.join(".")}: ${said.join("; ")}`];
}

/** How many trials of each sort there are; a valid twin counts as valid. */
export function countTrials(trials: readonly Trial[]): Record<Breakage | "valid", number> {
  const counts = Object.fromEntries(["valid", ...BREAKAGES].map((name) => [name, 0]));
  for (const { breakage = "valid" } of trials) counts[breakage] = (counts[breakage] ?? 0) + 1;
  return counts as Record<Breakage | "valid", number>;
}
