// Owns: the admission policies of one environment, with its exceptions.
// Promises: the same rules whoever enforces them.
// Must not: know manifests.

import { type Exception, exceptionsOf } from "./derive-exceptions.js";
import { type AdmissionRule, IMAGE_RULES, POD_RULES, SERVICE_RULES } from "./presets/admission-rules.js";
import type { Environment } from "./stack.js";

export interface AdmissionPolicy {
  readonly rules: readonly AdmissionRule[];
}

export interface Admission {
  readonly engine: "validating-admission-policy" | "kyverno";
  readonly denies: boolean;
  readonly pods: readonly AdmissionRule[];
  readonly services: readonly AdmissionRule[];
}

export function admissionOf(environment: Environment): Admission | undefined {
  const { engine, action, images } = environment.settings.policy;
  if (engine === "none") return undefined;
  const exceptions = exceptionsOf(environment).filter(({ tool }) => tool === "admission");
  return {
    engine,
    denies: action === "deny",
    pods: [IMAGE_RULES[images], ...POD_RULES].flatMap((rule) => ruleWith(rule, exceptions)),
    services: SERVICE_RULES.flatMap((rule) => ruleWith(rule, exceptions)),
  };
}

/** A rule without the components that are excepted; no rule where all are. */
function ruleWith(rule: AdmissionRule, exceptions: readonly Exception[]): AdmissionRule[] {
  const exception = exceptions.find(({ id }) => id === rule.id);
  if (exception === undefined) return [rule];
  if (exception.on.length === 0) return [];
  const names = exception.on.map((name) => `'${name}'`).join(", ");
  return [{ ...rule, expression: `variables.component in [${names}] || (${rule.expression})` }];
}
