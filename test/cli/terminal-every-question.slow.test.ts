// Owns: what holds at every question that the packed command can ask, at a real terminal. Needs tmux.

import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { mapConcurrently } from "../../src/validate/map-concurrently.js";
import { contents, listing, read, scratch } from "./command.js";
import { requireTmux, TmuxTerminal } from "./tmux-terminal.js";
import { SHORTEST, type Step, WAYS, type Way } from "./ways.js";

beforeAll(requireTmux);

const MANY = 900_000;
/** Most of a terminal's time is waiting for a process to start. */
const AT_ONCE = 3;
const named = WAYS.map((way): [string, Way] => [way.name, way]);

async function begin(way: Way): Promise<{ cwd: string; terminal: TmuxTerminal }> {
  const cwd = scratch();
  await way.prepare?.(cwd);
  return { cwd, terminal: TmuxTerminal.start(way.args, { cwd }) };
}

async function answer(terminal: TmuxTerminal, steps: readonly Step[]): Promise<void> {
  for (const { question, keys = [] } of steps) await terminal.answer(question, ...keys);
}

/** Goes to one question of a way, and does something there. */
async function at<T>(
  way: Way,
  index: number,
  work: (terminal: TmuxTerminal, cwd: string) => Promise<T>,
): Promise<T> {
  const { cwd, terminal } = await begin(way);
  await answer(terminal, way.steps.slice(0, index));
  await terminal.waitFor(`? ${way.steps[index]?.question}`);
  const result = await work(terminal, cwd);
  terminal.end();
  return result;
}

async function leave(way: Way, index: number, ...keys: string[]): Promise<void> {
  await at(way, index, async (terminal, cwd) => {
    const before = contents(cwd);
    const question = way.steps[index]?.question ?? "";
    for (const key of keys) terminal.send(key);
    expect(await terminal.exitCode(), question).toBe(130);
    expect(terminal.screen(), question).toContain("cancelled; nothing was written");
    expect(terminal.screen(), question).not.toMatch(/^\s+at /m);
    expect(terminal.isRestored(), question).toBe(true);
    expect(contents(cwd), question).toEqual(before);
  });
}

describe("leaving", () => {
  for (const key of ["C-c", "C-d"]) {
    it.each(named)(
      `by ${key} at every question of %s changes nothing and exits 130`,
      async (_, way) => {
        await mapConcurrently([...way.steps.keys()], AT_ONCE, (index) => leave(way, index, key));
      },
      MANY,
    );
  }

  it(
    "by Escape at every question does the same",
    async () => {
      await mapConcurrently([...SHORTEST.steps.keys()], AT_ONCE, (index) => leave(SHORTEST, index, "Escape"));
    },
    MANY,
  );

  it(
    "by Ctrl-C in the middle of an answer, or after one that was refused, does the same",
    async () => {
      const typed = SHORTEST.steps.flatMap(({ wrong }, index) =>
        wrong === undefined ? [] : [{ index, wrong }],
      );
      await mapConcurrently(typed, AT_ONCE, ({ index }) => leave(SHORTEST, index, "h", "a", "l", "f", "C-c"));
      const [{ index, wrong } = { index: 0, wrong: ["", ""] as const }] = typed;
      await at(SHORTEST, index, async (terminal, cwd) => {
        terminal.type(wrong[0]);
        terminal.send("Enter");
        await terminal.waitFor(wrong[1]);
        terminal.send("C-c");
        expect(await terminal.exitCode()).toBe(130);
        expect(listing(cwd)).toEqual([]);
      });
    },
    MANY,
  );

  it("by Ctrl-D takes an empty line, as in a shell", async () => {
    await at(SHORTEST, 1, async (terminal) => {
      terminal.type("half");
      await terminal.waitFor("(shop) half");
      terminal.send("C-d");
      terminal.type("way");
      await terminal.waitFor("(shop) halfway");
      terminal.send("C-u", "C-d");
      expect(await terminal.exitCode()).toBe(130);
    });
  });

  it(
    "by no at the end writes nothing and exits 130",
    async () => {
      for (const way of WAYS) {
        await at(way, way.steps.length - 1, async (terminal, cwd) => {
          const before = contents(cwd);
          terminal.send("Down", "Enter");
          expect(await terminal.exitCode(), way.name).toBe(130);
          expect(contents(cwd), way.name).toEqual(before);
        });
      }
    },
    MANY,
  );

  it(
    "by closing the window ends the command, with nothing written",
    async () => {
      await mapConcurrently([...SHORTEST.steps.keys()], AT_ONCE, async (index) => {
        await at(SHORTEST, index, async (terminal, cwd) => {
          const shell = terminal.shell();
          terminal.end();
          await isGone(shell);
          expect(listing(cwd)).toEqual([]);
        });
      });
    },
    MANY,
  );
});

/** No process of the terminal's session is left. */
async function isGone(shell: number): Promise<void> {
  for (let left = 500; left > 0; left -= 1) {
    try {
      process.kill(-shell, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
  throw new Error(`processes of ${shell} are still there`);
}

describe("going back", () => {
  it.each(named)(
    "leads from every question of %s to the one before, by < and by Ctrl-B",
    async (_, way) => {
      const { terminal, cwd } = await begin(way);
      for (const [index, { question, keys = [] }] of way.steps.entries()) {
        await terminal.waitFor(`? ${question}`);
        const before = way.steps[index - 1];
        if (before !== undefined) {
          terminal.send(index % 2 === 0 ? "C-b" : "<");
          // What was answered is offered again.
          await terminal.answer(before.question.replace(/ \(.*/, ""));
          await terminal.waitFor(`? ${question}`);
        }
        terminal.send(...(keys.length === 0 ? ["Enter"] : keys));
      }
      expect(await terminal.exitCode()).toBe(0);
      expect(specs(cwd)).toEqual(await straight(way));
    },
    MANY,
  );
});

const straightSpecs = new Map<string, string[]>();

/** What a way leads to, where nothing comes in between. */
async function straight(way: Way): Promise<string[]> {
  const known = straightSpecs.get(way.name);
  if (known !== undefined) return known;
  const { cwd, terminal } = await begin(way);
  await answer(terminal, way.steps);
  expect(await terminal.exitCode()).toBe(0);
  straightSpecs.set(way.name, specs(cwd));
  return specs(cwd);
}

function specs(cwd: string): string[] {
  return listing(cwd)
    .filter((path) => path.endsWith("prod-stack.yaml"))
    .map((path) => read(cwd, path));
}

describe("a wrong answer", () => {
  it.each(named)(
    "is refused at every question of %s that takes text, and asked again",
    async (_, way) => {
      const { terminal, cwd } = await begin(way);
      const before = contents(cwd);
      for (const { question, keys = [], wrong } of way.steps) {
        await terminal.waitFor(`? ${question}`);
        if (wrong !== undefined) {
          terminal.type(wrong[0]);
          terminal.send("Enter");
          await terminal.waitFor(wrong[1]);
          expect(terminal.pending(), question).toContain(question);
          terminal.send("C-u");
        }
        expect(contents(cwd)).toEqual(before);
        terminal.send(...(keys.length === 0 ? ["Enter"] : keys));
      }
      expect(await terminal.exitCode()).toBe(0);
    },
    MANY,
  );
});

describe("a resize", () => {
  it.each(named)(
    "at every question of %s leaves the answer as it is",
    async (_, way) => {
      const { terminal, cwd } = await begin(way);
      const widths = [40, 100, 30, 80];
      for (const [index, { question, keys = [] }] of way.steps.entries()) {
        await terminal.waitFor(`? ${question.slice(0, 20)}`);
        terminal.resize(widths[index % widths.length] ?? 80);
        await terminal.waitFor(`? ${question.slice(0, 20)}`);
        terminal.send(...(keys.length === 0 ? ["Enter"] : keys));
      }
      expect(await terminal.exitCode()).toBe(0);
      expect(specs(cwd)).toEqual(await straight(way));
    },
    MANY,
  );
});

describe("without a terminal on both sides", () => {
  it.each([
    ["output into a pipe", "shop", "| cat", {}],
    ["output into a file", "shop", "> out.txt; cat out.txt; rm out.txt", {}],
    ["CI", "shop", "", { CI: "true" }],
    ["--no-interactive", "shop --no-interactive", "", {}],
    ["input from nowhere", "shop", "< /dev/null", {}],
    ["input that is closed", "shop", "<&-", {}],
    ["output that is closed", "shop", ">&-", {}],
    ["errors elsewhere, and input from a pipe", "shop", "< <(echo yes) 2>&1", {}],
  ] as const)("asks nothing: %s", async (_, args, suffix, env) => {
    const cwd = scratch();
    const terminal = TmuxTerminal.start(args, { cwd, suffix, env });
    await terminal.exitCode();
    expect(terminal.screen()).toContain("answers are missing");
    expect(terminal.screen()).not.toMatch(/^\s+at /m);
    expect(listing(cwd)).toEqual([]);
  });

  it.each([
    ["a reader that is gone", "shop --yes --no-git", "| true"],
    ["a reader that leaves early", "shop --yes --no-git", "| head -n 1"],
    ["closed output", "shop --yes --no-git", ">&-"],
    ["closed output and errors", "shop --yes --no-git", ">&- 2>&-"],
  ] as const)("finishes its work, without a word of the pipe: %s", async (_, args, suffix) => {
    const cwd = scratch();
    const terminal = TmuxTerminal.start(args, { cwd, suffix });
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.screen()).not.toMatch(/EPIPE|EBADF|^\s+at /m);
    expect(read(cwd, "shop/prod-stack.yaml")).toContain("name: shop");
  });
});
