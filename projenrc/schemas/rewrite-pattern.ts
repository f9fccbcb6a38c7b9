// Owns: the form of regular expressions that Go (RE2) and JavaScript (with the u flag) both take.
// Promises: the same strings match as before, and no string makes JavaScript backtrack exponentially.
// Must not: loosen or tighten a pattern.

/**
 * Parts that match in exponential time in a backtracking engine, beside an equal part that does not: `(x+y?)+` can
 * split a run of x in 2^n ways. Go has no such problem, so upstream does not see it.
 */
const LINEAR_FORMS: readonly (readonly [slow: string, linear: string])[] = [
  ["([-a-zA-Z0-9_*]+[.]?)+", "[-a-zA-Z0-9_*]+(?:[.][-a-zA-Z0-9_*]+)*[.]?"],
  ["([-a-zA-Z0-9_]+[.]?)+", "[-a-zA-Z0-9_]+(?:[.][-a-zA-Z0-9_]+)*[.]?"],
  ["([0-9]+(ns|us|µs|ms|s|m|h)?)+", "[0-9]+(?:(?:ns|us|µs|ms|s|m|h)[0-9]+)*(?:ns|us|µs|ms|s|m|h)?"],
  ["[!-~]+([\\t ]?[!-~]+)*", "[!-~]+(?:[\\t ][!-~]+)*"],
  ["(([\\w-]+\\.?)+)?[\\w-]+", "[\\w-]+(?:\\.[\\w-]+)*"],
];

/**
 * Rewrites a pattern of a CustomResourceDefinition for both engines.
 * @throws Error when the result is still no JavaScript expression.
 */
export function rewritePattern(pattern: string): string {
  const linear = LINEAR_FORMS.reduce((text, [slow, fast]) => text.replace(slow, () => fast), pattern);
  const rewritten = expandCaseInsensitive(linear).replace(/\\([pP])([A-Z])(?!\{)/g, "\\$1{$2}");
  new RegExp(rewritten, "u");
  return rewritten;
}

/** Replaces Go's inline `(?i)`, which JavaScript has not: until its group ends, each letter becomes a class. */
function expandCaseInsensitive(pattern: string): string {
  if (!pattern.includes("(?i)")) return pattern;
  let output = "";
  let depth = 0;
  let insensitiveDepth: number | undefined;
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at);
    if (rest.startsWith("(?i)")) {
      insensitiveDepth = depth;
      at += "(?i)".length - 1;
      continue;
    }
    const char = pattern.charAt(at);
    if (char === "\\") {
      output += rest.slice(0, 2);
      at++;
      continue;
    }
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (insensitiveDepth !== undefined && depth < insensitiveDepth) insensitiveDepth = undefined;
    output += insensitiveDepth === undefined ? char : eitherCase(char, pattern);
  }
  return output;
}

function eitherCase(char: string, pattern: string): string {
  if (char === "[" && /\[[^\]]*[A-Za-z]/.test(pattern)) {
    throw new Error(`a character class under (?i) is not supported: ${pattern}`);
  }
  return /[A-Za-z]/.test(char) ? `[${char.toLowerCase()}${char.toUpperCase()}]` : char;
}
