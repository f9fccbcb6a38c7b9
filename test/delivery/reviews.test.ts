// Proves what guards a change: the promotion by pull request, code owners, the template; for one stack, and for several in one place.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { renderText } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { ensureTool } from "../tools/ensure-tool.js";

const treeOf = (name: string) => renderText(SAMPLE_STACKS[name] as string).tree;
const textOf = (name: string, path: string) =>
  treeOf(name).find((file) => file.path === path)?.contents ?? "";

test("the workflow of a promotion is one that GitHub takes, asks for two rights, and puts no input into a script", async () => {
  const text = textOf("clusters", ".github/workflows/far-promote.yaml");
  const { on, permissions, jobs } = parse(text);
  expect(on.workflow_dispatch.inputs.to.options).toEqual(["dev", "stage", "prod"]);
  expect(permissions).toEqual({});
  expect(jobs.promote.permissions).toEqual({ contents: "write", "pull-requests": "write" });
  for (const { uses, run } of jobs.promote.steps) {
    if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    expect(run ?? "").not.toContain("${{");
  }
  const directory = mkdtempSync(join(tmpdir(), "delivery-"));
  writeFileSync(join(directory, "promote.yaml"), text);
  const lint = await execa(
    await ensureTool("actionlint"),
    ["-shellcheck=", "-pyflakes=", join(directory, "promote.yaml")],
    { reject: false, all: true },
  );
  rmSync(directory, { recursive: true });
  expect(lint.all).toBe("");
});

test("a stack that is the repository names owners of production and of bootstrap", () => {
  const owners = textOf("clusters", ".github/CODEOWNERS");
  for (const path of ["/bootstrap/", "/overlays/prod/", "/clusters/prod/west/"])
    expect(owners).toContain(`${path} @example-org/far-team`);
  expect(textOf("clusters", ".github/pull_request_template.md")).toContain("If it goes wrong");
});

test("stacks that share a repository do not fight over its files", () => {
  const own = treeOf("oddnames").map(({ path }) => path);
  expect(own).not.toContain(".github/CODEOWNERS");
  expect(own).not.toContain(".github/pull_request_template.md");
  expect(own).toContain(".github/PULL_REQUEST_TEMPLATE/n.md");
});
