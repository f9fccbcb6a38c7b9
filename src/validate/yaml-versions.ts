// Owns: plain scalars that readers of YAML 1.1 and 1.2 take for different things.
// Promises: says what Kubernetes takes them for; each pattern names its source.
// Must not: judge quoted scalars, which mean the same everywhere.

import { isPair, isScalar, type Scalar, visit } from "yaml";
import type { YamlDocument } from "./read-yaml.js";
import type { Severity } from "./validation-report.js";

export interface AmbiguousScalar {
  readonly severity: Severity;
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

interface Ambiguity {
  readonly pattern: RegExp;
  readonly severity: Severity;
  /** Completes "`text` …". */
  readonly reading: string;
}

/**
 * Measured with kustomize 5.5 and 5.8 and Go's yaml.v2, which kubectl uses. Numbers that both versions take for the same
 * number (1e3, 0x1F) are not here: where text is wanted, the schemas find them.
 */
const AMBIGUITIES: readonly Ambiguity[] = [
  {
    // YAML 1.1, type bool: https://yaml.org/type/bool.html
    pattern: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
    severity: "error",
    reading: "is a boolean to Kubernetes, which reads YAML 1.1, and text to readers of YAML 1.2",
  },
  {
    // YAML 1.1, type int: https://yaml.org/type/int.html
    pattern: /^[-+]?(?:0b[01_]+|[1-9][0-9]*_[0-9_]*|0x[0-9a-fA-F]+_[0-9a-fA-F_]*)$/,
    severity: "error",
    reading: "is a number to Kubernetes, which reads YAML 1.1, and text to readers of YAML 1.2",
  },
  {
    // Correct for file modes such as defaultMode, which is why it only warns.
    pattern: /^[-+]?0[0-7_]+$/,
    severity: "warning",
    reading: "is octal to Kubernetes, which reads YAML 1.1, and decimal to readers of YAML 1.2",
  },
  {
    pattern: /^[-+]?0o[0-7_]+$/,
    severity: "warning",
    reading: "is octal to readers of YAML 1.2, and text to strict readers of YAML 1.1",
  },
  {
    // Base 60: Go's parser leaves it out, others have it (https://yaml.org/type/int.html).
    pattern: /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
    severity: "warning",
    reading: "is a number in base 60 to readers of YAML 1.1, and text to others",
  },
  {
    // https://yaml.org/type/timestamp.html; kustomize rewrites it as 2026-01-02T00:00:00Z.
    pattern:
      /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/,
    severity: "error",
    reading: "is a date to readers of YAML 1.1, which kustomize writes differently, and text to others",
  },
];

/** Every plain scalar of a document, keys included, that means something else in the other version of YAML. */
export function findAmbiguousScalars({ node }: YamlDocument): AmbiguousScalar[] {
  const found: AmbiguousScalar[] = [];
  visit(node, {
    Pair: (_, pair) => {
      if (isScalar(pair.key)) found.push(...judge(pair.key));
    },
    Scalar: (key, scalar, path) => {
      // Keys have been looked at with their pair.
      if (key !== "key" || !isPair(path.at(-1))) found.push(...judge(scalar));
    },
  });
  return found;
}

function judge(scalar: Scalar): AmbiguousScalar[] {
  const { source, type, tag, range } = scalar;
  // An explicit tag such as !!str says what is meant.
  if (type !== "PLAIN" || source === undefined || tag !== undefined) return [];
  const ambiguity = AMBIGUITIES.find(({ pattern }) => pattern.test(source));
  if (ambiguity === undefined) return [];
  const { severity, reading } = ambiguity;
  const hint = `Write "${source}" in quotes if text is meant, and ${meantOtherwise(source)} if not.`;
  return [{ severity, offset: range?.[0] ?? 0, message: `${source} ${reading}`, hint }];
}

function meantOtherwise(source: string): string {
  if (/^[a-z]+$/i.test(source)) return "true or false";
  return /^\d{4}-/.test(source) ? "the whole time with its zone, in quotes," : "a plain decimal number";
}
