// Owns: the outcome of a validation as a plain value: what was checked where, with which tool, and what was found.
// Promises: JSON-safe; a run that checked nothing, or could not build an overlay, is never "passed".
// Must not: run checks, or choose words and colours for a terminal.

/** What is checked. The first seven look at files of the repository, the others at the objects of one overlay. */
export type CheckName =
  | "files"
  | "yaml"
  | "rule-files"
  | "prometheus"
  | "alertmanager"
  | "scripts"
  | "workflows"
  | "build"
  | "schemas"
  | "references"
  | "alert-rules";

/** `error` fails the check; `warning` is for the reader to judge. */
export type Severity = "error" | "warning";

/** One thing that was found. */
export interface Finding {
  readonly severity: Severity;
  /** Stable name of the rule that found it, such as `service-selector`. */
  readonly rule: string;
  /** Below the validated directory, with forward slashes, followed by `:line` where that is known. */
  readonly file?: string;
  /** `Kind/name` of a built object. */
  readonly object?: string;
  /** Dotted path in the object or document. */
  readonly path?: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

export interface ToolUsed {
  readonly name: string;
  /** Where it was found; undefined for what is part of this package. */
  readonly path: string | undefined;
}

/** Why a check has not run: its program is missing, there is nothing of the kind, or an earlier check failed. */
export type NotRunCause = "no-tool" | "nothing-to-check" | "blocked";

export interface CheckResult {
  readonly check: CheckName;
  readonly status: "passed" | "failed" | "not-run";
  /** Objects, documents or files that were checked; see `unit`. */
  readonly count: number;
  readonly unit: "files" | "documents" | "objects" | "rules";
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  readonly tool?: ToolUsed;
  /** Only where status is `not-run`. */
  readonly cause?: NotRunCause;
  readonly reason?: string;
}

export interface ValidationRow {
  /** Name of the overlay, `bootstrap` and what is below it, or `repository` for what belongs to no environment. */
  readonly environment: string;
  /** Directory of the kustomization, below the validated one. */
  readonly directory: string;
  readonly checks: readonly CheckResult[];
}

export interface ValidationReport {
  readonly status: "passed" | "failed";
  /** Minor version that the objects were checked against. */
  readonly kubernetes: string;
  readonly milliseconds: number;
  readonly rows: readonly ValidationRow[];
}

/** A check as its room returns it; the caller measures the time. */
export type CheckOutcome = Omit<CheckResult, "check" | "milliseconds">;

/** What a check found: failed where one finding is an error, or where nothing was checked. */
export function outcomeOf(
  count: number,
  unit: CheckResult["unit"],
  findings: readonly Finding[],
  tool?: ToolUsed,
): CheckOutcome {
  const failed = count === 0 || findings.some(({ severity }) => severity === "error");
  const used = tool === undefined ? {} : { tool };
  return { status: failed ? "failed" : "passed", count, unit, findings: sortFindings(findings), ...used };
}

/** A check that has not run, and why. */
export function notRun(unit: CheckResult["unit"], cause: NotRunCause, reason: string): CheckOutcome {
  return { status: "not-run", count: 0, unit, findings: [], cause, reason };
}

/** Errors first; otherwise in the order of files and objects. */
function sortFindings(findings: readonly Finding[]): Finding[] {
  const key = ({ file = "", object = "", path = "" }: Finding) => `${file} ${object} ${path}`;
  return [...findings].sort((one, other) => {
    if (one.severity !== other.severity) return one.severity === "error" ? -1 : 1;
    return key(one).localeCompare(key(other), "en", { numeric: true });
  });
}

/** The report as a whole: failed where a check failed, and where no object was built. */
export function reportOf(
  kubernetes: string,
  milliseconds: number,
  rows: readonly ValidationRow[],
): ValidationReport {
  const checks = rows.flatMap((row) => row.checks);
  const built = checks.some(({ check, count }) => check === "build" && count > 0);
  const failed = !built || checks.some(({ status }) => status === "failed");
  return { status: failed ? "failed" : "passed", kubernetes, milliseconds, rows };
}
