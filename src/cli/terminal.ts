// Owns: the one way to the outside of a terminal: streams, width, colours, whether a person is there.
// Promises: colour only where it is wanted (NO_COLOR, FORCE_COLOR, a terminal); a reader that leaves is no error.
// Must not: hold words of a verb.

import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  return {
    // Node opens it when it is first read, which costs as much as reading the answers; most runs never ask.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
  };
}

/** Whether questions can be asked: a terminal on both sides, and no CI. */
export function canAsk(terminal: Terminal): boolean {
  const { stdout, env } = terminal;
  const isCi = env.CI !== undefined && env.CI !== "" && env.CI !== "false" && env.CI !== "0";
  return !isCi && stdout.isTTY === true && terminal.stdin.isTTY === true;
}

/** https://no-color.org; FORCE_COLOR overrides what the stream is. */
export function hasColor(stream: NodeJS.WriteStream, env: Terminal["env"]): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return stream.isTTY === true && env.TERM !== "dumb";
}

export function paint(terminal: Terminal, style: Style, text: string, stream = terminal.stdout): string {
  return hasColor(stream, terminal.env) ? styleText(style, text, { validateStream: false }) : text;
}

export function widthOf({ stdout }: Terminal): number {
  return stdout.isTTY === true && stdout.columns > 0 ? stdout.columns : 100;
}

export function print(terminal: Terminal, text: string): void {
  terminal.stdout.write(`${text}\n`);
}

/** For people, beside what stdout carries. */
export function note(terminal: Terminal, text: string): void {
  terminal.stderr.write(`${text}\n`);
}

/** A reader such as `head` may leave early: what is still to be printed is dropped, and the work goes on. */
export function ignoreClosedPipes({ stdout, stderr }: Terminal): void {
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Text in lines no longer than `width`, continued below `indent`. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > Math.max(width - indent.length, 20)) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join(`\n${indent}`);
}
