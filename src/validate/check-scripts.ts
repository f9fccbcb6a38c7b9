// Owns: shell scripts and CI workflows, each held to the linter of its language.
// Promises: runs what is found; what is not found is said, with how to get it.
// Must not: run any script.

import { isAbsolute, relative } from "node:path";
import { missingTool, type ToolName, type Tools } from "./find-tools.js";
import { runTool, type ToolOutput, type ToolRun } from "./run-tool.js";
import type { StackFile } from "./stack-files.js";
import { type CheckOutcome, type Finding, notRun, outcomeOf } from "./validation-report.js";
import { asRecord, listAt, textAt } from "./values.js";

export interface LintCheck extends ToolRun {
  readonly tools: Tools;
}

interface Linter {
  readonly tool: ToolName;
  readonly files: RegExp;
  readonly nothing: string;
  readonly args: readonly string[];
  /** One comment, out of the tool's JSON. */
  readonly read: (comment: unknown) => Pick<Finding, "severity" | "message" | "hint"> & {
    readonly path: string | undefined;
    readonly line: unknown;
  };
}

const SHELLCHECK: Linter = {
  tool: "shellcheck",
  files: /\.sh$/,
  nothing: "no shell script",
  // Style is taste; what is left are mistakes.
  args: ["--format=json", "--severity=warning", "--"],
  read: (comment) => {
    const code = `SC${String(asRecord(comment).code)}`;
    return {
      severity: "error",
      path: textAt(comment, "file"),
      line: asRecord(comment).line,
      message: `${textAt(comment, "message")} (${code})`,
      hint: `https://www.shellcheck.net/wiki/${code}`,
    };
  },
};

const ACTIONLINT: Linter = {
  tool: "actionlint",
  files: /^(?:\.\.\/)*\.github\/workflows\/[^/]+\.ya?ml$/,
  nothing: "no GitHub workflow",
  args: ["-no-color", "-shellcheck=", "-pyflakes=", "-format", "{{json .}}", "--"],
  read: (comment) => {
    const kind = textAt(comment, "kind") ?? "syntax";
    return {
      severity: "error",
      path: textAt(comment, "filepath"),
      line: asRecord(comment).line,
      message: `${textAt(comment, "message")} (${kind})`,
      hint: "https://github.com/rhysd/actionlint/blob/main/docs/checks.md",
    };
  },
};

/** Shell scripts, those that run in pods included. */
export const checkScripts = (files: readonly StackFile[], check: LintCheck) => lint(SHELLCHECK, files, check);

/** GitHub workflows: those of the stack's directory where it is the repository's root, else the stack's own at the root. */
export const checkWorkflows = (files: readonly StackFile[], check: LintCheck) =>
  lint(ACTIONLINT, files, check);

async function lint(
  linter: Linter,
  files: readonly StackFile[],
  { tools, directory, signal }: LintCheck,
): Promise<CheckOutcome> {
  const { tool, nothing, args } = linter;
  const paths = files
    .filter(({ path, text }) => linter.files.test(path) && text !== undefined)
    .map(({ path }) => path);
  if (paths.length === 0) return notRun("files", "nothing-to-check", nothing);
  const program = tools[tool];
  if (program === undefined) return notRun("files", "no-tool", missingTool(tool));
  const output = await runTool(program, [...args, ...paths.map((path) => `./${path}`)], {
    directory,
    signal,
  });
  return outcomeOf(paths.length, "files", readComments(linter, output, directory), {
    name: tool,
    path: program,
  });
}

function readComments({ tool, read }: Linter, output: ToolOutput, directory: string): Finding[] {
  const { stdout, stderr, exitCode, failure } = output;
  const comments = tryParse(stdout);
  if (failure !== undefined || comments === undefined || (exitCode !== 0 && comments.length === 0)) {
    const message = `${tool} ${failure ?? `ended with ${exitCode}: ${stderr.trim().slice(0, 500)}`}`;
    return [{ severity: "error", rule: tool, message, hint: "Run it by hand to see more." }];
  }
  return comments.map((comment) => {
    const { path, line, ...finding } = read(comment);
    return { rule: tool, file: `${below(directory, path ?? "")}:${String(line)}`, ...finding };
  });
}

function below(directory: string, path: string): string {
  return isAbsolute(path) ? relative(directory, path) : path.replace(/^\.\//, "");
}

function tryParse(text: string): readonly unknown[] | undefined {
  try {
    return listAt({ comments: JSON.parse(text) }, "comments");
  } catch {
    return undefined;
  }
}
