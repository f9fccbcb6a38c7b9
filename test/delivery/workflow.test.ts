// Proves the generated pipeline: pinned, without rights, without injection, and its steps fail when they should.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { RATE_LIMITER, renderSpec, SHOP } from "../backup/render-stack.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { createWorkingTree } from "./working-tree.js";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Record<string, unknown>;
  readonly run?: string;
}

const SPECS = [
  ["rate-limiter", RATE_LIMITER],
  ["shop", SHOP],
] as const;

function workflowOf(
  name: string,
  spec: string,
): { text: string; data: ReturnType<typeof parse>; steps: Step[] } {
  const text = renderSpec(spec).find(({ path }) => path === `.github/workflows/${name}.yaml`)?.contents ?? "";
  const data = parse(text);
  return { text, data, steps: data.jobs.validate.steps };
}

describe.each(SPECS)("the workflow of %s", (name, spec) => {
  const { text, data, steps } = workflowOf(name, spec);

  test("pins every action by commit, with its release as a comment", () => {
    const uses = text.split("\n").filter((line) => line.includes("uses:"));
    expect(uses.length).toBe(2);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[a-f0-9]{40} # v\d+\.\d+\.\d+$/);
  });

  test("has no rights but reading, no secret, no credentials left behind, and an end", () => {
    expect(data.permissions).toEqual({});
    const { permissions, "timeout-minutes": timeout } = data.jobs.validate;
    expect(permissions).toEqual({ contents: "read" });
    expect(timeout).toBeLessThanOrEqual(30);
    expect(steps.find(({ uses }) => uses?.startsWith("actions/checkout@"))?.with).toMatchObject({
      "persist-credentials": false,
    });
    expect(text).not.toMatch(/secrets\.|pull_request_target/);
    expect(data.concurrency["cancel-in-progress"]).toBe(true);
  });

  test("puts no expression into a shell, and only the one into the concurrency group", () => {
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
    expect(text.match(/\{\{.*?\}\}/g)).toEqual(["{{ github.ref }}"]);
  });

  test("has no finding of actionlint", async () => {
    const directory = mkdtempSync(join(tmpdir(), "delivery-"));
    writeFileSync(join(directory, "workflow.yaml"), text);
    const { all, exitCode } = await execa(
      await ensureTool("actionlint"),
      ["-shellcheck=", "-pyflakes=", join(directory, "workflow.yaml")],
      { reject: false, all: true },
    );
    rmSync(directory, { recursive: true });
    expect(all).toBe("");
    expect(exitCode).toBe(0);
  });
});

test("a stack in a subdirectory is checked when it changes, by itself", () => {
  const { data } = workflowOf("shop", SHOP);
  expect(data.on.pull_request.paths).toEqual(["stacks/shop/**", ".github/workflows/shop.yaml"]);
  expect(data.jobs.validate.defaults.run["working-directory"]).toBe("stacks/shop");
  expect(workflowOf("rate-limiter", RATE_LIMITER).data.on.pull_request).toBeNull();
});

describe("its steps, in a shell as GitHub's,", () => {
  const step = (name: string) =>
    workflowOf("rate-limiter", RATE_LIMITER).steps.find((candidate) => candidate.name === name)?.run ?? "";
  const run = async (script: string, root: string) =>
    execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd: root,
      reject: false,
      all: true,
      env: { RUNNER_TEMP: root, PATH: `${join(await ensureTool("kustomize"), "..")}:${process.env.PATH}` },
    });

  test("accept what was generated, refuse a conflict marker and an overlay that does not build", async () => {
    const tree = await createWorkingTree(RATE_LIMITER, await ensureTool("kustomize"));
    expect((await run(step("No merge-conflict markers"), tree.root)).exitCode).toBe(0);
    expect((await run(step("Every overlay builds"), tree.root)).all).toMatch(
      /^overlays\/dev\/: \d+ objects\noverlays\/prod\/: \d+ objects$/,
    );
    tree.write("base/kustomization.yaml", `${tree.read("base/kustomization.yaml")}<<<<<<< ours\n`);
    expect((await run(step("No merge-conflict markers"), tree.root)).exitCode).toBe(1);
    expect((await run(step("Every overlay builds"), tree.root)).exitCode).not.toBe(0);
    tree.remove();
  });
});
