// Proves promote.sh, rollback.sh and release-image.sh with real git and real kustomize.
import { execa } from "execa";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SHOP } from "../backup/render-stack.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { createWorkingTree, type WorkingTree } from "./working-tree.js";

let kustomize: string;
let tree: WorkingTree;
const API = "ghcr.io/example-org/api";
const MIRRORED = "mirror.example.com/ghcr/example-org/api";
const DIGEST = `sha256:${"a1".repeat(32)}`;

beforeAll(async () => {
  kustomize = await ensureTool("kustomize");
});
beforeEach(async () => {
  tree = await createWorkingTree(SHOP.replace("path: stacks/shop", "path: ."), kustomize);
});
afterEach(() => tree.remove());

const set = (environment: string, image: string, release: string) =>
  tree.script("release-image.sh", ["set", `${tree.root}/overlays/${environment}`, image, "api", release]);
const get = (environment: string, image: string) =>
  tree.script("release-image.sh", ["get", `${tree.root}/overlays/${environment}`, image]);
const version = async (environment: string) =>
  /kind: Deployment\nmetadata:[\s\S]*?app.kubernetes.io\/version: "?([^"\n]*)"?\n[\s\S]*?\n {2}name: api\n/.exec(
    (await execa(kustomize, ["build", `${tree.root}/overlays/${environment}`])).stdout,
  )?.[1];

describe("release-image.sh", () => {
  test.each([
    ["2.0.0-rc.1", `${API}:2.0.0-rc.1`, "2.0.0-rc.1"],
    [DIGEST, `${API}@${DIGEST}`, DIGEST.replace(":", "-").slice(0, 63)],
    ["1.10", `${API}:1.10`, "1.10"],
  ])("writes %s, which kustomize and the version label then have", async (release, image, label) => {
    expect((await set("staging", API, release)).code).toBe(0);
    expect(await get("staging", API)).toEqual({ code: 0, output: release });
    expect(await tree.images("staging")).toContain(image);
    expect(await version("staging")).toBe(label);
  });

  test("changes three lines at most, and keeps the comments", async () => {
    await set("staging", API, "9.9.9");
    const changed = (await tree.git("diff", "--numstat")).split("\t");
    expect(changed.slice(0, 2)).toEqual(["2", "2"]);
  });

  test("reads and writes what kustomize edit has written", async () => {
    await execa(kustomize, ["edit", "set", "image", `${API}=${API}@${DIGEST}`], {
      cwd: `${tree.root}/overlays/staging`,
    });
    expect((await get("staging", API)).output).toBe(DIGEST);
    expect((await set("staging", API, "3.0.0")).code).toBe(0);
    expect(await tree.images("staging")).toContain(`${API}:3.0.0`);
    expect(await version("staging")).toBe("3.0.0");
    await execa(kustomize, ["edit", "set", "image", `${API}=${API}:4.0.0`], {
      cwd: `${tree.root}/overlays/staging`,
    });
    expect((await get("staging", API)).output).toBe("4.0.0");
  });

  test("leaves other images alone, and refuses what is none", async () => {
    await set("staging", API, "9.9.9");
    expect(await tree.images("staging")).toContain("ghcr.io/example-org/worker:1.0.0");
    const before = tree.read("overlays/staging/kustomization.yaml");
    for (const [image, release] of [
      ["ghcr.io/example-org/none", "1"],
      [API, "a b"],
      [API, '1"\n  evil: true'],
      [API, "sha256:123"],
      [API, "$(id)"],
    ] as const) {
      expect((await set("staging", image, release)).code, release).toBe(1);
    }
    expect(tree.read("overlays/staging/kustomization.yaml")).toBe(before);
  });
});

describe("promote.sh", () => {
  test("carries a release to the next environment, on a branch", async () => {
    await set("staging", API, "2.0.0");
    await tree.git("commit", "--all", "--quiet", "--message=Release api 2.0.0 to staging");
    const { code, output } = await tree.script("promote.sh", ["staging", "prod", "api"]);
    expect(output).toContain("api: 1.4.2 -> 2.0.0");
    expect(code).toBe(0);
    expect(await tree.git("branch", "--show-current")).toMatch(/^promote\/staging-to-prod-/);
    expect(await tree.git("status", "--porcelain")).toBe("");
    expect(await tree.git("show", "--name-only", "--format=")).toBe("overlays/prod/kustomization.yaml");
    expect(await tree.images("prod")).toContain(`${MIRRORED}:2.0.0`);
    expect(await tree.git("rev-parse", "main")).not.toBe(await tree.git("rev-parse", "HEAD"));
  });

  test("says so when there is nothing to promote, and makes no branch", async () => {
    const { code, output } = await tree.script("promote.sh", ["staging", "prod"]);
    expect(output).toContain("nothing to change");
    expect(code).toBe(0);
    expect(await tree.git("branch", "--format=%(refname:short)")).toBe("main");
  });

  test("refuses what is not committed, unknown environments and services", async () => {
    expect((await tree.script("promote.sh", ["staging", "moon"])).output).toContain(
      "there is no environment moon",
    );
    expect((await tree.script("promote.sh", ["staging", "prod", "nothing"])).output).toContain(
      "has no service nothing",
    );
    expect((await tree.script("promote.sh", ["staging"])).code).toBe(1);
    await set("staging", API, "2.0.0");
    const { code, output } = await tree.script("promote.sh", ["staging", "prod"]);
    expect(output).toContain("not committed");
    expect(code).toBe(1);
  });
});

describe("rollback.sh", () => {
  test("brings back the release before, and only that", async () => {
    await set("prod", MIRRORED, "2.0.0");
    await tree.git("commit", "--all", "--quiet", "--message=Release api 2.0.0");
    tree.write(
      "overlays/prod/kustomization.yaml",
      `${tree.read("overlays/prod/kustomization.yaml")}# A comment of ours.\n`,
    );
    await tree.git("commit", "--all", "--quiet", "--message=Explain");
    const { code, output } = await tree.script("rollback.sh", ["prod"]);
    expect(output).toContain("Release api 2.0.0");
    expect(output).toContain("api: 2.0.0 -> 1.4.2");
    expect(code).toBe(0);
    expect(await tree.images("prod")).toContain(`${MIRRORED}:1.4.2`);
    expect(tree.read("overlays/prod/kustomization.yaml")).toContain("# A comment of ours.");
    expect(await tree.git("branch", "--show-current")).toMatch(/^rollback\/prod-/);
  });

  test("refuses when there is no release before", async () => {
    const { code, output } = await tree.script("rollback.sh", ["prod"]);
    expect(output).toContain("there is no release before it");
    expect(code).toBe(1);
    expect(await tree.git("branch", "--format=%(refname:short)")).toBe("main");
  });
});
