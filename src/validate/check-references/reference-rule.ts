// Owns: what a reference rule is, and what it may look at.
// Promises: a rule is a plain value: a name and a function from the objects of one overlay to complaints.
// Must not: read files or run programs.

import type { BuiltObject } from "../built-object.js";
import type { Overlay } from "../find-overlays.js";
import type { Kustomization } from "../read-kustomizations.js";
import type { Finding, Severity } from "../validation-report.js";
import type { PodSource } from "./pod-sources.js";
import type { Provided } from "./provided.js";

export interface References {
  readonly overlay: Pick<Overlay, "name" | "directory" | "tier" | "namespace">;
  /** The overlay's own one first. */
  readonly kustomizations: readonly Kustomization[];
  readonly objects: readonly BuiltObject[];
  readonly pods: readonly PodSource[];
  readonly provided: readonly Provided[];
  /** The environment's own; empty where there is none, as in what the platform applies. */
  readonly namespace: string;
  /** Namespaces in which the overlay has workloads or services: of others nothing is known. */
  readonly namespaces: ReadonlySet<string>;
}

export type Complaint = Omit<Finding, "rule">;

export interface ReferenceRule {
  /** Stable; reported with every finding. */
  readonly name: string;
  readonly find: (references: References) => readonly Complaint[];
}

/** A complaint about a built object. */
export function about(
  { id }: Pick<BuiltObject, "id">,
  path: string,
  message: string,
  hint: string,
  severity: Severity = "error",
): Complaint {
  return { severity, object: id, path, message, hint };
}

/** "there is none", or the nearest that there are. */
export function listNames(names: readonly string[], what: string): string {
  const unique = [...new Set(names)].sort();
  if (unique.length === 0) return `The overlay has no ${what}.`;
  const shown = unique.slice(0, 8).join(", ");
  return `The overlay has the ${what} ${shown}${unique.length > 8 ? ", …" : ""}.`;
}
