/** Holds that a repository as generated passes with real tools, and that each way to break it is found by the check for it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ValidateOptions, validateRepository } from "../../src/validate/validate-repository.js";
import type { CheckName, Finding, ValidationReport } from "../../src/validate/validation-report.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { type Repository, Workshop } from "./generated-repository.js";
import { breaks, OVERLAY, patchOf } from "./repository-breaks.js";

let workshop: Workshop;
/** kustomize and kubeconform; kustomize alone. */
let fullPath: string;
let barePath: string;

beforeAll(async () => {
  const [kustomize, kubeconform, actionlint] = await Promise.all([
    ensureTool("kustomize"),
    ensureTool("kubeconform"),
    ensureTool("actionlint"),
  ]);
  workshop = await Workshop.open();
  fullPath = await workshop.searchPath({ kustomize, kubeconform, actionlint });
  barePath = await workshop.searchPath({ kustomize });
});
afterAll(() => workshop?.close());

const validate = ({ directory }: Repository, more: Partial<ValidateOptions> = {}) =>
  validateRepository({ directory, searchPath: barePath, ...more });

function found(report: ValidationReport, severity?: Finding["severity"]): string[] {
  const rules = report.rows.flatMap(({ checks }) =>
    checks.flatMap(({ check, findings }) =>
      findings
        .filter((finding) => severity === undefined || finding.severity === severity)
        .map(({ rule }) => `${check}: ${rule}`),
    ),
  );
  return [...new Set(rules)].sort();
}

function statusesOf(report: ValidationReport, environment: string): Partial<Record<CheckName, string>> {
  const row = report.rows.find((candidate) => candidate.environment === environment);
  return Object.fromEntries((row?.checks ?? []).map(({ check, status, cause }) => [check, cause ?? status]));
}

describe("a repository as generated", () => {
  it("passes whole, with kustomize, kubeconform and actionlint", async () => {
    const progress: string[] = [];
    const totals = new Set<number>();
    const report = await validate(await workshop.copy(), {
      searchPath: fullPath,
      onProgress: ({ environment, check, total }) => {
        progress.push(`${environment} ${check}`);
        totals.add(total);
      },
    });
    expect(found(report)).toEqual([]);
    expect(report).toMatchObject({ status: "passed", kubernetes: "1.35" });
    expect(report.rows.map(({ environment }) => environment)).toEqual(
      expect.arrayContaining(["repository", "dev", "prod", "bootstrap/prod"]),
    );
    expect(statusesOf(report, "prod")).toMatchObject({
      build: "passed",
      schemas: "passed",
      references: "passed",
      "alert-rules": "no-tool",
    });
    expect(statusesOf(report, "repository")).toMatchObject({
      files: "passed",
      yaml: "passed",
      scripts: "no-tool",
      workflows: "passed",
      prometheus: "nothing-to-check",
      alertmanager: "nothing-to-check",
    });
    expect(new Set(progress).size).toBe(report.rows.flatMap(({ checks }) => checks).length);
    expect([...totals]).toEqual([progress.length]);
    const tools = report.rows.flatMap(({ checks }) => checks.map(({ tool }) => tool?.name));
    expect(new Set(tools)).toEqual(new Set(["kustomize", "kubeconform", "actionlint", undefined]));
  });

  it.each(["1.35", "1.36", "1.37"])(
    "passes with the embedded checker for Kubernetes %s",
    async (kubernetes) => {
      const report = await validate(await workshop.copy(), { kubernetes });
      expect(found(report)).toEqual([]);
      expect(report).toMatchObject({ status: "passed", kubernetes });
      expect(report.rows[1]?.checks[1]?.tool).toEqual({ name: "embedded checker", path: undefined });
    },
  );

  it("takes the version of the spec, and only the environments asked for", async () => {
    const repository = await workshop.copy();
    await repository.replace("prod-stack.yaml", "name: shop", "name: shop\nkubernetes: 1.36");
    const report = await validate(repository, { environments: ["prod"] });
    expect(report.kubernetes).toBe("1.36");
    expect(report.rows.map(({ environment }) => environment)).toEqual(["repository", "prod"]);
  });

  it("is not changed by it", async () => {
    const repository = await workshop.copy();
    const before = await repository.read("overlays/prod/kustomization.yaml");
    await validate(repository, { environments: ["prod"] });
    expect(await repository.read("overlays/prod/kustomization.yaml")).toBe(before);
  });
});

describe("a repository that is broken", () => {
  it.each(breaks)("by $title", async ({ errors, change }) => {
    const repository = await workshop.copy();
    await change(repository);
    const report = await validate(repository, { environments: ["prod"] });
    expect(found(report, "error")).toEqual([...errors].sort());
    expect(report.status).toBe("failed");
    expect(JSON.stringify(report)).not.toContain(`${workshop.root}/copy`);
  });

  it("says which checks it could not make after a failed build", async () => {
    const repository = await workshop.copy();
    await repository.remove("base/api/service.yaml");
    expect(statusesOf(await validate(repository, { environments: ["prod"] }), "prod")).toEqual({
      build: "failed",
      schemas: "blocked",
      references: "blocked",
      "alert-rules": "blocked",
    });
  });

  it("passes with warnings: what kustomize deprecates, what nothing applies", async () => {
    const repository = await workshop.copy();
    await repository.replace(OVERLAY, "resources:", "commonLabels: {}\nresources:");
    await repository.write("base/api/forgotten.yaml", patchOf("ConfigMap", "a", "", "v1"));
    const report = await validate(repository);
    expect(found(report)).toEqual(["build: build-warning", "files: unused-manifest"]);
    expect(report.status).toBe("passed");
  });

  it("has a mistake in its workflow", async () => {
    const repository = await workshop.copy();
    await repository.write(
      ".github/workflows/x.yaml",
      `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{run: "echo \${{ github.sah }}"}]\n`,
    );
    const report = await validate(repository, { searchPath: fullPath, environments: ["dev"] });
    expect(report.rows[0]?.checks.at(-1)).toMatchObject({
      check: "workflows",
      status: "failed",
      findings: [{ file: ".github/workflows/x.yaml:5" }],
    });
  });

  it("lacks an environment that the spec declares", async () => {
    const repository = await workshop.copy();
    await repository.remove("overlays/dev");
    const report = await validate(repository);
    expect(statusesOf(report, "dev")).toMatchObject({ build: "failed" });
    expect(report.status).toBe("failed");
  });

  it("has no overlay at all", async () => {
    const repository = await workshop.copy();
    await repository.remove("overlays");
    await repository.remove("prod-stack.yaml");
    const report = await validate(repository);
    expect(report.status).toBe("failed");
    expect(found(report, "error")).toContain("build: no-overlays");
  });

  it("holds a kustomization that stands alone, which is built as well", async () => {
    const repository = await workshop.copy();
    await repository.write("platform/extra/kustomization.yaml", "resources: [a.yaml]\n");
    await repository.write("platform/extra/a.yaml", patchOf("ConfigMap", "a", "dat: {}\n", "v1"));
    const report = await validate(repository);
    expect(statusesOf(report, "platform/extra")).toMatchObject({ build: "passed", schemas: "failed" });
  });
});

describe("kubeconform and the embedded checker", () => {
  const objects = (report: ValidationReport) =>
    [
      ...new Set(
        report.rows.flatMap(({ checks }) =>
          checks
            .filter(({ check }) => check === "schemas")
            .flatMap(({ findings }) => findings.map(({ object, rule }) => `${rule} ${object}`)),
        ),
      ),
    ].sort();

  it.each(breaks.filter(({ errors }) => errors.some((error) => error.startsWith("schemas"))))(
    "agree on $title",
    async ({ change }) => {
      const repository = await workshop.copy();
      await change(repository);
      const [embedded, external] = await Promise.all([
        validate(repository, { environments: ["prod"] }),
        validate(repository, { environments: ["prod"], searchPath: fullPath }),
      ]);
      expect(objects(external)).toEqual(objects(embedded));
      expect(objects(embedded)).toHaveLength(1);
    },
  );
});

describe("what cannot be validated", () => {
  it("has no builder", async () => {
    const { directory } = await workshop.copy();
    const searchPath = await workshop.searchPath({});
    await expect(validateRepository({ directory, searchPath })).rejects.toMatchObject({
      name: "StackError",
      kind: "input",
      code: "NO_KUSTOMIZE",
      hint: expect.stringContaining("https://"),
    });
  });

  it("has no such environment", async () => {
    await expect(validate(await workshop.copy(), { environments: ["produ"] })).rejects.toMatchObject({
      code: "NO_ENVIRONMENT",
      hint: expect.stringContaining("dev, prod"),
    });
  });

  it("has no such version", async () => {
    await expect(validate(await workshop.copy(), { kubernetes: "1.20" })).rejects.toMatchObject({
      code: "KUBERNETES_VERSION",
      hint: expect.stringContaining("1.35"),
    });
  });

  it("is no directory", async () => {
    await expect(
      validateRepository({ directory: "/nonexistent/stack", searchPath: barePath }),
    ).rejects.toMatchObject({ kind: "input", code: "NO_DIRECTORY" });
  });

  it("was cancelled before", async () => {
    await expect(validate(await workshop.copy(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: "cancelled",
    });
  });
});
