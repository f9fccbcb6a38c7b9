// Owns: the list of rules that look at more than one field of a spec.
// Promises: every broken rule is reported, in the order of the file.
// Must not: look at resolved values; src/stack/rules does.

import type { Problem } from "../../stack-error.js";
import type { StackSpec } from "../schema/spec-types.js";
import type { SpecDocument } from "../spec-document.js";
import { environmentRules } from "./environment-rules.js";
import { referenceRules } from "./reference-rules.js";
import { releaseRules } from "./release-rules.js";
import { secretRules } from "./secret-rules.js";
import { shapeRules } from "./shape-rules.js";

/** A rule: what is wrong with a spec, with positions from its document. */
export type SpecRule = (spec: StackSpec, source: SpecDocument) => Problem[];

const RULES: readonly SpecRule[] = [
  ...referenceRules,
  ...environmentRules,
  ...releaseRules,
  ...secretRules,
  ...shapeRules,
];

export function checkRules(spec: StackSpec, source: SpecDocument): Problem[] {
  return RULES.flatMap((rule) => rule(spec, source)).sort((a, b) => a.line - b.line || a.column - b.column);
}
