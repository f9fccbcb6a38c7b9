// Owns: building one overlay with kustomize, or with the kustomize inside of kubectl.
// Promises: an overlay that refers to anything outside, or yields no object, fails; warnings are kept.
// Must not: build what read-kustomizations has refused.

import { type BuiltObject, readObjects } from "./built-object.js";
import type { Overlay } from "./find-overlays.js";
import type { Builder } from "./find-tools.js";
import type { KustomizationGraph } from "./read-kustomizations.js";
import { runTool, type ToolRun } from "./run-tool.js";
import { type CheckOutcome, type Finding, outcomeOf } from "./validation-report.js";

export interface BuiltOverlay {
  readonly overlay: Overlay;
  readonly kustomizations: KustomizationGraph["kustomizations"];
  /** What kustomize wrote; empty where the build failed. */
  readonly text: string;
  readonly objects: readonly BuiltObject[];
  readonly outcome: CheckOutcome;
}

const FAILED_HINT = "Run the same build by hand: kustomize build, or kubectl kustomize, with this directory.";

/** @param run.directory the stack's */
export async function buildOverlay(
  overlay: Overlay,
  graph: KustomizationGraph,
  builder: Builder,
  run: ToolRun,
): Promise<BuiltOverlay> {
  const refused = overlay.problem === undefined ? graph.findings : [overlay.problem];
  const empty = { overlay, kustomizations: graph.kustomizations, text: "", objects: [] };
  if (refused.length > 0) return { ...empty, outcome: outcomeOf(0, "objects", refused) };
  const command = builder.name === "kustomize" ? "build" : "kustomize";
  const { exitCode, stdout, stderr, failure } = await runTool(
    builder.path,
    [command, "--", overlay.directory],
    run,
  );
  const warnings = warningsOf(stderr, overlay.directory);
  if (failure !== undefined || exitCode !== 0) {
    const message = failure === undefined ? errorOf(stderr, run.directory) : `${builder.name} ${failure}`;
    return { ...empty, outcome: outcomeOf(0, "objects", [failed(overlay, message), ...warnings], builder) };
  }
  const { objects, problems } = readObjects(stdout);
  const findings = [
    ...problems.map((message) => failed(overlay, message)),
    ...(objects.length === 0 ? [nothingBuilt(overlay)] : []),
  ];
  return {
    ...empty,
    text: stdout,
    objects,
    outcome: outcomeOf(objects.length, "objects", [...findings, ...warnings], builder),
  };
}

function failed({ directory }: Overlay, message: string): Finding {
  return { severity: "error", rule: "build", file: directory, message, hint: FAILED_HINT };
}

function nothingBuilt({ directory }: Overlay): Finding {
  return {
    severity: "error",
    rule: "build-empty",
    file: directory,
    message: "builds no object at all",
    hint: "List what belongs to it under resources.",
  };
}

/** The text after "Error:", without the places of this machine. */
function errorOf(stderr: string, directory: string): string {
  const text = stderr
    .slice(Math.max(0, stderr.search(/^error:/im)))
    .replace(/^error:\s*/i, "")
    .trim();
  const message = text
    .replaceAll(`${directory}/`, "")
    .replaceAll(directory, ".")
    .replace(/\s*\n\s*/g, " ");
  return message === "" ? "kustomize failed without a message" : message.slice(0, 2000);
}

function warningsOf(stderr: string, directory: string): Finding[] {
  const lines = stderr.split("\n").filter((line) => /^#?\s*warning\b/i.test(line));
  return [...new Set(lines)].map((line) => ({
    severity: "warning",
    rule: "build-warning",
    file: directory,
    message: line.replace(/^#?\s*warning:?\s*/i, "").trim(),
    hint: "Run `kustomize edit fix` in the directory that has the old field.",
  }));
}
