// Owns: docs/projen.md, followed: its code runs on a stack of the shape that its command makes.
// Promises: a snippet that has gone stale is red.
// Must not: repeat what test/acceptance proves.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { answerFlags } from "../../src/cli/answer-table.js";
import { CREATE } from "../../src/cli/command-table.js";
import { describeField } from "../../src/index.js";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/projen.md"), "utf8");
const snippet = (language: string) =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";

const SPEC = `apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop-deploy }
services: { api: { type: web-api, runtime: nodejs, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 } } }
environments: { prod: { tier: production, domain: example.com } }
upkeep: { door: projen }
`;

test("the flags of its command are answers of the schema", () => {
  const flags = [...snippet("sh").matchAll(/ --([a-z-]+)/g)].map(([, flag]) => flag);
  const known = ["services", "services.*.runtime", "environments"].map((path) => describeField(path)?.flag);
  expect(flags).toEqual(["from", ...known]);
});

test("`projen new` takes every simple answer of the schema, as the command's flag", () => {
  const { types } = JSON.parse(readFileSync(join(ROOT, ".jsii"), "utf8"));
  const options: { name: string }[] = types["create-prod-stack.ProdStackOptions"].properties;
  const flags = answerFlags(CREATE.answers).map(({ name }) =>
    name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
  // projen's own options have the name.
  expect(["name", ...options.map(({ name }) => name)].sort()).toEqual(flags.sort());
});

test("its code does what it says", () => {
  const folder = mkdtempSync(join(tmpdir(), "projen-guide-"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "create-prod-stack"), { recursive: true });
  for (const part of ["lib", "package.json"])
    cpSync(join(ROOT, part), join(modules, "create-prod-stack", part), { recursive: true });
  for (const name of ["projen", "constructs"])
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  writeFileSync(join(folder, "prod-stack.yaml"), SPEC);
  writeFileSync(join(folder, ".projenrc.mjs"), snippet("js"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [".projenrc.mjs"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(status, stdout + stderr).toBe(0);
  const { metadata, spec } = parse(readFileSync(join(folder, "base/api/deployment.yaml"), "utf8"));
  expect(metadata.annotations["example.com/contact"]).toBe("shop-team");
  expect([spec.revisionHistoryLimit, spec.progressDeadlineSeconds]).toEqual([3, undefined]);
  expect(readFileSync(join(folder, "docs/team.md"), "utf8")).toBe("# Team\n");
  expect(readFileSync(join(folder, "base/kustomization.yaml"), "utf8")).not.toContain("operator-role");
  expect(JSON.parse(readFileSync(join(folder, ".projen/tasks.json"), "utf8")).tasks.hello).toBeDefined();
  rmSync(folder, { recursive: true });
});
