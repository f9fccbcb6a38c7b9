// Owns: how a value enters a file, by the file's format.
// Promises: what a reader of that format gets back is the value itself, whatever it contains.
// Must not: decide, shorten or translate values.

import { StackError } from "../stack-error.js";

type Helper = (value: unknown) => string;

/** Words that some reader of YAML 1.1 (which Kubernetes reads) or 1.2 takes for something other than a string. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|e[+-]?[0-9]+)$/i;

/** Plain scalars that neither YAML version can misread, in block and in flow context: words and paths … */
const PLAIN = /^(?:[A-Za-z_/]|\.\.\/)[A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+)*$/;
/** … and amounts, durations, versions of three parts and address ranges, which no YAML version takes for a number. */
const PLAIN_AMOUNT =
  /^(?:[0-9]+(?:\.[0-9]+)?(?:m|k|M|G|T|Ki|Mi|Gi|Ti|ms|s|h|d|w|%)|[0-9]+\.[0-9]+\.[0-9]+[A-Za-z0-9.-]*(?:\/[0-9]+)?)$/;

/** Text with double quotes or backslashes is easier to read in single quotes; it must be printable and of one line. */
const SINGLE = /^(?=.*["\\])[\x20-\x7e]*$/;

/** Characters that YAML does not print or that JSON.stringify leaves bare. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function escapeUnprintable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function scalar(value: unknown, helper: string): string | number | boolean {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new StackError(
    "internal",
    "TEMPLATE",
    `helper ${helper} got ${value === null ? "null" : typeof value}`,
  );
}

/** Whether YAML 1.1 and 1.2 both read this text, without quotes, as itself. */
export function isPlainSafe(text: string): boolean {
  return (PLAIN.test(text) || PLAIN_AMOUNT.test(text)) && !RESERVED.test(text);
}

/** A YAML scalar: plain where that is safe in YAML 1.1 and 1.2, else double-quoted. */
function q(value: unknown): string {
  const text = scalar(value, "q");
  if (typeof text !== "string") return String(text);
  if (isPlainSafe(text)) return text;
  return SINGLE.test(text) ? `'${text.replaceAll("'", "''")}'` : escapeUnprintable(JSON.stringify(text));
}

/** Any JSON value, on one line. */
function json(value: unknown): string {
  if (value === undefined) throw new StackError("internal", "TEMPLATE", "helper json got undefined");
  return escapeUnprintable(JSON.stringify(value));
}

/** Inside a JSON string that the template quotes. */
function text(value: unknown): string {
  return json(String(scalar(value, "text"))).slice(1, -1);
}

/** One line of a comment. */
function line(value: unknown): string {
  return String(scalar(value, "line")).replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

/** A word of a POSIX shell. */
function sh(value: unknown): string {
  const word = String(scalar(value, "sh"));
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Text in Markdown, at the beginning of a line and in a table's cell too. */
function md(value: unknown): string {
  return line(value)
    .trimStart()
    .replace(/[\\`*_[\]<>|#~&]/g, "\\$&")
    .replace(/^[-+=]/, "\\$&")
    .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2");
}

/** A code span in Markdown, also in a table's cell; its fence is longer than any run of backticks in it. */
function code(value: unknown): string {
  const content = line(value).replaceAll("|", "\\|");
  if (content === "") return "";
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = /^`|`$|^ .* $/.test(content) ? " " : "";
  return `${fence}${space}${content}${space}${fence}`;
}

/** Text that the core made itself, such as a diagram or a prepared Markdown link. */
function plain(value: unknown): string {
  return String(scalar(value, "plain"));
}

/** The lines of a YAML block scalar, already indented by the view. */
function block(value: unknown): string {
  return String(scalar(value, "block"));
}

export const helpers: Readonly<Record<string, Helper>> = { q, json, text, line, sh, md, code, plain, block };
