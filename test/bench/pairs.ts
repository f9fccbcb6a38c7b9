// Owns: timing two commands in turn and comparing them pair by pair.
// Promises: ratios of pairs, so that a machine whose speed drifts does not decide; every run writes into a new directory.
// Must not: assert; machines are noisy.

import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A command that gets the path of a directory that does not exist yet. */
export interface Subject {
  readonly name: string;
  /** May prepare the directory: that is not timed. */
  readonly argumentsFor: (directory: string) => readonly string[];
}

export interface Run {
  readonly milliseconds: number;
  /** Peak resident memory, in mebibytes. */
  readonly memory: number;
}

/** Prints the child's peak memory when it ends; loaded with --require. */
const PROBE = join(import.meta.dirname, "memory-probe.cjs");

let count = 0;

/** Runs a Node program once, in a directory of its own. */
export function runOnce(subject: Subject, scratch: string): Run {
  count += 1;
  const directory = join(scratch, `${subject.name}-${count}`);
  const report = join(scratch, `memory-${count}`);
  // Node parses extra certificates at every start, which would flatter every ratio.
  const { NODE_EXTRA_CA_CERTS: _unused, ...env } = process.env;
  const words = ["--require", PROBE, ...subject.argumentsFor(directory)];
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, words, {
    env: { ...env, MEMORY_REPORT: report, CI: "true" },
    // create-vite writes below the working directory, whatever it is told.
    cwd: scratch,
    encoding: "utf8",
  });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${subject.name} ended with ${status}: ${stderr}`);
  const memory = Number(readFileSync(report, "utf8")) / 1024;
  rmSync(report);
  return { milliseconds, memory };
}

export interface Comparison {
  readonly ratio: number;
  readonly a: Run;
  readonly b: Run;
}

/** Medians of two subjects run in turn, and the median of their ratios. */
export function compare(a: Subject, b: Subject, scratch: string, pairs: number): Comparison {
  runOnce(a, scratch);
  runOnce(b, scratch);
  const runs = Array.from({ length: pairs }, () => ({ a: runOnce(a, scratch), b: runOnce(b, scratch) }));
  return {
    ratio: median(runs.map((run) => run.a.milliseconds / run.b.milliseconds)),
    a: medianRun(runs.map((run) => run.a)),
    b: medianRun(runs.map((run) => run.b)),
  };
}

export function medianRun(runs: readonly Run[]): Run {
  return {
    milliseconds: median(runs.map(({ milliseconds }) => milliseconds)),
    memory: median(runs.map(({ memory }) => memory)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
