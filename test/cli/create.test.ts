// Owns: `create-prod-stack [dir]` as a process: every way to give answers, every kind of place, and git.

import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMPLETE, contents, IDENTITY, listing, put, read, run, scratch } from "./command.js";

describe("answers", () => {
  it("takes every default with --yes, says which, and starts git", async () => {
    const cwd = scratch();
    const { code, stdout, stderr } = await run(["my-stack", "--yes"], { cwd, env: IDENTITY });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("services.my-stack.type         web-api");
    expect(stdout).toMatch(/my-stack\/ +\d+ files/);
    expect(stdout).toContain("Made a git repository with a first commit on main.");
    expect(stdout.match(/^ {2}[123]\. /gm)).toHaveLength(3);
    for (const [, folder = ""] of stdout.matchAll(/kubectl \w+ (?:-k )?([\w./-]+)/g)) {
      expect(existsSync(join(cwd, "my-stack", folder, "kustomization.yaml")), folder).toBe(true);
    }
    const spec = parse(read(cwd, "my-stack/prod-stack.yaml"));
    expect(spec).toMatchObject({
      apiVersion: "prod-stack/v1",
      name: "my-stack",
      source: { url: "https://github.com/example-org/my-stack-deploy" },
      services: { "my-stack": { type: "web-api" } },
      environments: {
        dev: { tier: "development", domain: "dev.example.com" },
        prod: { tier: "production", domain: "example.com" },
      },
    });
  });

  it("asks for no port of a job, and for no image of a model that KServe serves", async () => {
    const cwd = scratch();
    const spec = {
      apiVersion: "prod-stack/v1",
      name: "a",
      source: { url: "https://github.com/example-org/a" },
      services: {
        migrations: { type: "job", image: "ghcr.io/example-org/migrations:1.0.0" },
        churn: { type: "model", framework: "sklearn", storage: "https://models.example.com/churn/1" },
      },
      environments: { dev: { tier: "development", domain: "dev.example.com" } },
    };
    put(cwd, "answers.yaml", JSON.stringify(spec));
    const { code, stderr } = await run(["a", "--answers", "answers.yaml", "--yes", "--no-git"], { cwd });
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it.each([
    [
      ["--service-type", "scheduled-job", "--schedule", "daily=0 3 * * *", "--schedule", "@hourly"],
      { schedules: { daily: { cron: "0 3 * * *" }, main: { cron: "@hourly" } } },
    ],
    [["--service-type", "scheduled-job"], { schedules: { main: { cron: "0 2 * * *" } } }],
    [
      ["--service-type", "model", "--framework", "xgboost", "--model-storage", "gs://models/x/2"],
      { serving: "kserve", framework: "xgboost", storage: "gs://models/x/2" },
    ],
    [["--service-type", "model"], { framework: "sklearn", storage: "s3://models/one/1" }],
    [
      ["--service-type", "model", "--serving", "deployment", "--image", "ghcr.io/example-org/one:1.0.0"],
      { serving: "deployment", image: "ghcr.io/example-org/one:1.0.0" },
    ],
  ])("takes what jobs and models need from flags, and from their defaults (%s)", async (flags, expected) => {
    const cwd = scratch();
    const args = ["one", "--yes", "--no-git", "--service-name", "one", ...flags];
    const { code, stderr } = await run(args, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(parse(read(cwd, "one/prod-stack.yaml")).services.one).toMatchObject(expected);
  });

  it("says which flag has a schedule that is none", async () => {
    const flags = ["--service-type", "scheduled-job", "--schedule", "at noon"];
    const { code, stderr } = await run(["one", "--yes", "--no-git", ...flags], { cwd: scratch() });
    expect(code).toBe(1);
    expect(stderr).toMatch(/--schedule/);
    expect(stderr).toMatch(/cron schedule/);
  });

  it("writes prod-stack.yaml in canonical order, with a comment for each section", async () => {
    const cwd = scratch();
    await run(["a", "--yes", "--no-git", "--datastore", "cache=redis:cache"], { cwd });
    const text = read(cwd, "a/prod-stack.yaml");
    expect(text.match(/^[a-zA-Z]+(?=:)/gm)).toEqual([
      "apiVersion",
      "name",
      "owner",
      "source",
      "services",
      "datastores",
      "environments",
    ]);
    expect(text).toContain(
      "\n\n# Datastores of the stack, by name.\ndatastores:\n  cache: { engine: redis, role: cache }\n",
    );
    expect(text).toContain("    uses: { cache: {} }");
  });

  it("says which answers are missing without a terminal, and the command that it names works", async () => {
    const cwd = scratch();
    const refused = await run(["shop", "--owner", "a team", "--no-git"], { cwd });
    expect(refused.code).toBe(1);
    const named = await run(["shop", "--no-git"], { cwd });
    expect(named.code).toBe(1);
    expect(named.stdout).toBe("");
    expect(listing(cwd)).toEqual([]);
    for (const flag of [
      "--service-type",
      "--service-name",
      "--image",
      "--port",
      "--environment",
      "--name",
      "--source-url",
    ]) {
      expect(named.stderr).toContain(`  ${flag}`);
    }
    expect(named.stderr).toContain("  create-prod-stack shop --no-git --yes\n");
    const command = /^ {2}create-prod-stack (shop --no-git --service-type .*)$/m.exec(named.stderr)?.[1];
    expect(command).toBeDefined();
    const done = await run((command ?? "").split(" "), { cwd });
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(parse(read(cwd, "shop/prod-stack.yaml")).services.shop.image).toBe(
      "ghcr.io/example-org/shop:1.0.0",
    );
  });

  it("names paths where one flag could mean several services, and that command works too", async () => {
    const cwd = scratch();
    const two = "services: { a: { type: worker }, b: { type: web-api } }\n";
    const named = await run(["shop", "--no-git", "--answers", put(cwd, "two.yaml", two)], { cwd });
    const command =
      /^ {2}create-prod-stack (shop --no-git --answers \S+ --set .*)$/m.exec(named.stderr)?.[1] ?? "";
    expect(command).toContain("--set services.a.image=");
    const words = command.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", "")) ?? [];
    expect(await run(words, { cwd })).toMatchObject({ code: 0, stderr: "" });
    expect(parse(read(cwd, "shop/prod-stack.yaml")).services.b.ports).toEqual({ http: 8080 });
  });

  it("takes a whole file of answers, byte for byte", async () => {
    const cwd = scratch();
    const file = put(cwd, "answers.yaml", `# ours\n${COMPLETE}# end\n`);
    expect((await run(["hello", "--answers", file, "--no-git"], { cwd })).code).toBe(0);
    const expected = `# yaml-language-server: $schema=.prod-stack/schema.json\n# ours\n${COMPLETE}# end\n`;
    expect(read(cwd, "hello/prod-stack.yaml")).toBe(expected);
  });

  it("takes answers from standard input", async () => {
    const cwd = scratch();
    expect(await run(["hello", "--answers", "-", "--no-git"], { cwd, input: COMPLETE })).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(parse(read(cwd, "hello/prod-stack.yaml"))).toEqual(parse(COMPLETE));
  });

  it("completes a partial file by flags and defaults, and keeps its comments and order", async () => {
    const cwd = scratch();
    const partial =
      "# our stack\nservices:\n  # the one that matters\n  api:\n    type: web-api # really\n    env: { A: b }\nname: ours\n";
    const file = put(cwd, "answers.yaml", partial);
    const { code, stderr } = await run(
      ["x", "--answers", file, "--image", "ghcr.io/o/api:2.0.0", "--yes", "--no-git"],
      { cwd },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const text = read(cwd, "x/prod-stack.yaml");
    expect(text).toContain(
      "# the one that matters\n  api:\n    type: web-api # really\n    env: { A: b }\n    image: ghcr.io/o/api:2.0.0\n",
    );
    expect(text.indexOf("# our stack")).toBeLessThan(text.indexOf("apiVersion"));
    expect(text.indexOf("\nservices:")).toBeLessThan(text.indexOf("\nname: ours"));
    expect(parse(text)).toMatchObject({ name: "ours", services: { api: { ports: { http: 8080 } } } });
  });

  it("sets any value by path, and what is set wins over flags", async () => {
    const cwd = scratch();
    const words = [
      "x",
      "--yes",
      "--no-git",
      "--owner",
      "a",
      "--set",
      "owner=b",
      "--set",
      "monitoring.slo.availability=99.5",
      "--set",
      'registries."docker.io"=mirror.example.com/docker',
    ];
    expect((await run(words, { cwd })).code).toBe(0);
    const spec = parse(read(cwd, "x/prod-stack.yaml"));
    expect(spec).toMatchObject({ owner: "b", monitoring: { slo: { availability: 99.5 } } });
    expect(spec.registries).toEqual({ "docker.io": "mirror.example.com/docker" });
  });

  it("reads platform.yaml above the stack, and says where it lives in its repository", async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, ".git"));
    put(cwd, "platform.yaml", "monitoring: { slo: { availability: 98.5 } }\n");
    expect((await run(["stacks/shop", "--yes"], { cwd })).code).toBe(0);
    expect(parse(read(cwd, "stacks/shop/prod-stack.yaml")).source.path).toBe("stacks/shop");
    const shown = await run(["show"], { cwd: join(cwd, "stacks/shop") });
    expect(shown.stdout).toMatch(/availability: 98.5 +# \S*platform\.yaml:1/);
  });
});

describe("places", () => {
  it("writes nothing in a dry run, and prints the plan of every file", async () => {
    const cwd = scratch();
    const { code, stdout, stderr } = await run(["x", "--yes", "--dry-run"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/create {4}prod-stack\.yaml +new/);
    expect(stderr).toContain("nothing was written");
    expect(listing(cwd)).toEqual([]);
  });

  it("prints one JSON document with --json", async () => {
    const cwd = scratch();
    const { stdout, stderr } = await run(["x", "--yes", "--json", "--no-git"], { cwd });
    expect(stderr).toBe("");
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ directory: join(cwd, "x"), dryRun: false, written: true, conflicts: [] });
    expect(report.files).toContainEqual({
      path: "prod-stack.yaml",
      action: "create",
      reason: "new",
      ownership: "seeded",
    });
    expect(report.counts.create).toBe(report.files.length);
    expect(report.assumed).toContainEqual({ path: "services.x.type", value: "web-api" });
  });

  it("refuses a directory with files of others, lists them, and leaves them", async () => {
    const cwd = scratch();
    put(cwd, "x/notes.txt", "mine");
    put(cwd, "x/src/a.ts", "mine");
    const before = contents(cwd);
    for (const words of [
      ["x", "--yes"],
      ["x", "--yes", "--dry-run"],
    ]) {
      const { code, stderr } = await run(words, { cwd });
      expect(code).toBe(1);
      expect(stderr).toMatch(/is not empty, and was not made by create-prod-stack: notes\.txt, src/);
      expect(stderr).toContain("--force");
      expect(contents(cwd)).toEqual(before);
    }
  });

  it("writes into it with --force, and keeps what has other names", async () => {
    const cwd = scratch();
    put(cwd, "x/notes.txt", "mine");
    put(cwd, "x/base/kustomization.yaml", "old");
    expect((await run(["x", "--yes", "--force", "--no-git"], { cwd })).code).toBe(0);
    expect(read(cwd, "x/notes.txt")).toBe("mine");
    expect(read(cwd, "x/base/kustomization.yaml")).toContain("kind: Kustomization");
  });

  it("does not mind a licence, and commits only what it has written", async () => {
    const cwd = scratch();
    put(cwd, "x/LICENSE", "mine");
    expect((await run(["x", "--yes"], { cwd, env: IDENTITY })).code).toBe(0);
    expect(read(cwd, "x/LICENSE")).toBe("mine");
    expect(execFileSync("git", ["status", "--short"], { cwd: join(cwd, "x"), encoding: "utf8" })).toBe(
      "?? LICENSE\n",
    );
  });

  it("generates from a prod-stack.yaml that is there already, and leaves it as it is", async () => {
    const cwd = scratch();
    put(cwd, "prod-stack.yaml", COMPLETE);
    expect((await run(["--no-git"], { cwd })).code).toBe(0);
    expect(read(cwd, "prod-stack.yaml")).toBe(COMPLETE);
    expect(listing(cwd)).toContain("base");
  });

  it("refuses a file in place of the directory, and a link that leads nowhere", async () => {
    const cwd = scratch();
    put(cwd, "x", "a file");
    symlinkSync("/nowhere/at/all", join(cwd, "link"));
    expect((await run(["x", "--yes"], { cwd })).stderr).toMatch(/x is a file, and a directory is needed/);
    expect((await run(["link", "--yes"], { cwd })).stderr).toMatch(/link is a link that leads nowhere/);
    expect((await run(["x/y", "--yes"], { cwd })).stderr).toMatch(/not a directory/);
    expect(read(cwd, "x")).toBe("a file");
  });
});

it("says what is lost with a capability that is switched off", async () => {
  const cwd = scratch();
  const { stdout } = await run(["x", "--yes", "--dry-run", "--set", "capabilities.backup=false"], {
    cwd,
  });
  expect(stdout).toMatch(/ {2}Without +backup: \S/);
});

describe("git", () => {
  it("leaves everything staged without an identity, and says so", async () => {
    const cwd = scratch();
    const { code, stdout } = await run(["x", "--yes"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(
      "Everything is staged, and not committed: git knows no name and address of yours",
    );
  });

  it("does nothing with --no-git, and nothing inside of a work tree", async () => {
    const cwd = scratch();
    await run(["x", "--yes", "--no-git"], { cwd });
    expect(read(cwd, "x/prod-stack.yaml")).toContain("name: x");
    expect(existsSync(join(cwd, "x/.git"))).toBe(false);
    put(cwd, "y/.git", "gitdir: elsewhere\n");
    expect((await run(["y", "--yes"], { cwd })).stdout).toContain(
      "This directory is in a git repository already",
    );
    expect(read(cwd, "y/.git")).toBe("gitdir: elsewhere\n");
  });

  it("runs no hook of the user's templates, and ignores an outer GIT_DIR", async () => {
    const cwd = scratch();
    const canary = join(cwd, "canary");
    const hook = put(cwd, "template/hooks/pre-commit", `#!/bin/sh\ntouch ${canary}\n`);
    chmodSync(hook, 0o755);
    const env = { ...IDENTITY, GIT_TEMPLATE_DIR: join(cwd, "template"), GIT_DIR: join(cwd, "elsewhere") };
    expect((await run(["x", "--yes"], { cwd, env })).stdout).toContain("first commit");
    expect(existsSync(canary)).toBe(false);
    expect(existsSync(join(cwd, "elsewhere"))).toBe(false);
  });

  it("does without git", async () => {
    const cwd = scratch();
    const { code, stdout } = await run(["x", "--yes"], { cwd, env: { PATH: "/nonexistent" } });
    expect(code).toBe(0);
    expect(stdout).toContain("git is not installed");
  });
});
