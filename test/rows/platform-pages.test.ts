// Owns: the proofs of the rows that are pages: this stack's own names in commands, policies and sums.
// Promises: one test a row; the YAML on a page is YAML, and every environment is on it.
// Must not: judge prose.

import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { demandOf } from "../../src/stack/derive-quota.js";
import { formatBytes, formatCpu } from "../../src/stack/quantity.js";
import { type Built, build } from "./built-shop.js";

let shop: Built;

beforeAll(async () => {
  shop = await build("shop");
});

const page = (name: string) => shop.file(`docs/platform/${name}.md`);
const environments = () => shop.stack.stack.environments;

function yamlOf(name: string): Record<string, unknown> {
  const [, text = ""] = /```yaml\n([\s\S]*?)```/.exec(page(name)) ?? [];
  return parse(text) as Record<string, unknown>;
}

test("[SEC-09] a page shows how etcd is encrypted, and how to see it with a secret of each environment", () => {
  const { kind, resources } = yamlOf("encryption-at-rest") as { kind: string; resources: object[] };
  expect(kind).toBe("EncryptionConfiguration");
  const [{ providers }] = resources as [{ providers: object[] }];
  expect(providers.map((provider) => Object.keys(provider)[0])).toEqual(["kms", "identity"]);
  for (const { namespace, secrets } of environments())
    expect(page("encryption-at-rest")).toContain(`/registry/secrets/${namespace}/${secrets[0]?.name} `);
});

test("[SEC-15] a page gives roles to groups, and lets nobody sync production by a button", () => {
  for (const { id: name, tier, namespace } of environments()) {
    const sync = tier === "production" ? "deny" : "allow";
    expect(page("access")).toContain(`applications, sync, shop/shop-${name}, ${sync}`);
    expect(page("access")).toContain(`get secrets -n ${namespace} `);
  }
  expect(page("access")).toContain("g, shop-team, role:shop-prod");
});

test("[SEC-16] a page has an audit policy that never records the content of a secret, kept for 90 days", () => {
  const { kind, rules } = yamlOf("audit") as {
    kind: string;
    rules: { level: string; namespaces?: string[]; resources?: { group: string; resources?: string[] }[] }[];
  };
  expect(kind).toBe("Policy");
  // The first rule that matches decides.
  const first = rules.findIndex(({ resources = [] }) =>
    resources.some((one) => one.resources?.includes("secrets")),
  );
  const content = rules.findIndex(
    ({ level, resources }) => level.startsWith("Request") && resources === undefined,
  );
  expect(rules[first]?.level).toBe("Metadata");
  expect(first).toBeLessThan(content);
  expect(rules[content]?.namespaces).toEqual(environments().map(({ namespace }) => namespace));
  expect(page("audit")).toContain("**90 days**");
});

test("[SEC-17] a page names every place where a person's data may be", () => {
  const { datastores, externals } = shop.stack.stack.base;
  for (const { name } of [...datastores, ...externals])
    expect(page("privacy")).toMatch(new RegExp(`^\\| \`${name}\` \\|`, "m"));
  for (const { name, role } of datastores)
    expect(page("privacy").includes(`1. \`${name}\` (`)).toBe(role === "store");
});

test("[RES-14] a page sums what each environment asks of its cluster", () => {
  for (const environment of environments()) {
    const { requestsCpu, requestsMemory, pods } = demandOf(environment);
    const row = page("capacity")
      .split("\n")
      .find((line) => line.startsWith(`| ${environment.label} |`));
    expect(row).toContain(`| ${formatCpu(requestsCpu)} | ${formatBytes(requestsMemory)} | ${pods} |`);
  }
});
