// Owns: the packed command at a real terminal: the way through, what it offers, narrow and colourless screens. Needs tmux.
//       What holds at every question is in terminal-every-question.slow.test.ts.

import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { listing, put, read, run, scratch } from "./command.js";
import { requireTmux, TmuxTerminal } from "./tmux-terminal.js";
import { SHORTEST } from "./ways.js";

beforeAll(requireTmux);

const QUESTIONS = SHORTEST.steps.map(({ question }) => question);

async function answerAll(terminal: TmuxTerminal, from = 0, to = QUESTIONS.length): Promise<void> {
  for (const question of QUESTIONS.slice(from, to)) await terminal.answer(question);
}

describe("the way through", () => {
  it("asks, shows what it will write, writes it, and says what comes next", async () => {
    const cwd = scratch();
    const terminal = TmuxTerminal.start("shop", { cwd });
    await answerAll(terminal, 0, QUESTIONS.length - 1);
    const summary = await terminal.waitFor("? Write these files?");
    expect(summary).toMatch(
      /Service +shop: web-api on generic, ghcr\.io\/example-org\/shop:1\.0\.0, port 8080/,
    );
    expect(summary).toMatch(/Environment +prod: production, example\.com, namespace shop-prod/);
    expect(summary).toMatch(/shop\/ +\d+ files/);
    expect(listing(cwd)).toEqual([]);
    terminal.send("Enter");
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.screen()).toMatch(/Wrote \d+ files\./);
    expect(terminal.screen()).toContain("  3. ");
    expect(terminal.isRestored()).toBe(true);
    const silent = scratch();
    await run(["shop", "--yes", "--no-git"], { cwd: silent });
    expect(read(cwd, "shop/prod-stack.yaml")).toBe(read(silent, "shop/prod-stack.yaml"));
  });

  it("takes chosen and typed answers, several services and datastores", async () => {
    const cwd = scratch();
    const terminal = TmuxTerminal.start(
      "shop --no-git --name shop --owner us --source-url https://git.example.com/shop",
      { cwd },
    );
    await terminal.answer("What kind of service is it?", "Down", "Enter");
    await terminal.waitFor("? What is the service called?");
    terminal.type("site");
    terminal.send("Enter");
    await terminal.answer("What does it run on?");
    await terminal.answer("Container image?");
    await terminal.answer("Which port does it listen on?");
    await terminal.answer("Can it be reached from outside of the cluster?", "Down", "Enter");
    await terminal.answer("Is there another service in this stack?", "Down", "Enter");
    await terminal.answer("What kind of service is it?", "Down", "Down", "Down", "Enter");
    await terminal.answer("What is the service called? (worker)");
    await terminal.answer("What does it run on?");
    await terminal.answer("Container image? (ghcr.io/example-org/worker:1.0.0)");
    await terminal.answer("Is there another service in this stack?");
    await terminal.choose("Does it need a datastore?", "redis");
    await terminal.answer("What is the datastore called? (redis)");
    await terminal.answer("Is redis a store or a cache?", "Down", "Enter");
    await terminal.answer("Another datastore?");
    await terminal.answer("What does site talk to?", "Down", "Space");
    await terminal.waitFor("[x] redis");
    terminal.send("Enter");
    await terminal.answer("What does worker talk to?");
    await terminal.answer("Which environments?", "Down", "Enter");
    for (const name of ["dev", "staging", "prod"]) await terminal.answer(`Domain of ${name}?`);
    await terminal.answer("Write these files?");
    expect(await terminal.exitCode()).toBe(0);
    const spec = parse(read(cwd, "shop/prod-stack.yaml"));
    expect(spec.services.site).toEqual({
      type: "web-frontend",
      runtime: "nginx",
      image: "ghcr.io/example-org/site:1.0.0",
      ports: { http: 8080 },
      uses: expect.anything(),
    });
    expect(Object.keys(spec.services)).toEqual(["site", "worker"]);
    expect(spec.datastores).toEqual({ redis: { engine: "redis", role: "cache" } });
    expect(Object.keys(spec.environments)).toEqual(["dev", "staging", "prod"]);
  });

  it("puts the cursor where the text goes", async () => {
    const terminal = TmuxTerminal.start("shop --service-type web-api", { cwd: scratch() });
    await terminal.waitFor("? What is the service called? (shop)");
    terminal.type("abc");
    const screen = await terminal.waitFor("(shop) abc");
    const line = screen.split("\n").find((text) => text.includes("(shop) abc")) ?? "";
    expect(terminal.isRestored()).toBe(true);
    expect(terminal.cursor().x).toBe(line.trimEnd().length);
  });
});

describe("going back", () => {
  it("offers what was answered, and takes another answer", async () => {
    const cwd = scratch();
    const terminal = TmuxTerminal.start("shop", { cwd });
    await terminal.answer("What kind of service is it?");
    await terminal.waitFor("? What is the service called? (shop)");
    terminal.type("first");
    terminal.send("Enter");
    await terminal.answer("What does it run on?", "<");
    await terminal.waitFor("? What is the service called? (first)");
    terminal.type("second");
    terminal.send("Enter");
    await terminal.answer("What does it run on?");
    await terminal.waitFor("ghcr.io/example-org/second:1.0.0");
  });
});

describe("other screens", () => {
  it("fits into 40 columns, from the start and after a resize", async () => {
    const cwd = scratch();
    const terminal = TmuxTerminal.start("shop --no-git", { cwd });
    await terminal.waitFor("? What kind of service is it?");
    terminal.resize(40);
    for (const question of QUESTIONS.slice(0, 4)) await terminal.answer(question);
    terminal.resize(100);
    for (const question of QUESTIONS.slice(4, 8)) await terminal.answer(question);
    terminal.resize(40);
    await answerAll(terminal, 8);
    expect(await terminal.exitCode()).toBe(0);
    expect(listing(cwd)).toContain("shop/prod-stack.yaml");
    const narrow = TmuxTerminal.start("shop2 --no-git", { cwd, columns: 40 });
    await answerAll(narrow);
    expect(await narrow.exitCode()).toBe(0);
    const pending = narrow
      .screen()
      .split("\n")
      .filter((line) => line.startsWith("? "));
    expect(pending).toEqual([]);
  });

  it("has no colours with NO_COLOR, and shows the chosen line without them", async () => {
    const control = String.fromCharCode(27);
    const plain = TmuxTerminal.start("shop", { cwd: scratch(), env: { NO_COLOR: "1" } });
    await plain.waitFor("? What kind of service is it?");
    expect(plain.visible()).toMatch(/^> web-api/m);
    expect(plain.colored()).not.toContain(`${control}[3`);
    const colored = TmuxTerminal.start("shop", { cwd: scratch() });
    await colored.waitFor("? What kind of service is it?");
    expect(colored.colored()).toContain(`${control}[3`);
  });

  it("asks only for what a file of answers leaves open", async () => {
    const cwd = scratch();
    put(
      cwd,
      "answers.yaml",
      "name: shop\nsource: { url: https://git.example.com/shop }\nservices: { api: { type: worker } }\n",
    );
    const terminal = TmuxTerminal.start("shop --no-git --answers answers.yaml", { cwd });
    await terminal.answer("Container image?");
    await terminal.answer("Which environments?");
    await terminal.answer("Domain of dev?");
    await terminal.answer("Domain of prod?");
    await terminal.answer("Write these files?");
    expect(await terminal.exitCode()).toBe(0);
  });

  it("brings a stack up to date without asking", async () => {
    const cwd = scratch();
    await run([".", "--yes", "--name", "shop", "--service-name", "shop", "--no-git"], { cwd });
    const terminal = TmuxTerminal.start("", { cwd });
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.screen()).toContain("Nothing to do");
  });
});
