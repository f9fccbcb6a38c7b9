// Owns: the list of rules that look at more than one field of a spec.
// Promises: every broken rule is reported.
// Must not: look at resolved values; src/stack/rules does.

import type { Problem } from "../../stack-error.js";
import type { PlatformSpec, StackSpec } from "../schema/spec-types.js";
import type { SpecDocument } from "../spec-document.js";
import { environmentRules } from "./environment-rules.js";
import { previewRules } from "./preview-rules.js";
import { referenceRules } from "./reference-rules.js";
import { releaseRules } from "./release-rules.js";
import { credentialProblems, secretRules } from "./secret-rules.js";
import { scheduleProblems, shapeRules } from "./shape-rules.js";
import { textProblems } from "./text-rules.js";
import { workloadRules } from "./workload-rules.js";

/** A rule: what is wrong with a spec, with positions from its document. */
export type SpecRule = (spec: StackSpec, source: SpecDocument) => Problem[];

const RULES: readonly SpecRule[] = [
  ...referenceRules,
  ...environmentRules,
  ...previewRules,
  ...releaseRules,
  ...secretRules,
  ...shapeRules,
  ...workloadRules,
];

/** Rules of a spec whose shape is that of the schema. */
export function checkRules(spec: StackSpec, source: SpecDocument): Problem[] {
  return RULES.flatMap((rule) => rule(spec, source));
}

/** Rules of a platform.yaml. */
export function checkPlatformRules({ backup }: PlatformSpec, source: SpecDocument): Problem[] {
  return backup?.schedule === undefined
    ? []
    : scheduleProblems(["backup", "schedule"], backup.schedule, source);
}

/** Rules of any document, however wrong it is. */
export function checkText(source: SpecDocument): Problem[] {
  return [...credentialProblems(source), ...textProblems(source)];
}
