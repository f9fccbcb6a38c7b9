// Owns: telling a person who watches that something takes its time.
// Promises: silence for half a second, and always where nobody watches; the line is gone before anything else is printed.
// Must not: write to stdout.

import { note, paint, type Terminal } from "./terminal.js";

/** Says how far the work is. */
export type Say = (detail: string) => void;

const PATIENCE_MS = 500;
const CLEAR_LINE = "\r\u001b[2K";

/** @param what what is done, without a full stop; the work may say how far it is */
export async function withProgress<T>(
  terminal: Terminal,
  what: string,
  work: (say: Say) => Promise<T>,
): Promise<T> {
  if (terminal.stderr.isTTY !== true) return work(() => undefined);
  // A terminal that cannot go back in its line gets one line, and a person who has it read aloud likewise.
  const line = terminal.env.TERM === "dumb" ? undefined : new StatusLine(terminal);
  let detail = "";
  let isShown = false;
  const show = () => {
    isShown = true;
    line?.show(`${what} …${detail === "" ? "" : ` ${detail}`}`);
  };
  const timer = setTimeout(line === undefined ? () => note(terminal, `${what} …`) : show, PATIENCE_MS);
  try {
    return await work((text) => {
      detail = text;
      if (isShown) show();
    });
  } finally {
    clearTimeout(timer);
    line?.clear();
  }
}

/** One line that is written over again. */
class StatusLine {
  private isEmpty = true;

  constructor(private readonly terminal: Terminal) {}

  show(text: string): void {
    const { stderr } = this.terminal;
    // A line that wraps could not be taken back whole; the terminal itself may add ^C to it.
    const room = Math.max(stderr.columns || 80, 20) - 3;
    const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
    stderr.write(`${CLEAR_LINE}${paint(this.terminal, "dim", shown, stderr)}`);
    this.isEmpty = false;
  }

  clear(): void {
    if (!this.isEmpty) this.terminal.stderr.write(CLEAR_LINE);
    this.isEmpty = true;
  }
}
