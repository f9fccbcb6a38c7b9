// Owns: starting programs under supervise.mjs and ending them.
// Promises: the programs outlive neither `stop` nor the test process, however that one ends.
// Must not: know what the programs are or when they are ready.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { isErrorWithCode } from "./exclusive-lock.js";

/** A program to run; its output goes to `NAME.log` in the folder of the run. */
export interface SupervisedProgram {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
}

/** Programs that run. */
export interface SupervisedProcesses {
  /** What was said about programs that ended by themselves; empty while all is well. */
  endedEarly(): string;
  /** The last lines of each program's log. */
  logTails(lines: number): Promise<string>;
  /** Ends every program and removes the folder. */
  stop(): Promise<void>;
}

const stopWithinMilliseconds = 20_000;

/** Starts `programs` in `folder`, which belongs to them from now on. */
export function superviseProcesses(
  folder: string,
  programs: readonly SupervisedProgram[],
): SupervisedProcesses {
  // A process group of its own: an interrupt at the terminal reaches the tests, and the closing pipe tells the supervisor.
  const supervisor = execa(
    process.execPath,
    [join(import.meta.dirname, "supervise.mjs"), JSON.stringify({ folder, programs })],
    {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
    },
  );
  let ended = "";
  supervisor.stdout.setEncoding("utf8").on("data", (text: string) => {
    ended += text;
  });
  return {
    endedEarly: () => ended.trim(),
    logTails: async (lines) =>
      (await Promise.all(programs.map(({ name }) => logTail(join(folder, `${name}.log`), name, lines)))).join(
        "\n",
      ),
    stop: async () => {
      supervisor.stdin.end();
      const ended = await Promise.race([
        supervisor.then(() => true),
        delay(stopWithinMilliseconds, false, { ref: false }),
      ]);
      if (ended) return;
      supervisor.kill("SIGKILL");
      throw new Error(`The supervisor of ${folder} did not end, and may have left processes behind.`);
    },
  };
}

async function logTail(path: string, name: string, lines: number): Promise<string> {
  try {
    const text = await readFile(path, "utf8");
    return [`--- ${name}, end of the log:`, ...text.trimEnd().split("\n").slice(-lines)].join("\n");
  } catch (error) {
    if (isErrorWithCode(error, "ENOENT")) return `--- ${name}: no log`;
    throw error;
  }
}
