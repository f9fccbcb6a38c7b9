// Owns: what prodStack:repo:validate does.
// Promises: real kustomize and kubeconform, where the machine has them; what is missing is said.
// Must not: start a backend.

import { rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createValidateAction } from "backstage-plugin-scaffolder-backend-module-prod-stack";
import { ensureTool } from "../../test/tools/ensure-tool.js";
import { HELLO } from "./hello.js";
import { newWorkspace, runAction } from "./run-action.js";
import { byCommand } from "./tree.js";

describe("prodStack:repo:validate", () => {
  const validate = createValidateAction();
  const path = process.env.PATH ?? "";
  let repository: string;
  beforeAll(async () => {
    const tools = await Promise.all([ensureTool("kustomize"), ensureTool("kubeconform")]);
    process.env.PATH = [...tools.map((tool) => dirname(tool)), path].join(delimiter);
    repository = byCommand(HELLO);
  }, 900_000);
  afterAll(() => {
    process.env.PATH = path;
  });

  test("passes what the command has generated, and says what it checked", async () => {
    const { error, output, log } = await runAction(validate, repository, {});
    expect(error).toBeUndefined();
    expect(output.passed).toBe(true);
    expect(output.report).toMatch(/^\*\*passed\*\* against Kubernetes 1\.\d+: \d+ checks passed, 0 failed/);
    expect(log).toContain("dev schemas: passed");
  });

  test("fails what does not build, or says so without failing the task", async () => {
    const broken = byCommand(HELLO);
    rmSync(join(broken, "base/hello"), { recursive: true });
    const { error, output } = await runAction(validate, broken, {});
    expect(error?.name).toBe("InputError");
    expect(error?.message).toContain("dev");
    expect(output.passed).toBe(false);
    expect((await runAction(validate, broken, { failOnError: false })).error).toBeUndefined();
  });

  test("a directory outside of the workspace is none to check", async () => {
    const { error } = await runAction(validate, newWorkspace().path, { targetPath: dirname(repository) });
    expect(error?.name).toBe("NotAllowedError");
  });

  test("says that kustomize is missing, where it is", async () => {
    const tools = process.env.PATH;
    try {
      process.env.PATH = "/nonexistent";
      const { error } = await runAction(validate, repository, {});
      expect(error?.name).toBe("InputError");
      expect(error?.message).toMatch(/kustomize/);
    } finally {
      process.env.PATH = tools;
    }
  });
});
