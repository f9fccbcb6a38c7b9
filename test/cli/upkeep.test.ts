// Owns: the verbs that keep a repository current, with real git: upgrade, check, diff, repair.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTool } from "../tools/ensure-tool.js";
import {
  COMPLETE,
  contents,
  IDENTITY,
  plainEnvironment,
  put,
  read,
  run as runCommand,
  scratch,
} from "./command.js";

let kustomize: string;
/** Repositories that many tests begin with, each made once. */
let patterns: string;
const made = new Map<string, Promise<string>>();

beforeAll(async () => {
  kustomize = join(await ensureTool("kustomize"), "..");
  patterns = mkdtempSync(join(tmpdir(), "upkeep-"));
}, 300_000);
afterAll(() => rmSync(patterns, { recursive: true }));

const STATE = ".prod-stack/state.json";
const SERVICE = "base/hello/service.yaml";

function run(args: readonly string[], cwd: string, path = `${kustomize}:${process.env.PATH}`) {
  return runCommand(args, { cwd, env: { ...IDENTITY, PATH: path } });
}

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa("git", args, {
    cwd,
    env: { ...plainEnvironment(cwd), ...IDENTITY },
    extendEnv: false,
  });
  return stdout;
}

async function commit(cwd: string): Promise<void> {
  await git(cwd, "add", "--all");
  await git(cwd, "commit", "--quiet", "--allow-empty", "--message", "x");
}

async function copyOf(key: string, make: (cwd: string) => Promise<void>): Promise<string> {
  const making = made.get(key) ?? makePattern(make);
  made.set(key, making);
  const cwd = scratch();
  cpSync(await making, cwd, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return cwd;
}

async function makePattern(make: (cwd: string) => Promise<void>): Promise<string> {
  const cwd = mkdtempSync(join(patterns, "repository-"));
  await make(cwd);
  return cwd;
}

/** A generated repository with a first commit. */
function generated(spec = COMPLETE): Promise<string> {
  return copyOf(spec, (cwd) => generateIn(cwd, spec));
}

async function generateIn(cwd: string, spec: string): Promise<void> {
  put(cwd, "prod-stack.yaml", spec);
  expect(await run([], cwd)).toMatchObject({ code: 0, stderr: "" });
  await git(cwd, "init", "--quiet", "--initial-branch=main");
  await commit(cwd);
}

/** As if an older version, which rendered the ports of the service differently, had written the repository. */
function outdated(): Promise<string> {
  return copyOf("outdated", async (cwd) => {
    await generateIn(cwd, COMPLETE.replace("http: 3000", "http: 2999"));
    put(cwd, "prod-stack.yaml", COMPLETE);
    put(cwd, STATE, read(cwd, STATE).replace(/"generator": "[^"]+"/, '"generator": "0.0.1"'));
    await commit(cwd);
  });
}

/** Both sides change the same line. */
async function conflicting(): Promise<string> {
  const cwd = await outdated();
  put(cwd, SERVICE, read(cwd, SERVICE).replaceAll("2999", "1234"));
  await commit(cwd);
  return cwd;
}

describe("upgrade", () => {
  it("does nothing where there is nothing to do", async () => {
    const cwd = await generated();
    const before = contents(cwd);
    const { code, stdout } = await run(["upgrade"], cwd);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Nothing to do: all \d+ files/),
    });
    expect(contents(cwd)).toEqual(before);
  });

  it("says what it changes in files and in the cluster, and keeps edits", async () => {
    const cwd = await outdated();
    put(cwd, SERVICE, `${read(cwd, SERVICE)}# mine\n`);
    await commit(cwd);
    const { code, stdout } = await run(["upgrade"], cwd);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^From 0\.0\.1 to /);
    expect(stdout).toMatch(/merge +base\/hello\/service\.yaml +your edits and the generator's/);
    expect(stdout).toMatch(/restart +dev {2}Deployment\/hello: spec\.template/);
    expect(read(cwd, SERVICE)).toMatch(/3000[\s\S]*# mine\n$/);
    expect(JSON.parse(read(cwd, STATE)).generator).not.toBe("0.0.1");
    expect((await run(["upgrade"], cwd)).code).toBe(1); // Uncommitted.
  });

  it("prints a diff in a dry run, and JSON, and writes nothing", async () => {
    const cwd = await outdated();
    const before = contents(cwd);
    const dry = await run(["upgrade", "--dry-run"], cwd);
    expect(dry.stdout).toContain(`--- a/${SERVICE}\n+++ b/${SERVICE}\n`);
    const json = JSON.parse((await run(["upgrade", "--dry-run", "--json"], cwd)).stdout);
    expect(json).toMatchObject({ from: "0.0.1", written: false, conflicts: [] });
    expect(json.cluster).toContainEqual(
      expect.objectContaining({ place: "prod", id: "Deployment/hello", effect: "restart" }),
    );
    expect(contents(cwd)).toEqual(before);
  });

  it.each([
    ["markers", 3, /<<<<<<< [\s\S]*1234[\s\S]*=======[\s\S]*>>>>>>> /],
    ["ours", 0, /1234/],
    ["theirs", 0, /3000/],
    ["fail", 3, /1234/],
  ] as const)("settles conflicts by %s", async (how, code, expected) => {
    const cwd = await conflicting();
    const result = await run(["upgrade", "--conflict", how], cwd);
    expect(result.code).toBe(code);
    expect(read(cwd, SERVICE)).toMatch(expected);
    const isWritten = JSON.parse(read(cwd, STATE)).generator !== "0.0.1";
    expect(isWritten).toBe(how !== "fail");
    const status = await git(cwd, "status", "--porcelain");
    expect(status.includes(`UU ${SERVICE}`)).toBe(how === "markers");
  });

  it("opens as a conflict in git, which a checkout of either side settles", async () => {
    const cwd = await conflicting();
    await run(["upgrade"], cwd);
    expect((await run(["check"], cwd)).code).toBe(3);
    expect((await run(["upgrade"], cwd)).stderr).toContain("git is in the middle of a merge");
    await git(cwd, "checkout", "--theirs", "--", SERVICE);
    expect(read(cwd, SERVICE)).toContain("3000");
    await commit(cwd);
    expect((await run(["upgrade"], cwd)).stdout).toContain("Nothing to do");
  });

  it("puts the new version of what is not text any more beside it, and exits 3", async () => {
    const cwd = await outdated();
    const mine = Buffer.from([0xff, 0xfe, 0x41, 0]);
    put(cwd, SERVICE, mine);
    await commit(cwd);
    const { code, stdout } = await run(["upgrade"], cwd);
    expect(code).toBe(3);
    expect(stdout).toMatch(/conflict +base\/hello\/service\.yaml +edited by you, and not text/);
    expect(stdout).toMatch(/create +base\/hello\/service\.yaml\.new +the new version of /);
    expect(stdout).not.toContain("<<<<<<<");
    expect(Buffer.from(read(cwd, SERVICE, "latin1"), "latin1")).toEqual(mine);
    expect(read(cwd, `${SERVICE}.new`)).toContain("3000");
    expect((await run(["check"], cwd)).code).toBe(0);
  });

  it("leaves what was deleted deleted, unless it is asked back", async () => {
    const cwd = await outdated();
    rmSync(join(cwd, SERVICE));
    await commit(cwd);
    await run(["upgrade", "--no-git"], cwd);
    expect(contents(cwd)[SERVICE]).toBeUndefined();
    expect((await run(["upgrade", "--no-git", "--restore", "base/hello/servce.yaml"], cwd)).stderr).toContain(
      SERVICE,
    );
    expect((await run(["upgrade", "--no-git", "--restore", SERVICE], cwd)).code).toBe(0);
    expect(read(cwd, SERVICE)).toContain("3000");
  });
});

describe("guards of upgrade", () => {
  async function refused(cwd: string, message: RegExp): Promise<void> {
    const before = contents(cwd);
    const { code, stderr } = await run(["upgrade"], cwd);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
    expect(stderr).not.toContain("    at ");
    expect(contents(cwd)).toEqual(before);
  }

  it.each([
    ["edited", async (cwd: string) => void put(cwd, SERVICE, `${read(cwd, SERVICE)}# mine\n`)],
    [
      "staged",
      async (cwd: string) => {
        put(cwd, SERVICE, `${read(cwd, SERVICE)}# mine\n`);
        await git(cwd, "add", SERVICE);
      },
    ],
    ["untracked", async (cwd: string) => void (await git(cwd, "rm", "--quiet", "--cached", SERVICE))],
  ])("refuses a file to change that is %s", async (_, make) => {
    const cwd = await outdated();
    await make(cwd);
    await refused(cwd, /service\.yaml\nCommit or stash/);
  });

  it("takes other files that are not committed", async () => {
    const cwd = await outdated();
    put(cwd, "notes.txt", "mine\n");
    expect((await run(["upgrade"], cwd)).code).toBe(0);
  });

  it("refuses outside of git, unless told", async () => {
    const cwd = await outdated();
    rmSync(join(cwd, ".git"), { recursive: true });
    await refused(cwd, /no git repository/);
    expect((await run(["upgrade", "--no-git"], cwd)).code).toBe(0);
  });

  it("refuses in the middle of a merge", async () => {
    const cwd = await outdated();
    put(cwd, ".git/MERGE_HEAD", `${await git(cwd, "rev-parse", "HEAD")}\n`);
    await refused(cwd, /in the middle of a merge/);
  });

  it("refuses to write into a submodule", async () => {
    const cwd = await outdated();
    put(cwd, "base/hello/.git", "gitdir: elsewhere\n");
    const { code } = await run(["upgrade"], cwd);
    expect(code).toBe(1);
    expect(read(cwd, SERVICE)).toContain("2999");
  });

  it("refuses a repository of a newer version, and names it", async () => {
    const cwd = await generated();
    put(cwd, STATE, read(cwd, STATE).replace(/"generator": "[^"]+"/, '"generator": "99.1.0"'));
    await refused(
      cwd,
      /generated by 99\.1\.0, and this is \S+\nUse that version or a newer one: npx create-prod-stack@99\.1\.0/,
    );
  });

  it("refuses a stack that was never generated, and a damaged state", async () => {
    const cwd = await generated();
    put(cwd, STATE, "<<<<<<< x\n");
    await refused(cwd, /is damaged: state\.json is not JSON\n.*create-prod-stack repair/);
    rmSync(join(cwd, ".prod-stack"), { recursive: true });
    await refused(cwd, /was never generated\n.*create-prod-stack repair/);
  });

  const STORE = COMPLETE.replace(
    "services:",
    "datastores:\n  db: { engine: redis, role: store, storage: 8Gi }\nservices:",
  );

  it.each([
    ["replaced", (spec: string) => spec.replace("8Gi", "9Gi"), /replaced: StatefulSet\/db\n.*Grow a volume/],
    ["deleted", () => COMPLETE, /deleted: StatefulSet\/db\n/],
    ["renamed", (spec: string) => spec.replace("db:", "store:"), /renamed: StatefulSet\/db\n/],
  ])("refuses that data is %s, unless it is named", async (_, change, message) => {
    const cwd = await generated(STORE);
    put(cwd, "prod-stack.yaml", change(STORE));
    await refused(cwd, message);
    const create = await run([], cwd);
    expect(create.stderr).toMatch(message);
    const without = await run(["upgrade"], cwd, "/usr/bin:/bin");
    expect(without.stderr).toMatch(/StatefulSet\/db/);
    expect((await run(["upgrade", "--allow-replace", "StatefulSet/db"], cwd)).code).toBe(0);
  });
});

describe("check and diff", () => {
  it("pass where everything agrees", async () => {
    const cwd = await generated();
    expect(await run(["check"], cwd)).toMatchObject({
      code: 0,
      stdout: "Everything is as prod-stack.yaml says.\n",
    });
    expect(await run(["diff"], cwd)).toMatchObject({ code: 0, stdout: "" });
  });

  it("fail with 2 where spec and files disagree", async () => {
    const cwd = await generated();
    put(cwd, "prod-stack.yaml", COMPLETE.replace("http: 3000", "http: 4000"));
    const { code, stdout } = await run(["check"], cwd);
    expect(code).toBe(2);
    expect(stdout).toMatch(/stale +base\/hello\/service\.yaml +update: /);
    const diff = await run(["diff"], cwd);
    expect(diff.code).toBe(2);
    expect(diff.stdout).toContain("+");
  });

  it("report edits, and fail on them only when asked", async () => {
    const cwd = await generated();
    put(cwd, SERVICE, `${read(cwd, SERVICE)}# mine\n`);
    rmSync(join(cwd, "docs/delivery.md"));
    const { code, stdout } = await run(["check"], cwd);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /edited +base\/hello\/service\.yaml +edited by you\n +edited +docs\/delivery\.md +deleted by you\n2 edits of yours/,
    );
    expect((await run(["check", "--strict"], cwd)).code).toBe(2);
    expect((await run(["diff"], cwd)).stdout).toContain("+# mine");
    expect(JSON.parse((await run(["check", "--json"], cwd)).stdout)).toMatchObject({
      passed: true,
      stale: [],
      edited: [{ path: SERVICE, kind: "edited" }, {}],
    });
  });

  it("take releases, what is the user's own and Windows' line ends for no drift", async () => {
    const cwd = await generated();
    const overlay = "overlays/prod/kustomization.yaml";
    put(cwd, overlay, read(cwd, overlay).replace(/newTag: \S+/, "newTag: 9.9.9"));
    put(cwd, SERVICE, read(cwd, SERVICE).replaceAll("\n", "\r\n"));
    put(cwd, "prod-stack.yaml", COMPLETE.replaceAll("\n", "\r\n"));
    expect(await run(["check", "--strict"], cwd)).toMatchObject({
      code: 0,
      stdout: "Everything is as prod-stack.yaml says.\n",
    });
  });

  it("tell outdated from stale", async () => {
    const cwd = await generated();
    put(cwd, STATE, read(cwd, STATE).replace(/"generator": "[^"]+"/, '"generator": "0.0.1"'));
    const { code, stdout } = await run(["check"], cwd);
    expect(code).toBe(0);
    expect(stdout).toContain("Outdated: generated by 0.0.1");
    expect((await run(["check", "--fail-on", "outdated"], cwd)).code).toBe(2);
    expect((await run(["check"], await outdated())).code).toBe(2); // Its spec has changed as well.
  });
});

describe("repair", () => {
  it("settles two branches that each add a service, with the edits of both", async () => {
    const cwd = await generated();
    const add = async (name: string, runtime: string) => {
      await run(
        [
          "add",
          "service",
          name,
          "--service-type",
          "worker",
          "--runtime",
          runtime,
          "--image",
          `ghcr.io/x/${name}:1.0.0`,
          "--yes",
        ],
        cwd,
      );
      const page = "docs/runbook/README.md";
      put(cwd, page, read(cwd, page).replace(/^## .*$/m, `$&\n\nAsk the team of ${name} first.`));
      await commit(cwd);
    };
    await git(cwd, "checkout", "--quiet", "-b", "one");
    await add("alpha", "nodejs");
    await git(cwd, "checkout", "--quiet", "main");
    const page = "docs/delivery.md";
    put(cwd, page, read(cwd, page).replace("\n\n", "\n\nOf main.\n\n"));
    await add("beta", "go");
    await expect(git(cwd, "merge", "one")).rejects.toThrow();
    const { code, stdout } = await run(["repair"], cwd);
    expect(stdout).toMatch(/merge +prod-stack\.yaml +the edits of both branches/);
    // Both branches wrote another sentence at the same place of one page: only a person can say which comes first.
    expect({ code, conflicts: stdout.match(/conflict {2}.*/g) }).toEqual({
      code: 3,
      conflicts: [expect.stringContaining("docs/runbook/README.md")],
    });
    await git(cwd, "checkout", "--ours", "--", "docs/runbook/README.md");
    await commit(cwd);
    await run([], cwd);
    await commit(cwd);
    expect(await run(["check"], cwd)).toMatchObject({ code: 0 });
    expect(read(cwd, "base/kustomization.yaml")).toMatch(/alpha[\s\S]*beta/);
    expect(read(cwd, page)).toContain("Of main.");
    expect(Object.values(contents(cwd)).join("\n")).not.toMatch(/^<<<<<<< /m);
  }, 300_000);

  it("rebuilds a lost state, and takes what differs for edits", async () => {
    const cwd = await generated();
    put(cwd, SERVICE, `${read(cwd, SERVICE)}# mine\n`);
    rmSync(join(cwd, ".prod-stack"), { recursive: true });
    expect((await run(["repair"], cwd)).code).toBe(0);
    expect(read(cwd, SERVICE)).toContain("# mine");
    expect((await run(["check"], cwd)).stdout).toMatch(/edited +base\/hello\/service\.yaml/);
    put(cwd, "prod-stack.yaml", COMPLETE.replace("http: 3000", "http: 4000"));
    expect((await run([], cwd)).code).toBe(0);
    expect(read(cwd, SERVICE)).toMatch(/4000[\s\S]*# mine/);
  });

  it("leaves a spec that disagrees with itself to its author", async () => {
    const cwd = await generated();
    put(cwd, "prod-stack.yaml", `<<<<<<< a\n${COMPLETE}=======\n${COMPLETE}>>>>>>> b\n`);
    const { code, stderr } = await run(["repair"], cwd);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("has conflict markers in it"),
    });
  });
});

describe("eject", () => {
  it("takes state and words away, and every place builds what it built", async () => {
    const cwd = await generated();
    const build = async (environment: string) =>
      (await execa(join(kustomize, "kustomize"), ["build", join(cwd, "overlays", environment)])).stdout;
    const before = [await build("dev"), await build("prod")];
    put(cwd, SERVICE, `${read(cwd, SERVICE)}# mine\n`);
    expect(await run(["eject"], cwd)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not committed"),
    });
    await commit(cwd);
    const dry = await run(["eject", "--dry-run"], cwd);
    expect(dry.stdout).toContain(`update    ${SERVICE}`);
    expect(await run(["eject"], cwd)).toMatchObject({ code: 0, stderr: "" });
    const left = contents(cwd);
    expect(Object.keys(left).filter((path) => path.startsWith(".prod-stack"))).toEqual([]);
    expect([await build("dev"), await build("prod")]).toEqual(before);
    expect(read(cwd, SERVICE)).toContain("# mine");
    for (const [path, text] of Object.entries(left))
      if (path !== "prod-stack.yaml")
        expect(`${path}: ${text}`).not.toMatch(/Generated by create-prod-stack|npx .*create-prod-stack/);
    expect(await run(["upgrade"], cwd)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("was never generated"),
    });
  });
});
