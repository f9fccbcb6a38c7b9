// Owns: a real terminal with the command in it, through tmux.
// Promises: keys are sent only after the text that they answer is on the screen; the server ends with the test.
// Must not: look at time, except to give up.

import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { COMMAND, plainEnvironment } from "./command.js";

export interface TerminalOptions {
  readonly cwd: string;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What follows the command in the shell, such as a redirection. */
  readonly suffix?: string;
}

const PATIENCE = 60_000;
let count = 0;

export class TmuxTerminal {
  private isEnded = false;

  private constructor(private readonly server: string) {}

  /** Starts the command; its exit code is printed when it ends. */
  static start(args: string, { cwd, columns = 80, env = {}, suffix = "" }: TerminalOptions): TmuxTerminal {
    count += 1;
    const terminal = new TmuxTerminal(`cps-${process.pid}-${count}`);
    const variables = { ...plainEnvironment(cwd), TERM: "screen-256color", ...env };
    const words = Object.entries(variables).map(([name, value]) => `'${name}=${value}'`);
    const command = `env -i ${words.join(" ")} '${process.execPath}' '${COMMAND}' ${args} ${suffix}`;
    const script = `${command}; echo "exit code $?"; exec sleep 600`;
    terminal.tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      String(columns),
      "-y",
      "50",
      "-c",
      cwd,
      script,
    );
    onTestFinished(() => terminal.end());
    return terminal;
  }

  private tmux(...args: string[]): string {
    return execFileSync("tmux", ["-L", this.server, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Everything that has been printed, lines that the terminal has wrapped joined. */
  screen(): string {
    return this.tmux("capture-pane", "-p", "-J", "-S", "-500");
  }

  /** What is visible, line by line. */
  visible(): string {
    return this.tmux("capture-pane", "-p");
  }

  /** The same with colours. */
  colored(): string {
    return this.tmux("capture-pane", "-p", "-e");
  }

  async waitFor(text: string): Promise<string> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const screen = this.screen();
      if (screen.includes(text)) return screen;
      if (Date.now() > end) throw new Error(`"${text}" did not come; the screen is\n${screen}`);
      await sleep(20);
    }
  }

  send(...keys: string[]): void {
    this.tmux("send-keys", ...keys);
  }

  /** Sends text as it is, without tmux's names of keys. */
  type(text: string): void {
    this.tmux("send-keys", "-l", text);
  }

  /** The line at which an answer is expected now; the terminal may have wrapped it. */
  pending(): string | undefined {
    return this.screen()
      .split("\n")
      .findLast((line) => line.startsWith("? "));
  }

  /** Waits for a question, then answers it. */
  async answer(question: string, ...keys: string[]): Promise<void> {
    await this.waitFor(`? ${question}`);
    this.send(...(keys.length === 0 ? ["Enter"] : keys));
  }

  /** Waits for a question and for one of its choices, walks down to the choice, takes it. */
  async choose(question: string, choice: string): Promise<void> {
    await this.waitFor(`? ${question}`);
    const lines = (await this.waitFor(` ${choice} `)).split("\n");
    const first = lines.findLastIndex((line) => line.startsWith(`? ${question}`)) + 1;
    const steps = lines.slice(first).findIndex((line) => line.includes(` ${choice} `));
    this.send(...Array.from({ length: steps }, () => "Down"), "Enter");
  }

  async exitCode(): Promise<number> {
    const screen = await this.waitFor("exit code ");
    return Number(/exit code (\d+)/.exec(screen)?.[1]);
  }

  resize(columns: number): void {
    this.tmux("resize-window", "-x", String(columns), "-y", "50");
  }

  cursor(): { x: number; y: number } {
    const [x = 0, y = 0] = this.tmux("display-message", "-p", "#{cursor_x} #{cursor_y}")
      .trim()
      .split(" ")
      .map(Number);
    return { x, y };
  }

  /** Whether the terminal is as it was: echo on, cursor shown. */
  isRestored(): boolean {
    return this.tmux("display-message", "-p", "#{cursor_flag}").trim() === "1";
  }

  /** The terminal goes away, as when its window is closed; what runs in it is hung up on. */
  end(): void {
    if (!this.isEnded) this.tmux("kill-server");
    this.isEnded = true;
  }

  /** Process of the shell in which the command runs. */
  shell(): number {
    return Number(this.tmux("display-message", "-p", "#{pane_pid}"));
  }
}

export function requireTmux(): void {
  try {
    execFileSync("tmux", ["-V"], { stdio: "ignore" });
  } catch (cause) {
    throw new Error("these tests need tmux: apt-get install tmux", { cause });
  }
}
