// Owns: running another program.
// Promises: arguments as a list, never a shell; bounded in time and output; ends when the caller cancels; no secrets of
//           the caller's environment, no network for programs that heed proxies, no git for kustomize to clone with.
// Must not: judge what the program says.

import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { StackError } from "../stack-error.js";

/** Longest run of a program, in milliseconds. Building an overlay of hundreds of objects takes well under a second. */
export const TIME_LIMIT = 60_000;
/** Largest accepted output, in characters. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** Ctrl-C at a terminal goes to the program and to its caller, who may hear of it a moment later. */
const SIGNAL_DELAY = 100;

/** What every program may see of the caller's environment; everything else could be a credential. */
const PASSED_ON = ["HOME", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "SystemRoot", "USERPROFILE"];
/** The discard port: whoever asks this proxy gets nothing. */
const NO_PROXY_SERVER = "http://127.0.0.1:9";
/** Go programs that run for a second and end: to collect garbage costs them nearly half of their time. */
const COLLECT_RARELY = { GOGC: "off", GOMEMLIMIT: "512MiB" };

export interface ToolRun {
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeLimit?: number;
}

export interface ToolOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why the program has no exit code of its own: it ran too long, said too much, or could not be started. */
  readonly failure: string | undefined;
}

/**
 * Runs a program to its end.
 * @throws StackError (cancelled) when the caller cancels
 */
export async function runTool(path: string, args: readonly string[], run: ToolRun): Promise<ToolOutput> {
  const { directory, signal, timeLimit = TIME_LIMIT } = run;
  throwIfCancelled(signal);
  const result = await execa(path, args, {
    cwd: directory,
    env: toolEnvironment(),
    extendEnv: false,
    stdin: "ignore",
    timeout: timeLimit,
    maxBuffer: OUTPUT_LIMIT,
    reject: false,
    stripFinalNewline: false,
    forceKillAfterDelay: 2000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (result.signal !== undefined) await sleep(SIGNAL_DELAY);
  throwIfCancelled(signal);
  const failure = failureOf(result, timeLimit);
  return { exitCode: result.exitCode ?? 1, stdout: result.stdout, stderr: result.stderr, failure };
}

/** @throws StackError (cancelled) once the caller has cancelled. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StackError("cancelled", "CANCELLED", "validation was cancelled");
}

function toolEnvironment(): NodeJS.ProcessEnv {
  const passed = PASSED_ON.filter((name) => process.env[name] !== undefined);
  return {
    ...Object.fromEntries(passed.map((name) => [name, process.env[name]])),
    // No PATH: no program here needs another one, and kustomize then has no git to fetch with.
    PATH: "",
    KUBECONFIG: process.platform === "win32" ? "NUL" : "/dev/null",
    GIT_ALLOW_PROTOCOL: "none",
    HTTP_PROXY: NO_PROXY_SERVER,
    HTTPS_PROXY: NO_PROXY_SERVER,
    NO_COLOR: "1",
    ...COLLECT_RARELY,
  };
}

interface Ended {
  readonly timedOut: boolean;
  readonly isMaxBuffer: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
}

function failureOf(
  { timedOut, isMaxBuffer, exitCode, signal }: Ended,
  timeLimit: number,
): string | undefined {
  if (timedOut) return `did not finish within ${timeLimit / 1000} s`;
  if (isMaxBuffer) return `wrote more than ${OUTPUT_LIMIT / 1024 / 1024} MiB`;
  if (signal !== undefined) return `was ended by ${signal}`;
  return exitCode === undefined ? "could not be started" : undefined;
}
