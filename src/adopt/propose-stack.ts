// Owns: texts of files → a proposed prod-stack.yaml, with where each answer comes from and what is left as it is.
// Promises: pure; the proposal is valid; no secret value is in it; what cannot be carried over is named.
// Must not: read or write.

import type { ParsedSpec } from "../spec/parse-spec.js";
import { API_VERSION, type StackSpec } from "../spec/schema/spec-types.js";
import type { Stack } from "../stack/stack.js";
import { StackError } from "../stack-error.js";
import type { StackFile } from "../validate/stack-files.js";
import { Fact, type Facts, leavesOf, put } from "./facts.js";
import { putAllThings } from "./gather-things.js";
import { reportLeftovers } from "./leftovers.js";
import { type Origin, type Remark, visible } from "./manifest.js";
import { edgeFacts, environmentFacts } from "./place-facts.js";
import { placesOf, tierOf } from "./places.js";
import { type Reading, readManifests } from "./read-manifests.js";
import { Report } from "./report.js";
import { labelOf, type Scene, sceneOf } from "./scene.js";
import { settle } from "./settle.js";

export interface AdoptInput {
  readonly files: readonly StackFile[];
  /** What Kustomize made of the directories that `kustomizeRoots` names; the others are read structurally. */
  readonly built: ReadonlyMap<string, string>;
  /** What the directory is called. */
  readonly name: string;
  /** Where the generated repository will live; undefined where nobody knows. */
  readonly source: SourceInput;
  readonly generator: string;
}

export interface SourceInput {
  readonly url?: string | undefined;
  readonly revision?: string | undefined;
  readonly path?: string | undefined;
}

/** Where one answer of the proposal comes from. */
export interface AnswerOrigin {
  readonly path: string;
  readonly origin: Origin | undefined;
  readonly note: string | undefined;
}

export interface StackProposal {
  readonly text: string;
  readonly parsed: ParsedSpec<StackSpec>;
  readonly stack: Stack;
  readonly origins: readonly AnswerOrigin[];
  readonly leftAsIs: readonly Remark[];
  readonly warnings: readonly Remark[];
  /** Files that could not be read, or are no finished manifests. */
  readonly unread: readonly Remark[];
  readonly scenes: readonly Scene[];
  readonly reading: Reading;
}

/** @throws StackError (input, ADOPT) where there is nothing to adopt */
export function proposeStack(input: AdoptInput): StackProposal {
  const reading = readManifests(input.files);
  const texts = new Map(
    input.files.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text] as const])),
  );
  const places = placesOf({ reading, texts, built: input.built });
  const report = new Report();
  const scenes = places.map((place) => sceneOf(place, report));
  refuseEmpty(scenes, reading);
  const facts = stackFacts(scenes, input);
  reportLeftovers(scenes);
  const settled = settle(facts, report, input.generator);
  return {
    ...settled,
    origins: leavesOf(facts).map(({ path, fact }) => ({
      path: path.join("."),
      origin: fact.origin,
      note: fact.note,
    })),
    leftAsIs: report.leftAsIs,
    warnings: report.warnings,
    unread: reading.unread,
    scenes,
    reading,
  };
}

function refuseEmpty(scenes: readonly Scene[], { sources, unread }: Reading): void {
  if (scenes.some(({ services, models }) => services.length + models.length > 0)) return;
  const seen = [...sources.values()].reduce((sum, found) => sum + found.length, 0);
  const first = unread.slice(0, 3).map(({ what }) => visible(what));
  throw new StackError(
    "input",
    "ADOPT",
    seen === 0
      ? "there is no Kubernetes manifest here"
      : `of ${seen} objects here none is a workload that a stack could run`,
    {
      hint:
        first.length > 0
          ? `Not read: ${first.join("; ")}.`
          : "Give the directory that holds the manifests: create-prod-stack adopt DIRECTORY",
    },
  );
}

function stackFacts(scenes: readonly Scene[], input: AdoptInput): Facts {
  const name = stackName(scenes, input.name);
  const stack = String(name.value);
  const facts: Facts = {
    apiVersion: new Fact(API_VERSION),
    name,
    source: sourceFacts(input, stack),
    services: {},
    environments: {},
  };
  for (const [index, scene] of scenes.entries()) {
    const environment = environmentFacts(scene, stack);
    const before = scenes[index - 1]?.place.name;
    if (before !== undefined)
      environment.promotesFrom = new Fact(before, scene.place.origin, "by the order of the tiers");
    put(facts, ["environments", scene.place.name], environment);
  }
  putAllThings(facts, scenes);
  Object.assign(facts, edgeFacts(scenes));
  return facts;
}

/** What the objects say that they are part of; else their one namespace; else the directory. */
function stackName(scenes: readonly Scene[], directory: string): Fact {
  const workloads = scenes.flatMap(({ services }) => services.map(({ workload }) => workload.object));
  const labelled = workloads.filter(({ labels }) => labels[PART_OF] !== undefined);
  const parts = new Set(labelled.map(({ labels }) => labels[PART_OF] ?? ""));
  const [part] = parts;
  if (part !== undefined && parts.size === 1)
    return new Fact(labelOf(part), labelled[0]?.origin("metadata", "labels", PART_OF));
  const namespaces = new Set(workloads.map(({ namespace }) => withoutTier(namespace)));
  const [namespace = ""] = namespaces;
  if (namespaces.size === 1 && !["", "default"].includes(namespace))
    return new Fact(labelOf(namespace), workloads[0]?.origin("metadata", "namespace"), "after the namespace");
  return new Fact(labelOf(directory), undefined, "after the directory");
}

const PART_OF = "app.kubernetes.io/part-of";

/** shop-prod without prod. */
function withoutTier(namespace: string): string {
  const parts = namespace.split("-").filter((part) => tierOf(part) === undefined);
  return parts.length === 0 ? namespace : parts.join("-");
}

function sourceFacts({ source }: AdoptInput, stack: string): Facts {
  const url =
    source.url === undefined
      ? new Fact(
          `https://github.com/example-org/${stack}`,
          undefined,
          "no remote of git is known: give the repository's address",
        )
      : new Fact(source.url);
  return {
    url,
    ...(source.revision === undefined ? {} : { revision: new Fact(source.revision) }),
    ...(source.path === undefined ? {} : { path: new Fact(source.path) }),
  };
}
