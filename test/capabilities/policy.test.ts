// Owns: exceptions and policies as a built overlay carries them.
// Promises: every exception reaches exactly whom it is for, in the words of the tool that reads it.
// Must not: evaluate CEL; a real API server does, in test/apiserver.

import { beforeAll, describe, expect, test } from "vitest";
import { annotatedComponents, SCORE_REASONS } from "../../src/stack/derive-exceptions.js";
import { findExpiredExceptions } from "../../src/validate/check-exceptions.js";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  ofKind,
  overlayOf,
  renderText,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { stackProblems } from "../spec/problems-of.js";

let built: BuiltStack;

beforeAll(async () => {
  built = (await buildStacks({ scaled: SAMPLE_STACKS.scaled ?? "" })).get("scaled") as BuiltStack;
});

function annotations(environment: string, name: string): Record<string, string> {
  const found = ofKind(overlayOf(built, environment), "Deployment", "StatefulSet").find(
    ({ metadata }) => metadata.name === name,
  );
  return Object.fromEntries(
    Object.entries<string>(found.metadata.annotations ?? {}).filter(([key]) => /checkov|kube-/.test(key)),
  );
}

/** Those that the stack's own `exceptions` bring, without what the generator decided. */
function given(environment: string, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations(environment, name)).flatMap(([key, text]) => {
      if (key === "kube-score/ignore") return [[key, text.split(",")[0] ?? ""]];
      return /until/.test(text) && key !== SCORE_REASONS ? [[key, text]] : [];
    }),
  );
}

describe("[SEC-13] an exception", () => {
  test("stands where its tool looks for it, on whom it is for and on nobody else", () => {
    const score = { "kube-score/ignore": "container-image-tag" };
    const linter = {
      "ignore-check.kube-linter.io/no-read-only-root-fs": "the vendor writes (platform, until 2027-03-01)",
    };
    expect(given("prod", "api")).toEqual(score);
    expect(given("prod", "jobs")).toEqual({
      ...score,
      "checkov.io/skip1": "CKV_K8S_43=no digest: released by tag (platform, until 2027-03-01)",
    });
    expect(given("prod", "queue")).toEqual({ ...score, ...linter });
    expect(given("load", "jobs")).toEqual(score);
  });

  test("of the generator stands where it is true, with its reason, until the user says something else", () => {
    const stack = (exceptions: string) => `apiVersion: prod-stack/v1
name: decided
source: { url: https://github.com/example-org/decided }
services:
  api: { type: web-api, runtime: go, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, uses: { redis: {} } }
  plain: { type: web-api, runtime: go, image: ghcr.io/example-org/plain:1.0.0, ports: { http: 8080 } }
datastores: { redis: { engine: redis, role: store } }
${exceptions}
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com, backup: { store: { s3: { bucket: backups } } } }
`;
    const told = (exceptions: string, environment: string) => {
      const { environments } = renderText(stack(exceptions)).stack;
      const view = environments.find(({ name }) => name === environment) as (typeof environments)[number];
      const of = new Map<string, Record<string, string>>();
      for (const { components, annotations: own } of annotatedComponents(view))
        for (const name of components) of.set(name, own);
      return (name: string) => Object.values(of.get(name) ?? {}).join("\n");
    };
    const prod = told("", "prod");
    expect(prod("api")).toContain("CKV_K8S_35=the program reads it from its environment");
    expect(prod("plain")).toBe("");
    expect(prod("redis")).toContain("CKV_K8S_40=its files belong to the ids of the image: 999 and 1000");
    expect(prod("redis-backup")).toContain("CKV_K8S_40=");
    const dev = told("", "dev");
    expect(dev("plain")).toContain("pod-networkpolicy: network.policies is off here, as");
    expect(dev("plain")).toContain("deployment-replicas: ");
    const own = told(
      "exceptions: { CKV_K8S_40: { reason: 'a = b', owner: ops, expires: 2099-01-01, on: [redis] } }",
      "prod",
    );
    for (const name of ["redis", "redis-backup"]) {
      expect(own(name)).toContain("CKV_K8S_40=a : b (ops, until 2099-01-01)");
      expect(own(name).match(/CKV_K8S_40/g)).toHaveLength(1);
    }
  });

  test("of Trivy stands in its list, with the day by which Trivy ends it", () => {
    const list = built.tree.find(({ path }) => path === ".trivyignore.yaml");
    expect(String(list?.contents)).toMatch(
      /- id: KSV-0014\n {4}statement: "the vendor writes"\n(.*\n)? {4}expired_at: 2027-03-01/,
    );
  });

  test("is on the page for people", () => {
    const page = String(built.tree.find(({ path }) => path === "docs/exceptions.md")?.contents);
    for (const id of ["CKV_K8S_43", "KSV-0014", "container-image-tag", "no-read-only-root-fs"])
      expect(page).toContain(`\`${id}\``);
    expect(page).toContain("2027-03-01");
  });

  test("that is over is an error, and one that is nearly over a warning; without a day nothing is", () => {
    const text =
      "exceptions: { A: { expires: 2027-03-01, owner: x } }\nenvironments: { prod: { exceptions: { B: { expires: 2027-03-09 } } } }";
    const files = [{ path: "prod-stack.yaml", text }] as unknown as Parameters<
      typeof findExpiredExceptions
    >[0];
    const found = (today?: string) =>
      findExpiredExceptions(files, today).map(({ severity, path }) => `${severity} ${path}`);
    expect(found("2027-03-02")).toEqual(["error exceptions.A", "warning environments.prod.exceptions.B"]);
    expect(found("2027-03-01")).toEqual(["warning exceptions.A", "warning environments.prod.exceptions.B"]);
    expect(found("2027-01-01")).toEqual([]);
    expect(found()).toEqual([]);
  });
});

describe("an exception is refused", () => {
  const problems = (exceptions: string) =>
    stackProblems(`apiVersion: prod-stack/v1
name: a
source: { url: "https://github.com/example-org/a" }
services: { api: { type: web-api, image: example/a, ports: { http: 80 } } }
exceptions: { ${exceptions} }
environments: { prod: { tier: production, domain: example.com } }
`).map(({ message }) => message);
  const whole = "reason: r, owner: o, expires: 2027-03-01";

  test.each([
    ["without a day", "CKV_K8S_1: { reason: r, owner: o }", /no expires/],
    ["without a tool", `some-check: { ${whole} }`, /whose check some-check is/],
    ["of no rule", `some-check: { ${whole}, tool: admission }`, /no rule some-check/],
    ["for nobody", `CKV_K8S_1: { ${whole}, on: [apj] }`, /for apj, which is not there/],
    ["with a day that is none", "CKV_K8S_1: { reason: r, owner: o, expires: 2027-02-30 }", /is no day/],
  ])("%s", (_title, exceptions, message) => {
    expect(problems(exceptions)).toEqual([expect.stringMatching(message)]);
    expect(problems(`CKV_K8S_1: { ${whole}, on: [api] }`)).toEqual([]);
  });
});

describe("[SEC-13] policies", () => {
  const of = (environment: string): readonly KubernetesObject[] =>
    built.objects.get(`bootstrap/${environment}`) ?? [];

  test("are the API server's own, and bound to the stack's namespace alone", () => {
    expect(ofKind(of("prod"), "ValidatingAdmissionPolicy")).toHaveLength(2);
    for (const { spec } of ofKind(of("prod"), "ValidatingAdmissionPolicyBinding")) {
      expect(spec.validationActions).toEqual(["Deny", "Audit"]);
      expect(spec.matchResources.namespaceSelector.matchLabels).toEqual({
        "kubernetes.io/metadata.name": "scaled-prod",
      });
    }
  });

  test("take an operator's label from its own service accounts alone, and from those that an answer adds", async () => {
    const text = (SAMPLE_STACKS.scaled ?? "").replace(
      "nodes: { spot: gke }",
      "nodes: { spot: gke }\npolicy: { operatorNamespaces: [databases] }",
    );
    const [stack] = (await buildStacks({ stack: text })).values();
    const conditions = (objects: readonly KubernetesObject[] = []) =>
      objects
        .filter(
          ({ kind, metadata }) =>
            /^Validating(Admission)?Policy$/.test(kind) && metadata.name.endsWith("-pods"),
        )
        .flatMap(({ spec }) =>
          spec.matchConditions.map(({ expression }: { expression: string }) => expression),
        );
    for (const environment of ["prod", "load"]) {
      const own = conditions(of(environment));
      expect(own).toHaveLength(5);
      for (const expression of own) expect(expression).toContain("request.userInfo.groups.exists");
      const cnpg = own.find((expression) => expression.includes("cnpg.io/cluster")) ?? "";
      expect(cnpg).toContain("['system:serviceaccounts:kube-system', 'system:serviceaccounts:cnpg-system']");
      for (const expression of conditions(stack?.objects.get(`bootstrap/${environment}`)))
        expect(expression).toContain("'system:serviceaccounts:databases'");
    }
    const matched = ofKind(of("prod"), "ValidatingAdmissionPolicy")[0].spec.matchConstraints.resourceRules;
    expect(matched.flatMap(({ resources }: { resources: string[] }) => resources)).toContain("replicasets");
  });

  test("are Kyverno's where an environment says so, with the same expressions", () => {
    expect(ofKind(of("load"), "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")).toEqual([]);
    const [pods] = ofKind(of("load"), "ValidatingPolicy");
    expect(pods.spec.validationActions).toEqual(["Warn", "Audit"]);
    const expressions = ({ spec }: KubernetesObject) =>
      spec.validations.map((rule: KubernetesObject) => rule.expression);
    const [native] = ofKind(of("prod"), "ValidatingAdmissionPolicy");
    expect(expressions(pods).slice(1)).toEqual(expressions(native).slice(1));
    expect(expressions(pods)[0]).toContain("@sha256:[a-f0-9]{64}");
  });
});
