// Owns: `create-prod-stack adopt` at a real terminal: what it offers where a file is in the way, and leaving. Needs tmux.

import { beforeAll, expect, it } from "vitest";
import { copyFixture } from "../adopt/fixtures.js";
import { contents, listing, scratch } from "./command.js";
import { requireTmux, TmuxTerminal } from "./tmux-terminal.js";

beforeAll(requireTmux);

const QUESTION = "? Write it?";

it("where a file is in the way it offers a directory of its own, and writes there", async () => {
  const cwd = scratch();
  copyFixture("flat", cwd);
  const before = contents(cwd);
  const terminal = TmuxTerminal.start("adopt", { cwd, columns: 100 });
  const screen = await terminal.waitFor(QUESTION);
  expect(screen).toContain("yes, into gitops");
  expect(screen).toContain("here README.md is in the way");
  expect(contents(cwd)).toEqual(before);
  terminal.send("Enter");
  expect(await terminal.exitCode()).toBe(0);
  expect(terminal.screen()).toMatch(/Wrote \d+ files; nothing that was there has changed\./);
  expect(terminal.isRestored()).toBe(true);
  expect(Object.fromEntries(Object.entries(contents(cwd)).filter(([path]) => path in before))).toEqual(
    before,
  );
  expect(listing(cwd)).toContain("gitops/prod-stack.yaml");
});

it.each([
  ["no", ["Down", "Down", "Enter"]],
  ["Ctrl-C", ["C-c"]],
])("%s leaves everything as it is", async (_what, keys) => {
  const cwd = scratch();
  copyFixture("multi", cwd);
  const before = contents(cwd);
  const terminal = TmuxTerminal.start("adopt", { cwd, columns: 100 });
  expect(await terminal.waitFor(QUESTION)).toContain("yes, into .");
  terminal.send(...keys);
  expect(await terminal.exitCode()).toBe(130);
  expect(terminal.screen()).toContain("cancelled; nothing was written");
  expect(contents(cwd)).toEqual(before);
});
