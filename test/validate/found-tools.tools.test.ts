/** Holds that promtool, shellcheck and kubectl are used where they are found. Debian's packages of them are enough. */
import { delimiter } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findTools, type ToolName } from "../../src/validate/find-tools.js";
import { validateRepository } from "../../src/validate/validate-repository.js";
import type { CheckName, ValidationReport } from "../../src/validate/validation-report.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { type Repository, Workshop } from "./generated-repository.js";

let workshop: Workshop;
let searchPath: string;

async function onThisMachine(...names: ToolName[]): Promise<Record<string, string>> {
  const tools = await findTools(process.env.PATH ?? "");
  const missing = names.filter((name) => tools[name] === undefined);
  if (missing.length > 0)
    throw new Error(`install ${missing.join(", ")}: apt-get install prometheus shellcheck`);
  return Object.fromEntries(names.map((name) => [name, tools[name] ?? ""]));
}

beforeAll(async () => {
  workshop = await Workshop.open();
  const found = await onThisMachine("promtool", "shellcheck");
  searchPath = await workshop.searchPath({ kustomize: await ensureTool("kustomize"), ...found });
});
afterAll(() => workshop?.close());

const validate = ({ directory }: Repository) =>
  validateRepository({ directory, searchPath, environments: ["prod"] });
const checkOf = ({ rows }: ValidationReport, name: CheckName) =>
  rows.flatMap(({ checks }) => checks).find(({ check }) => check === name);

describe("promtool", () => {
  it("passes the generated rules", async () => {
    expect(checkOf(await validate(await workshop.copy()), "alert-rules")).toMatchObject({
      status: "passed",
      findings: [],
      tool: { name: "promtool" },
    });
  });

  it.each([
    ["an expression", "expr: sum(rate(x[5m]) by (", "could not parse expression"],
    ["a function", "expr: ratee(x[5m])", "unknown function"],
    ["a template", "expr: up\n            annotations: {summary: '{{ $value | nope }}'}", "nope"],
    ["a duration", "expr: up\n            for: soon", "soon"],
  ])("finds a broken %s in an object", async (_, rule, message) => {
    const repository = await workshop.copy();
    await repository.addObject(
      "prod",
      `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: broken\nspec:\n  groups:\n    - name: g\n      rules:\n          - alert: A\n            ${rule}\n`,
    );
    const check = checkOf(await validate(repository), "alert-rules");
    expect(check?.status).toBe("failed");
    expect(check?.findings[0]).toMatchObject({ object: "PrometheusRule/broken" });
    expect(check?.findings.map((finding) => finding.message).join()).toContain(message);
    expect(check?.findings.every(({ object }) => object === "PrometheusRule/broken")).toBe(true);
  });

  it("checks plain rule files", async () => {
    const repository = await workshop.copy();
    await repository.write(
      "monitoring/rules/good.yaml",
      "groups: [{name: a, rules: [{record: a, expr: up}]}]\n",
    );
    await repository.write(
      "monitoring/rules/bad.yaml",
      "groups: [{name: a, rules: [{record: a, expr: 'up{'}]}]\n",
    );
    expect(checkOf(await validate(repository), "rule-files")).toMatchObject({
      status: "failed",
      count: 2,
      findings: [{ file: "monitoring/rules/bad.yaml" }],
    });
  });

  it("takes what Prometheus itself does not know", async () => {
    const repository = await workshop.copy();
    await repository.addObject(
      "prod",
      "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: thanos\nspec:\n  groups:\n    - name: g\n      partial_response_strategy: warn\n      rules: [{record: a, expr: up}]\n",
    );
    expect(checkOf(await validate(repository), "alert-rules")).toMatchObject({ status: "passed" });
  });
});

describe("shellcheck", () => {
  it("passes the generated scripts", async () => {
    expect(checkOf(await validate(await workshop.copy()), "scripts")).toMatchObject({
      status: "passed",
      findings: [],
      tool: { name: "shellcheck" },
    });
  });

  it.each(["scripts/broken.sh", "base/redis/scripts/broken.sh"])("finds a mistake in %s", async (path) => {
    const repository = await workshop.copy();
    await repository.write(path, "#!/bin/sh\nif [ $x == 1 ]\n");
    const check = checkOf(await validate(repository), "scripts");
    expect(check?.status).toBe("failed");
    expect(check?.findings[0]?.file).toMatch(new RegExp(`^${path}:\\d+$`));
  });
});

describe("kubectl", () => {
  it("builds where there is no kustomize, the same objects", async () => {
    const { directory } = await workshop.copy();
    const kubectl = await workshop.searchPath(await onThisMachine("kubectl"));
    const report = await validateRepository({ directory, searchPath: kubectl, environments: ["prod"] });
    const same = await validateRepository({
      directory,
      searchPath: [searchPath, kubectl].join(delimiter),
      environments: ["prod"],
    });
    expect(report.status).toBe("passed");
    expect(checkOf(report, "build")).toMatchObject({
      tool: { name: "kubectl" },
      count: checkOf(same, "build")?.count,
    });
    expect(checkOf(same, "build")?.tool?.name).toBe("kustomize");
  });
});
