/** Holds that promtool, amtool, shellcheck and kubectl are used where they are found. Debian's packages of them are enough. */
import { delimiter } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findTools, type ToolName } from "../../src/validate/find-tools.js";
import { validateRepository } from "../../src/validate/validate-repository.js";
import type { CheckName, ValidationReport } from "../../src/validate/validation-report.js";
import { PLAIN_SHOP } from "../monitoring/stacks.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { type Repository, Workshop } from "./generated-repository.js";

let workshop: Workshop;
let searchPath: string;

async function onThisMachine(...names: ToolName[]): Promise<Record<string, string>> {
  const tools = await findTools(process.env.PATH ?? "");
  const missing = names.filter((name) => tools[name] === undefined);
  if (missing.length > 0)
    throw new Error(
      `install ${missing.join(", ")}: apt-get install prometheus prometheus-alertmanager shellcheck`,
    );
  return Object.fromEntries(names.map((name) => [name, tools[name] ?? ""]));
}

beforeAll(async () => {
  workshop = await Workshop.open();
  const found = await onThisMachine("promtool", "amtool", "shellcheck");
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

/** Debian's promtool has no discovery by Kubernetes, and its amtool no url_file: then the rest is checked, with a warning. */
describe("the plain configuration", () => {
  let plain: Workshop;
  beforeAll(async () => {
    plain = await Workshop.open(PLAIN_SHOP);
  });
  afterAll(() => plain?.close());

  const files = {
    prometheus: "monitoring/prometheus/prometheus.prod.yaml",
    alertmanager: "monitoring/alertmanager/alertmanager.yaml",
  } as const;
  const checkPlain = async (name: keyof typeof files, change?: (repository: Repository) => Promise<void>) => {
    const repository = await plain.copy("stacks/shop");
    await change?.(repository);
    const check = checkOf(await validate(repository), name);
    return { ...check, errors: check?.findings.filter(({ severity }) => severity === "error") ?? [] };
  };

  it.each([
    ["prometheus", "promtool", 2],
    ["alertmanager", "amtool", 1],
  ] as const)("of %s passes in %s", async (name, tool, count) => {
    const check = await checkPlain(name);
    expect(check).toMatchObject({ status: "passed", count, tool: { name: tool }, errors: [] });
    for (const { message } of check.findings ?? [])
      expect(message).toContain(`this ${tool} was built without`);
  });

  it.each([
    ["prometheus", "scrape_timeout: 10s", "scrape_timeout: soon", "not a valid duration"],
    ["prometheus", "evaluation_interval:", "evaluation_intervall:", "field evaluation_intervall not found"],
    ["prometheus", "action: keep", "action: kep", "kep"],
    ["alertmanager", "receiver: default", "receiver: nobody", "nobody"],
    ["alertmanager", "group_wait: 30s", "group_wait: soon", "not a valid duration"],
    [
      "alertmanager",
      'alertname =~ "',
      'alertname =~ "(',
      "bad matcher format|error parsing regexp|missing closing",
    ],
  ] as const)("of %s fails with a mistake: %s → %s", async (name, from, to, message) => {
    const check = await checkPlain(name, (repository) => repository.replace(files[name], from, to));
    expect(check.status).toBe("failed");
    expect(check.errors).toMatchObject([{ file: files[name] }]);
    expect(check.errors[0]?.message).toMatch(new RegExp(message));
    expect(check.errors[0]?.message).not.toMatch(/prod-stack-validate|config\.yaml/);
  });

  it("names a rule file that is not there", async () => {
    const check = await checkPlain("prometheus", (repository) =>
      repository.remove("monitoring/prometheus/rules/prod.yaml"),
    );
    expect(check.errors).toMatchObject([
      {
        rule: "rule-file-missing",
        file: files.prometheus,
        message: expect.stringContaining("rules/prod.yaml"),
      },
    ]);
  });

  it("gives the programs no other file to open", async () => {
    const secret = "/etc/passwd";
    const check = await checkPlain("prometheus", (repository) =>
      repository.replace(files.prometheus, /rule_files:\n/, `rule_files:\n  - ${secret}\n`),
    );
    expect(check).toMatchObject({ status: "passed", errors: [] });
    const templates = await checkPlain("alertmanager", (repository) =>
      repository.replace(files.alertmanager, /^route:/m, `templates: [${secret}]\nroute:`),
    );
    expect(templates).toMatchObject({ status: "passed", errors: [] });
  });

  it("is not what the operator's flavour has, and without its program that is said", async () => {
    const report = await validate(await workshop.copy());
    for (const name of ["prometheus", "alertmanager"] as const)
      expect(checkOf(report, name)).toMatchObject({
        cause: "nothing-to-check",
        reason: expect.stringContaining("operator"),
      });
    const { directory } = await plain.copy("stacks/shop");
    const bare = await workshop.searchPath({ kustomize: await ensureTool("kustomize") });
    const without = await validateRepository({ directory, searchPath: bare, environments: ["prod"] });
    for (const name of ["prometheus", "alertmanager"] as const)
      expect(checkOf(without, name)).toMatchObject({ cause: "no-tool" });
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
