// Owns: running the command of this package from a project.
// Promises: its output is the project's; a command that was killed is a failure, and says so.
// Must not: decide what a failure means.

import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import type { Customization, SpecDraft } from "../index.js";

/** What the command's verb `synth` reads on its standard input. */
export type Handover =
  | {
      readonly task: "render";
      readonly answers: SpecDraft;
      readonly flags: Readonly<Record<string, readonly string[]>>;
      readonly isNew: boolean;
    }
  | {
      readonly task: "write" | "check" | "diff" | "eject";
      readonly spec: SpecText;
      readonly customization: Customization;
    };

/** Text of prod-stack.yaml, and whether it is not what is on disk. */
export interface SpecText {
  readonly text: string;
  readonly isEdited: boolean;
}

export interface GeneratedFile {
  /** Below the repository's root. */
  readonly path: string;
  readonly contents: string;
  readonly mode: 0o644 | 0o755;
}

/** What the command answers to `render`. */
export interface RenderedStack {
  readonly spec: SpecText;
  readonly name: string;
  /** The stack's directory below the repository's root. */
  readonly path: string;
  readonly files: readonly GeneratedFile[];
}

/** Beside this file in the package. */
const COMMAND = join(__dirname, "cli.cjs");

/** Ends the process where the command fails: it has said what is wrong. */
export function askToRender(
  handover: Extract<Handover, { task: "render" }>,
  directory: string,
): RenderedStack {
  const { code, output } = run(handover, directory, [], "pipe");
  if (code !== 0) process.exit(code);
  return JSON.parse(output) as RenderedStack;
}

/** @returns the exit code */
export function handOver(handover: Handover, directory: string, args: readonly string[]): number {
  return run(handover, directory, args, "inherit").code;
}

function run(
  handover: Handover,
  directory: string,
  args: readonly string[],
  output: "pipe" | "inherit",
): { readonly code: number; readonly output: string } {
  const { status, signal, stdout, error } = spawnSync(process.execPath, [COMMAND, "synth", ...args], {
    cwd: directory,
    encoding: "utf8",
    input: JSON.stringify(handover),
    maxBuffer: Number.POSITIVE_INFINITY,
    stdio: ["pipe", output, "inherit"],
  });
  if (signal !== null) {
    console.error(
      `create-prod-stack was stopped by ${signal}. Run it again: it finishes or undoes what it began.`,
    );
    return { code: 128 + (constants.signals[signal] ?? 0), output: "" };
  }
  if (error !== undefined) throw error;
  return { code: status ?? 1, output: stdout ?? "" };
}
