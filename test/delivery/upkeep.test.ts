// Proves the workflow that proposes upgrades: pinned, the new version away from the token, and its steps do what they should.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { lowerAll } from "../../projenrc/build/template-module.js";
import { upkeep } from "../../src/capabilities/upkeep.js";
import { renderTree } from "../../src/render/render-tree.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import { PEERS } from "../../src/version.js";
import { RATE_LIMITER, SHOP } from "../backup/render-stack.js";
import { ensureTool } from "../tools/ensure-tool.js";

const templates = lowerAll(join(import.meta.dirname, "../../templates"));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Record<string, unknown>;
  readonly run?: string;
}

const DOORS = [
  ["command", `${RATE_LIMITER}upkeep: { pullRequests: true, schedule: "0 6 1 * *" }\n`, "rate-limiter"],
  ["projen", `${SHOP}upkeep: { door: projen }\n`, "shop"],
] as const;

/** The files of this capability alone. */
function renderSpec(spec: string) {
  const stack = resolveStack(parseSpec(spec), { generator: "0.1.0" });
  return renderTree(stack, { templates, capabilities: [upkeep], indexes: [] });
}

function workflowOf(spec: string, name: string) {
  const text =
    renderSpec(spec).find(({ path }) => path === `.github/workflows/${name}-upgrade.yaml`)?.contents ?? "";
  const data = parse(text);
  return {
    text,
    data,
    upgrade: data.jobs.upgrade.steps as Step[],
    propose: data.jobs.propose.steps as Step[],
  };
}

describe.each(DOORS)("the upgrade workflow of a repository of %s", (door, spec, name) => {
  const { text, data, upgrade, propose } = workflowOf(spec, name);

  test("pins every action by commit, and puts no expression into a shell", () => {
    const uses = text.split("\n").filter((line) => line.includes("uses:"));
    expect(uses.length).toBe(5);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[a-f0-9]{40} # v\d+\.\d+\.\d+$/);
    for (const { run } of [...upgrade, ...propose]) expect(run ?? "").not.toContain("${{");
  });

  test("runs the new version without a token, and nothing of it with one", () => {
    expect(data.permissions).toEqual({});
    expect(data.jobs.upgrade.permissions).toEqual({ contents: "read" });
    expect(JSON.stringify(data.jobs.upgrade)).not.toMatch(/secrets\.|GH_TOKEN|github\.token/);
    expect(upgrade[0]?.with).toEqual({ "persist-credentials": false });
    for (const { run } of propose) expect(run ?? "").not.toMatch(/\b(?:npm|npx|node)\b/);
    expect(propose[0]?.with).toMatchObject({
      "permission-contents": "write",
      "permission-pull-requests": "write",
      "permission-workflows": "write",
    });
  });

  test("has no finding of actionlint", async () => {
    const directory = mkdtempSync(join(tmpdir(), "upkeep-"));
    writeFileSync(join(directory, "workflow.yaml"), text);
    const words = ["-shellcheck=", "-pyflakes=", join(directory, "workflow.yaml")];
    const { all } = await execa(await ensureTool("actionlint"), words, { reject: false, all: true });
    rmSync(directory, { recursive: true });
    expect(all).toBe("");
  });

  test(`is there only where the answer is, beside what ${door} needs`, () => {
    const paths = renderSpec(spec).map(({ path }) => path.replace("stacks/shop/", ""));
    const own = [".projenrc.mjs", "package.json"].filter((path) => paths.includes(path));
    expect(own).toEqual(door === "projen" ? [".projenrc.mjs", "package.json"] : []);
    expect(
      renderSpec(RATE_LIMITER).filter(({ path }) => /upkeep|upgrade\.yaml|package\.json/.test(path)),
    ).toEqual([]);
  });
});

test("package.json of a new projen repository pins what is tested, exactly", () => {
  const file = renderSpec(DOORS[1][1]).find(({ path }) => path.endsWith("package.json"));
  expect(file?.ownership).toBe("seeded");
  expect(JSON.parse(file?.contents ?? "").devDependencies).toMatchObject(PEERS);
});

describe("its steps, in a shell as GitHub's,", () => {
  let root: string;
  const at = (...path: string[]) => join(root, ...path);
  const { upgrade, propose } = workflowOf(DOORS[0][1], DOORS[0][2]);
  const script = (steps: readonly Step[], name: string) =>
    steps.find((step) => step.name === name)?.run ?? "";
  const bash = (text: string, cwd: string, env: Record<string, string> = {}) =>
    execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", text], {
      cwd,
      reject: false,
      all: true,
      env: {
        HOME: root,
        RUNNER_TEMP: at("temp"),
        GITHUB_OUTPUT: at("output"),
        PATH: `${at("bin")}:${process.env.PATH}`,
        ...env,
      },
    });
  const program = (name: string, text: string) => {
    writeFileSync(at("bin", name), `#!/bin/bash\n${text}`);
    chmodSync(at("bin", name), 0o755);
  };

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "upkeep-"));
    for (const folder of ["bin", "temp", "stack/.prod-stack"]) mkdirSync(at(folder), { recursive: true });
    writeFileSync(at("stack/file"), "old\n");
    writeFileSync(at("stack/.prod-stack/state.json"), '{ "generator": "0.2.0" }\n');
    const who = "-c user.name=test -c user.email=test@example.com";
    const steps = `git init -q -b main && git add -A && git ${who} commit -qm one && git init -q -b main --bare ../origin && git remote add origin ../origin && git push -q origin main`;
    expect((await bash(steps, at("stack"))).all).toBe("");
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test("a refused upgrade fails, and one with nothing new proposes nothing", async () => {
    program("npx", "echo 'data would be lost'; exit 1\n");
    const refused = await bash(script(upgrade, "Upgrade"), at("stack"));
    expect([refused.exitCode, refused.all]).toEqual([1, "data would be lost"]);
    program("npx", "echo 'Nothing to do'\n");
    expect((await bash(script(upgrade, "Upgrade"), at("stack"))).exitCode).toBe(0);
    expect(existsSync(at("output"))).toBe(false);
  });

  test("conflicts go into the pull request, whose body is the plan; once a version", async () => {
    program("npx", "echo '  update  file'; echo new >file; exit 3\n");
    expect((await bash(script(upgrade, "Upgrade"), at("stack"))).exitCode).toBe(0);
    expect(readFileSync(at("output"), "utf8")).toBe("changed=true\n");
    expect((await bash("git clone -q origin other", root)).all).toBe("");
    program("gh", `printf '%s\\n' "$@" >${at("asked")}\n`);
    const env = { STACK: "shop", BASE: "main", GH_TOKEN: "x" };
    const push = script(propose, "Push the branch, open the pull request");
    const pushed = await bash(push, at("other"), env);
    expect([pushed.exitCode, pushed.all]).toEqual([0, expect.any(String)]);
    expect((await bash("git show upkeep/shop-0.2.0:file", at("origin"))).all).toBe("new");
    expect(readFileSync(at("asked"), "utf8")).toContain("Bring shop to create-prod-stack 0.2.0");
    expect(readFileSync(at("temp/upgrade/body.md"), "utf8")).toContain("  update  file");
    rmSync(at("asked"));
    const again = await bash(push, at("other"), env);
    expect([again.exitCode, again.all]).toEqual([0, "upkeep/shop-0.2.0 has been proposed already"]);
    expect(existsSync(at("asked"))).toBe(false);
  });
});
