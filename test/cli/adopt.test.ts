// Owns: `create-prod-stack adopt` as people and scripts use it: what it shows, where it writes, what it refuses.
// Promises: whatever happens, files that were there are the same bytes afterwards.

import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { copyFixture, deployment, type Fixture, SECRETS } from "../adopt/fixtures.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { contents, IDENTITY, listing, plainEnvironment, put, read, run, scratch } from "./command.js";

let tools: string;
beforeAll(async () => {
  tools = join(await ensureTool("kustomize"), "..");
}, 300_000);

/** A repository with a fixture, and what it holds. */
function repository(name: Fixture): { cwd: string; before: Record<string, string> } {
  const cwd = scratch();
  copyFixture(name, cwd);
  return { cwd, before: contents(cwd) };
}

/** Files that were there, as they are now. */
function kept(cwd: string, before: Record<string, string>): Record<string, string> {
  const now = contents(cwd);
  return Object.fromEntries(Object.keys(before).map((path) => [path, now[path] ?? "gone"]));
}

const adopt = (cwd: string, ...args: string[]) =>
  run(["adopt", ...args], { cwd, env: { PATH: `${tools}:${process.env.PATH}` } });

describe("without a terminal", () => {
  test("it shows spec, checklist, what is left and what to do, and writes nothing", async () => {
    const { cwd, before } = repository("flat");
    const { code, stdout, stderr } = await adopt(cwd);
    expect(code).toBe(0);
    for (const part of [
      "Read 14 objects in 1 environment: prod.",
      "  services:\n    auth-service:",
      /^ {2}SEC-06 {2}no +met +all traffic denied but the declared edges$/m,
      /^ {10}today: no NetworkPolicy; afterwards: overlays\/prod\/managed\/network-policies\.yaml/m,
      /Of \d+ rows 3 are met today and 2 in part; \d+ afterwards/,
      "Left as it is\n  - Deployment/prometheus",
      "Before you switch over",
    ])
      expect(stdout).toMatch(part);
    expect(stderr).toMatch(
      /^Nothing was written: --yes --into DIR writes \d+ files .* since README\.md is in the way here/,
    );
    expect(contents(cwd)).toEqual(before);
    for (const secret of SECRETS) expect(stdout + stderr).not.toContain(secret);
  });

  test("--json has each answer with its place, and --dry-run wins over --yes", async () => {
    const { cwd, before } = repository("overlays");
    const { code, stdout } = await adopt(cwd, "--json", "--dry-run", "--yes");
    const outcome = JSON.parse(stdout);
    expect({ code, dryRun: outcome.dryRun, written: outcome.written }).toEqual({
      code: 0,
      dryRun: true,
      written: false,
    });
    expect(outcome.notes).toEqual(["Built 3 kustomizations with kustomize."]);
    expect(outcome.environments).toEqual([
      { name: "dev", tier: "development" },
      { name: "staging", tier: "staging" },
      { name: "prod", tier: "production" },
    ]);
    expect(outcome.answers).toContainEqual({
      path: "services.web.expose.path",
      file: "deploy/overlays/prod/host.yaml",
      line: 1,
    });
    expect(outcome.checklist).toHaveLength(92);
    expect(outcome.inTheWay).toEqual([]);
    expect(contents(cwd)).toEqual(before);
  });

  test("without kustomize overlays are read structurally, which is said, with the same result", async () => {
    const { cwd } = repository("overlays");
    const git = (await execa("sh", ["-c", "dirname $(command -v git)"])).stdout;
    const bare = scratch();
    symlinkSync(join(git, "git"), join(bare, "git"));
    const without = await run(["adopt", "--json"], { cwd, env: { PATH: bare } });
    const { notes, spec } = JSON.parse(without.stdout);
    expect(notes).toEqual([
      expect.stringMatching(/^Neither kustomize nor kubectl was found: 3 kustomizations read structurally/),
    ]);
    expect(spec).toBe(JSON.parse((await adopt(cwd, "--json")).stdout).spec);
  });
});

describe("writing", () => {
  test("--into writes a whole repository into a fresh directory, and changes nothing else", async () => {
    const { cwd, before } = repository("flat");
    const { code, stdout } = await adopt(cwd, "--into", "gitops", "--yes");
    expect(code).toBe(0);
    expect(stdout).toMatch(/Wrote \d+ files; nothing that was there has changed\./);
    expect(kept(cwd, before)).toEqual(before);
    expect(listing(join(cwd, "gitops"))).toEqual(
      expect.arrayContaining(["prod-stack.yaml", "overlays/prod/kustomization.yaml"]),
    );
    for (const text of Object.values(contents(join(cwd, "gitops"))))
      for (const secret of SECRETS) expect(text.includes(secret)).toBe(false);
    const again = await run(["check"], { cwd: join(cwd, "gitops") });
    expect(again).toMatchObject({ code: 0, stdout: "Everything is as prod-stack.yaml says.\n" });
  });

  test("where nothing is in the way it writes beside the manifests", async () => {
    const { cwd, before } = repository("multi");
    expect(await adopt(cwd, "--yes")).toMatchObject({ code: 0 });
    expect(kept(cwd, before)).toEqual(before);
    expect(listing(cwd)).toEqual(
      expect.arrayContaining(["everything.yaml", "prod-stack.yaml", "base/kustomization.yaml"]),
    );
  });

  test("a file in the way stops it, by name, with the ways out", async () => {
    const { cwd } = repository("multi");
    put(cwd, "base/kustomization.yml", "resources: []\n");
    put(cwd, "docs/checklist.md", "mine\n");
    const before = contents(cwd);
    const { code, stderr } = await adopt(cwd, "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain(
      "2 files of the generated repository are there already: base/kustomization.yml, docs/checklist.md",
    );
    expect(stderr).toContain(
      "--into DIR writes into a directory of its own, --spec-only writes prod-stack.yaml alone",
    );
    expect(contents(cwd)).toEqual(before);
  });

  test("--spec-only writes one file, and never over another", async () => {
    const { cwd, before } = repository("helm");
    expect(await adopt(cwd, "--yes", "--spec-only")).toMatchObject({ code: 0 });
    expect(listing(cwd).filter((path) => !(path in before) && path.endsWith(".yaml"))).toEqual([
      "prod-stack.yaml",
    ]);
    expect(read(cwd, "prod-stack.yaml")).toMatch(/^# yaml-language-server: .*\n# Proposed by/);
    const written = contents(cwd);
    const { code, stderr } = await adopt(cwd, "--yes", "--spec-only");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("prod-stack.yaml is there already"),
    });
    expect(contents(cwd)).toEqual(written);
  });

  test.each<[string, { file?: string; args?: string[] }, string]>([
    ["--into a directory that is there", { file: "x/a", args: ["--into", "x"] }, "COLLISION"],
    ["a generated repository", { file: ".prod-stack/state.json" }, "GENERATED"],
    ["a directory that is not there", { args: ["nowhere"] }, "PLACE"],
    ["a prod-stack.yaml that is there", { file: "prod-stack.yaml" }, "COLLISION"],
  ])("%s is refused, and nothing is written", async (_what, { file, args = [] }, expected) => {
    const { cwd } = repository("multi");
    if (file !== undefined) put(cwd, file, "mine: true\n");
    const before = contents(cwd);
    const { code, stdout } = await adopt(cwd, ...args, "--yes", "--json");
    expect({ code, error: JSON.parse(stdout).error.code }).toEqual({ code: 1, error: expected });
    expect(contents(cwd)).toEqual(before);
  });

  test("in a git repository the address, the branch and the place come from git; a merge underway stops it", async () => {
    const { cwd, before } = repository("multi");
    const git = (...args: string[]) =>
      execa("git", args, { cwd, env: { ...plainEnvironment(cwd), ...IDENTITY }, extendEnv: false });
    await git("init", "--quiet", "--initial-branch=trunk");
    await git("remote", "add", "origin", "https://user:Fixture-Passw0rd-1@git.example.com/shop/deploy.git");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "x");
    const { source } = await specOf(adopt(cwd, "--into", "stacks/shop", "--json"));
    expect(source).toEqual({
      url: "https://git.example.com/shop/deploy.git",
      revision: "trunk",
      path: "stacks/shop",
    });
    writeFileSync(join(cwd, ".git/MERGE_HEAD"), `${(await git("rev-parse", "HEAD")).stdout}\n`);
    expect(await adopt(cwd, "--yes")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("git is in the middle of a merge"),
    });
    expect(kept(cwd, before)).toEqual(before);
    expect(listing(cwd)).not.toContain("prod-stack.yaml");
  });
});

async function specOf(outcome: ReturnType<typeof adopt>): Promise<{ source: unknown }> {
  const { parseSpec } = await import("../../src/index.js");
  return parseSpec(JSON.parse((await outcome).stdout).spec).spec;
}

describe("a hostile directory", () => {
  const SECRET = "S3cr3t-Fixture-Value";

  test("links, huge files, broken names and secrets: named, not followed, not copied; the rest is adopted", async () => {
    const cwd = scratch();
    const outside = scratch();
    put(outside, "stolen.yaml", deployment("stolen", ""));
    put(cwd, "k8s/api.yaml", deployment("api", `env: [{ name: API_TOKEN, value: ${SECRET} }]`));
    put(
      cwd,
      "k8s/secret.yaml",
      `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { a: ${SECRET} }\n`,
    );
    put(cwd, "k8s/broken.yaml", "kind: Deployment\nmetadata: { name: x");
    put(cwd, "k8s/huge.yaml", `kind: Deployment\n${"#".repeat(5 * 1024 * 1024)}`);
    put(cwd, "k8s/\u001b[31mred.yaml", deployment("red", ""));
    put(cwd, "prod-stack.yaml", "mine: true\n");
    symlinkSync(join(outside, "stolen.yaml"), join(cwd, "k8s/link.yaml"));
    symlinkSync(outside, join(cwd, "linked"));
    put(cwd, "k8s/kustomization.yaml", "resources: [api.yaml, link.yaml, ../../etc/passwd]\n");
    const before = contents(cwd);
    const { code, stdout, stderr } = await adopt(cwd, "--into", "gitops", "--yes");
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("k8s does not build, and was read structurally");
    for (const name of [
      "k8s/broken.yaml is not YAML",
      "k8s/huge.yaml is too large",
      "k8s/link.yaml is a link out of the directory",
      "k8s/\\u{1b}[31mred.yaml has a character",
    ])
      expect(stdout).toContain(name);
    expect(kept(cwd, before)).toEqual(before);
    const generated = contents(join(cwd, "gitops"));
    expect(Object.keys(generated)).toContain("base/api/deployment.yaml");
    const everything = stdout + stderr + Object.values(generated).join("\n");
    expect(everything).not.toContain(SECRET);
    expect(everything).not.toMatch(/stolen|root:x:/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(stdout).not.toMatch(/\u001b/);
  });
});
