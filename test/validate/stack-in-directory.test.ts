/** Holds that a stack below the root of its repository is checked with its workflow, which stands above it. */
import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { validateRepository } from "../../src/validate/validate-repository.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { SMALL_SPEC, Workshop } from "./generated-repository.js";

let workshop: Workshop;
let searchPath: string;

beforeAll(async () => {
  const [kustomize, actionlint] = await Promise.all([ensureTool("kustomize"), ensureTool("actionlint")]);
  workshop = await Workshop.open(SMALL_SPEC.replace("revision: main", "revision: main, path: stacks/shop"));
  searchPath = await workshop.searchPath({ kustomize, actionlint });
});
afterAll(() => workshop?.close());

async function stackWithWorkflow(): Promise<{ directory: string; workflow: string }> {
  const { directory } = await workshop.copy("stacks/shop");
  return { directory, workflow: join(dirname(dirname(directory)), ".github/workflows/shop.yaml") };
}

async function checks(directory: string) {
  const { rows } = await validateRepository({ directory, searchPath, environments: ["prod"] });
  return Object.fromEntries((rows[0]?.checks ?? []).map((check) => [check.check, check]));
}

it("passes as generated", async () => {
  const { directory } = await stackWithWorkflow();
  expect((await checks(directory)).workflows).toMatchObject({ status: "passed", count: 1, findings: [] });
});

it("fails with a mistake in its workflow", async () => {
  const { directory, workflow } = await stackWithWorkflow();
  const text = await readFile(workflow, "utf8");
  await writeFile(workflow, text.replace("runs-on:", "runs-om:"));
  const { workflows } = await checks(directory);
  expect(workflows?.status).toBe("failed");
  expect(workflows?.findings[0]?.file).toMatch(/^\.\.\/\.\.\/\.github\/workflows\/shop\.yaml:\d+$/);
});

it("has its workflow's YAML and text checked too", async () => {
  const { directory, workflow } = await stackWithWorkflow();
  await writeFile(workflow, "on: push\non: push\n<<<<<<< ours\n");
  const { files, yaml } = await checks(directory);
  expect([files?.status, yaml?.status]).toEqual(["failed", "failed"]);
});

it("leaves other stacks' workflows, links, and other places alone", async () => {
  const { directory, workflow } = await stackWithWorkflow();
  await writeFile(join(dirname(workflow), "other.yaml"), "nonsense: true\n");
  expect((await checks(directory)).workflows).toMatchObject({ status: "passed", count: 1 });
  await rm(workflow);
  await symlink(join(dirname(workflow), "other.yaml"), workflow);
  expect((await checks(directory)).workflows).toMatchObject({ cause: "nothing-to-check" });
  const moved = await stackWithWorkflow();
  const spec = join(moved.directory, "prod-stack.yaml");
  await writeFile(spec, (await readFile(spec, "utf8")).replace("stacks/shop", "elsewhere"));
  expect((await checks(moved.directory)).workflows).toMatchObject({ cause: "nothing-to-check" });
});
