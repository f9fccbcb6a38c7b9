// Owns: docs/terminal.svg, the picture in README.md: a real run in a real terminal.
// Promises: made by driving the built command in tmux; nothing in it is typed by hand.
// Must not: be needed for anything but the picture. Needs tmux; run with `npm run build && npx tsx projenrc/docs/record-terminal.ts`.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { terminalPicture } from "./terminal-picture.js";

const ROOT = join(import.meta.dirname, "../..");
const COLUMNS = 96;
const SESSION = "record";

const home = mkdtempSync(join(tmpdir(), "record-"));

async function tmux(...args: string[]): Promise<string> {
  const { stdout } = await execa("tmux", ["-L", SESSION, ...args], { cwd: home });
  return stdout;
}

async function screen(): Promise<string> {
  return await tmux("capture-pane", "-e", "-p", "-S", "-200", "-t", SESSION);
}

/** Waits until the screen shows `text`. */
async function waitFor(text: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await screen()).includes(text)) return;
    await sleep(100);
  }
  throw new Error(`"${text}" did not appear:\n${await screen()}`);
}

/** The shell's last prompt says nothing. */
function withoutPrompt(text: string): string {
  return text.replace(/\s*\$\s*$/, "");
}

async function main(): Promise<void> {
  await tmux(
    "new-session",
    "-d",
    "-s",
    SESSION,
    "-x",
    String(COLUMNS),
    "-y",
    "60",
    "env",
    "PS1=$ ",
    "HISTFILE=",
    "bash",
    "--norc",
  );
  await tmux(
    "send-keys",
    "-t",
    SESSION,
    `alias npx='f() { shift; node ${join(ROOT, "lib/cli.cjs")} "$@"; }; f'; clear`,
    "Enter",
  );
  await sleep(500);
  await tmux("clear-history", "-t", SESSION);
  const command =
    "npx create-prod-stack shop --yes --service-name api --runtime nodejs --datastore cache=redis";
  await tmux("send-keys", "-t", SESSION, command, "Enter");
  await waitFor("Next:");
  await sleep(500);
  writeFileSync(
    join(ROOT, "docs/terminal.svg"),
    terminalPicture(withoutPrompt(await screen()), "create-prod-stack", COLUMNS),
  );
}

try {
  await main();
} finally {
  await tmux("kill-server").catch((error: Error) => process.stderr.write(`${error.message}\n`));
  rmSync(home, { recursive: true, force: true });
}
