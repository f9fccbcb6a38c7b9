// Owns: what a person sees while a long check runs, and after they have left it. Needs tmux.

import { beforeAll, expect, it } from "vitest";
import { put, read } from "./command.js";
import { requireTmux, TmuxTerminal } from "./tmux-terminal.js";
import { addManyObjects, stack } from "./validated-stack.js";

beforeAll(requireTmux);

const CONTROL = String.fromCharCode(27);

async function busyStack() {
  const { cwd, env } = await stack();
  addManyObjects(cwd);
  return { cwd, env };
}

it.each([
  ["80 columns, in colour", 80, {}, true],
  ["40 columns, without colour", 40, { NO_COLOR: "1" }, false],
] as const)("is one line that goes away again: %s", async (_, columns, variables, hasColor) => {
  const { cwd, env } = await busyStack();
  const options = { cwd, columns, env: { ...env, ...variables } };
  const terminal = TmuxTerminal.start("validate --environment prod", options);
  const screen = await terminal.waitFor("Checking prod … 7 of 11");
  expect(screen.trim().split("\n")).toHaveLength(1);
  expect(terminal.colored().includes(`${CONTROL}[`)).toBe(hasColor);
  terminal.send("C-c");
  expect(await terminal.exitCode()).toBe(130);
  expect(terminal.screen().trim().split("\n").slice(-2)).toEqual([
    "validation was cancelled",
    "exit code 130",
  ]);
  expect(terminal.screen()).not.toContain("Checking");
});

it("is one line that stays, at a terminal that cannot go back in its line", async () => {
  const { cwd, env } = await busyStack();
  const terminal = TmuxTerminal.start("validate --environment prod", { cwd, env: { ...env, TERM: "dumb" } });
  await terminal.waitFor("Checking prod …\n");
  terminal.send("C-c");
  expect(await terminal.exitCode()).toBe(130);
});

it("is not there where errors go elsewhere, and leaves nothing between the lines of the report", async () => {
  const { cwd, env } = await stack();
  const silent = TmuxTerminal.start("validate", { cwd, env, suffix: "2> errors.txt" });
  expect(await silent.exitCode()).toBe(0);
  expect(read(cwd, "errors.txt")).toBe("");
  put(cwd, "errors.txt", "");
  const terminal = TmuxTerminal.start("validate", { cwd, env });
  expect(await terminal.exitCode()).toBe(0);
  const strip = (text: string) => text.replace(/\d+\.\d\d s/g, "").replace(/ +/g, " ");
  expect(strip(terminal.screen())).toBe(strip(silent.screen()));
});
