// Owns: a validation report as text for a terminal.
// Promises: plain ASCII; no line wider than the terminal, from 40 columns on, except a word that is; the same facts with and without colour.
// Must not: decide anything, or print.

import type { CheckResult, Finding, ValidationReport, ValidationRow } from "./validation-report.js";

export interface FormatOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

type Tint = "red" | "green" | "yellow" | "dim" | "bold";

const CODES: Readonly<Record<Tint, number>> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };
const WIDEST = 100;
const NARROWEST = 40;

/** The table of environment × check, what was found, and what could not be checked. Ends in a newline. */
export function formatValidation(report: ValidationReport, { width, color }: FormatOptions): string {
  const columns = Math.max(NARROWEST, Math.min(WIDEST, width));
  const tint = (text: string, name: Tint) =>
    color && text !== "" ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text;
  const page: Page = { columns, tint };
  const sections = [
    table(report, page),
    findings(report, page),
    notChecked(report, page),
    summary(report, page),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

interface Page {
  readonly columns: number;
  readonly tint: (text: string, name: Tint) => string;
}

interface Cell {
  readonly text: string;
  readonly tint?: Tint;
  readonly alignRight?: boolean;
}

const HEADINGS = ["environment", "check", "result", "checked", "time", "with"];
/** Without it the table still says what happened. */
const OPTIONAL_COLUMN = HEADINGS.indexOf("with");

function table({ rows }: ValidationReport, page: Page): string[] {
  const body = rows.flatMap((row) => row.checks.map((check, index) => cellsOf(row, check, index === 0)));
  const heading = HEADINGS.map(
    (text, index): Cell => ({ text, tint: "bold", alignRight: index === 3 || index === 4 }),
  );
  const all = [heading, ...body];
  const widths = HEADINGS.map((_, index) => Math.max(...all.map((cells) => cells[index]?.text.length ?? 0)));
  const excess = totalOf(widths) - page.columns;
  if (excess <= 0) return all.map((cells) => line(cells, widths, page));
  const narrow = widths.slice(0, OPTIONAL_COLUMN);
  narrow[0] = Math.max(8, (narrow[0] ?? 0) - Math.max(0, totalOf(narrow) - page.columns));
  return all.map((cells) => line(cells.slice(0, OPTIONAL_COLUMN), narrow, page));
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 2, -2);
}

function line(cells: readonly Cell[], widths: readonly number[], { tint }: Page): string {
  const texts = cells.map(({ text, tint: name, alignRight }, index) => {
    const width = widths[index] ?? 0;
    const shown = text.length > width ? `${text.slice(0, width - 1)}~` : text;
    const padding = " ".repeat(width - shown.length);
    const tinted = name === undefined ? shown : tint(shown, name);
    if (alignRight) return padding + tinted;
    return index === cells.length - 1 ? tinted : tinted + padding;
  });
  return texts.join("  ").trimEnd();
}

const RESULTS: Readonly<Record<CheckResult["status"], Cell>> = {
  passed: { text: "passed", tint: "green" },
  failed: { text: "FAILED", tint: "red" },
  "not-run": { text: "not run", tint: "yellow" },
};

function cellsOf({ environment }: ValidationRow, check: CheckResult, isFirst: boolean): Cell[] {
  const { status, count, unit, milliseconds, tool, cause } = check;
  const isNothing = cause === "nothing-to-check";
  return [
    { text: isFirst ? environment : "" },
    { text: check.check },
    isNothing ? { text: "nothing", tint: "dim" } : RESULTS[status],
    {
      text: status === "not-run" ? "" : `${count} ${count === 1 ? unit.replace(/s$/, "") : unit}`,
      alignRight: true,
    },
    { text: status === "not-run" ? "" : seconds(milliseconds), alignRight: true, tint: "dim" },
    { text: tool?.name ?? "", tint: "dim" },
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Each check with findings, and under it one entry for each. */
function findings({ rows }: ValidationReport, page: Page): string[] {
  const found = rows.flatMap((row) =>
    row.checks.filter((check) => check.findings.length > 0).map((check) => ({ row, check })),
  );
  return found.flatMap(({ row, check }, index) => [
    ...(index === 0 ? [] : [""]),
    page.tint(`${row.environment}: ${check.check}`, "bold"),
    ...check.findings.flatMap((finding) => entry(finding, page)),
  ]);
}

function entry({ severity, rule, file, object, path, message, hint }: Finding, page: Page): string[] {
  const place = [file, object, path].filter((part) => part !== undefined).join(" ");
  const head = `${severity} ${place}${place === "" ? "" : ": "}${message} [${rule}]`;
  const [first = "", ...rest] = wrap(head, page.columns, "  ", "    ");
  const tinted = first.replace(severity, page.tint(severity, severity === "error" ? "red" : "yellow"));
  return [tinted, ...rest, ...wrap(hint, page.columns, "    ", "    ").map((text) => page.tint(text, "dim"))];
}

/** Checks without their program, or after a failure. */
function notChecked({ rows }: ValidationReport, page: Page): string[] {
  const reasons = new Map<string, string[]>();
  for (const { environment, checks } of rows) {
    for (const { check, cause, reason = "" } of checks) {
      if (cause === undefined || cause === "nothing-to-check") continue;
      const key = `${check}: ${reason}`;
      reasons.set(key, [...(reasons.get(key) ?? []), environment]);
    }
  }
  if (reasons.size === 0) return [];
  const entries = [...reasons].flatMap(([reason, environments]) =>
    wrap(`${reason} (${environments.join(", ")})`, page.columns, "  ", "    "),
  );
  return [page.tint("could not be checked", "bold"), ...entries];
}

function summary({ status, kubernetes, milliseconds, rows }: ValidationReport, page: Page): string[] {
  const checks = rows.flatMap((row) => row.checks);
  const count = (wanted: CheckResult["status"]) =>
    checks.filter((check) => check.status === wanted && check.cause !== "nothing-to-check").length;
  const all = checks.flatMap((check) => check.findings);
  const errors = all.filter(({ severity }) => severity === "error").length;
  const parts = [
    `${count("passed")} passed`,
    `${count("failed")} failed`,
    `${count("not-run")} not run`,
    `${errors} errors`,
    `${all.length - errors} warnings`,
  ];
  const text = `${status === "passed" ? "passed" : "FAILED"}: ${parts.join(", ")}; Kubernetes ${kubernetes}; ${seconds(milliseconds)}`;
  return wrap(text, page.columns, "", "  ").map((part) =>
    page.tint(part, status === "passed" ? "green" : "red"),
  );
}

/** Breaks at spaces; control characters of what was read never reach a terminal. */
function wrap(text: string, columns: number, first: string, rest: string): string[] {
  const lines: string[] = [];
  let current = first;
  let isEmpty = true;
  for (const word of text
    .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
    .split(" ")
    .filter((part) => part !== "")) {
    if (!isEmpty && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = rest;
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return isEmpty ? lines : [...lines, current];
}
