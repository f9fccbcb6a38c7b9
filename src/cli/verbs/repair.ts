// Owns: `create-prod-stack repair`: .prod-stack/ rebuilt from spec and version, and generated files that a git merge left in conflict.
// Promises: edits of both branches stay; what cannot be settled is reported with exit code 3.
// Must not: resolve prod-stack.yaml; only its author can.

import {
  applyPlan,
  hasConflictMarkers,
  hashOf,
  type Location,
  locate,
  mergeSides,
  planRepair,
  type Rendered,
  readSnapshot,
  recoverRepository,
  refuseNewer,
  renderStack,
  type Snapshot,
  StackError,
  type State,
  salvage,
  VERSION,
  type WritePlan,
} from "../../index.js";
import { type Arguments, isOn } from "../parse-arguments.js";
import { readCommitted } from "../place/read-committed.js";
import { readUnmerged } from "../place/unmerged-index.js";
import { planJson } from "../reporters/json-report.js";
import { conflictsOf, countLine, planLines } from "../reporters/plan-report.js";
import { count } from "../reporters/tree-report.js";
import { note, print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { readPlatform, readStack, type TextFile } from "./stack-files.js";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const { directory, spec: onDisk } = readStack(args, terminal);
  const spec = await resolvedSpec(directory, onDisk, terminal);
  const rendered = renderStack({ spec, platform: readPlatform(args, directory, terminal) });
  const location = locate(directory, rendered.stack);
  const isDry = isOn(args, "dry-run");
  if (!isDry) recoverRepository(location);
  const plan = await planOf(rendered, location, terminal);
  if (!isDry) applyPlan(plan, location);
  if (isOn(args, "json")) print(terminal, planJson({ directory, dryRun: isDry, written: !isDry, plan }));
  else report(plan, isDry, terminal);
  return conflictsOf(plan).length > 0 ? "conflicts" : "done";
}

/**
 * Two branches that each declare something more are merged by name.
 * @throws StackError (input, UNRESOLVED) where they disagree
 */
async function resolvedSpec(directory: string, spec: TextFile, terminal: Terminal): Promise<TextFile> {
  if (!hasConflictMarkers(spec.text)) return spec;
  const sides = (await readUnmerged(directory, terminal)).get("prod-stack.yaml");
  const text = sides && mergeSides("prod-stack.yaml", sides);
  if (text !== undefined) return { ...spec, text };
  throw new StackError("input", "UNRESOLVED", `${spec.file} has conflict markers in it`, {
    hint: "Resolve that one by hand: everything else derives from it. Then run create-prod-stack repair again.",
  });
}

async function planOf({ tree }: Rendered, location: Location, terminal: Terminal): Promise<WritePlan> {
  const { generators, files } = salvage(location);
  for (const generator of generators) refuseNewer({ generator });
  const state: State = { generator: generators[0] ?? VERSION, files };
  const sides = await readUnmerged(location.root, terminal);
  const snapshot = readSnapshot(location, tree, state);
  const bases = await lostBases(state, snapshot, location, terminal);
  return planRepair(tree, state, { ...snapshot, bases }, sides, { generator: VERSION, conflicts: "leave" });
}

/**
 * With the bases that git holds. Where two branches render a file anew, git takes the two new bases for one that was renamed
 * twice, and merges them into each other; the commits still have them.
 */
async function lostBases(
  { files }: State,
  { bases }: Snapshot,
  location: Location,
  terminal: Terminal,
): Promise<Map<string, string>> {
  const hashes = [...files.values()].flat().map(({ hash }) => hash);
  const lost = hashes.filter((hash) => !bases.has(hash));
  const paths = lost.map((hash) => `.prod-stack/base/${hash}`);
  const prefix = location.path === "." ? "" : `${location.path}/`;
  const found = await readCommitted(
    location.root,
    paths.map((path) => prefix + path),
    terminal,
  );
  const genuine = found.flatMap((text) => {
    const hash = hashOf(text);
    return lost.includes(hash) ? [[hash, text] as const] : [];
  });
  return new Map([...bases, ...genuine]);
}

function report(plan: WritePlan, isDry: boolean, terminal: Terminal): void {
  for (const line of [...planLines(plan, terminal), countLine(plan)]) print(terminal, line);
  const conflicts = conflictsOf(plan);
  if (conflicts.length > 0)
    print(terminal, `${count(conflicts.length, "file")} to resolve by hand, as they are; then git add.`);
  if (isDry) note(terminal, "Dry run: nothing was written.");
  else print(terminal, "The state is rebuilt. Look at it with git diff, then git add --all and commit.");
}
