// Owns: docs/backstage.md: each of its snippets runs as it stands there.
// Promises: the page and what a platform team gets by it are one thing.
// Must not: hold a second copy of a snippet.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { permissionsServiceFactory } from "@backstage/backend-defaults/permissions";
import { createGenerateAction } from "backstage-plugin-scaffolder-backend-module-prod-stack";
import { parse } from "yaml";
import { startScaffolder, template } from "./backend.js";
import { HELLO } from "./hello.js";
import { newWorkspace, runAction } from "./run-action.js";
import { formAnswers } from "./split-answers.js";
import { exampleText, ROOT } from "./tree.js";

const OWN = fileURLToPath(new URL("..", import.meta.url));
const PACKAGE = "backstage-plugin-scaffolder-backend-module-prod-stack";
const guide = readFileSync(join(ROOT, "docs/backstage.md"), "utf8");

/** The snippet under a heading. */
function snippet(heading: string, language: string): string {
  const section = guide.split(/^## /m).find((text) => text.startsWith(heading)) ?? "";
  const found = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "m").exec(section)?.[1];
  if (found === undefined) throw new Error(`docs/backstage.md has no ${language} under ${heading}`);
  return found;
}

let folder: string;
beforeAll(() => {
  // Below the package, so that imports find what is installed.
  folder = mkdtempSync(join(OWN, "node_modules/.guide-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const esbuild: { transformSync(text: string, options: object): { code: string } } = createRequire(
  join(ROOT, "package.json"),
)("esbuild");

/** The text as a module of its own, as Backstage's own build makes one: CommonJS. */
function load(name: string, text: string) {
  const file = join(folder, `${name}.cjs`);
  writeFileSync(file, esbuild.transformSync(text, { format: "cjs" }).code);
  return createRequire(import.meta.url)(file);
}

test("Install: the line adds the module to a backend", async () => {
  const line = snippet("Install", "js").replace(
    `"${PACKAGE}"`,
    JSON.stringify(pathToFileURL(join(OWN, "dist/index.js")).href),
  );
  const { add } = load("install", `export const add = (backend) => { ${line} };`);
  const features: unknown[] = [];
  add({ add: (feature: unknown) => features.push(feature) });
  const loaded = (await features[0]) as { default: { default?: unknown } };
  expect(loaded.default.default ?? loaded.default).toMatchObject({ $$type: "@backstage/BackendFeature" });
});

test("Install: the templates are where the configuration says, and may be in the catalog", () => {
  const { catalog } = parse(snippet("Install", "yaml"));
  const { files } = JSON.parse(readFileSync(join(OWN, "package.json"), "utf8"));
  expect(files).toContain("templates");
  for (const { target } of catalog.locations) {
    const path = join(OWN, target.replace(`../../node_modules/${PACKAGE}/`, ""));
    expect(existsSync(path), target).toBe(true);
    expect(catalog.rules[0].allow).toContain(parse(readFileSync(path, "utf8")).kind);
  }
});

describe("Lock answers", () => {
  let scaffolder: Awaited<ReturnType<typeof startScaffolder>>;
  beforeAll(async () => {
    scaffolder = await startScaffolder();
  });
  afterAll(() => scaffolder.stop());

  test("the step makes stacks of the house", async () => {
    const entity = template("create");
    entity.spec.steps[0] = parse(snippet("Lock answers", "yaml"))[0];
    entity.spec.parameters = entity.spec.parameters.filter(
      ({ title }: { title: string }) => title !== "Environments",
    );
    const { environments: _asked, spec: _spec, ...values } = formAnswers(exampleText("rate-limiter")).values;
    const services = [{ name: "api", type: "worker", runtime: "go", image: "ghcr.io/example-org/api" }];
    const { status, files, body } = await scaffolder.dryRun(entity, { ...values, services });
    expect(status, body.slice(0, 1000)).toBe(200);
    expect(files["platform.yaml"]).toContain("traefik");
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(["overlays/test/kustomization.yaml", "overlays/live/kustomization.yaml"]),
    );
  });

  test("what is fixed cannot be said otherwise", async () => {
    const { environments } = parse(snippet("Lock answers", "yaml"))[0].input.answers;
    const spec = "environments: { live: { domain: evil.example.com } }\n";
    const { error } = await runAction(createGenerateAction(), newWorkspace().path, {
      answers: { name: "a", environments },
      spec,
    });
    expect(error?.message).toContain('"environments.live.domain" is answered twice');
  });
});

describe("Permissions", () => {
  let scaffolder: Awaited<ReturnType<typeof startScaffolder>>;
  beforeAll(async () => {
    const { default: policy } = load("policy", snippet("Permissions", "js"));
    scaffolder = await startScaffolder(
      [import("@backstage/plugin-permission-backend"), policy, permissionsServiceFactory],
      { permission: { enabled: true } },
    );
  });
  afterAll(() => scaffolder.stop());

  const only = (action: string, input: object) => {
    const entity = template("create");
    entity.spec = {
      ...entity.spec,
      parameters: [],
      output: {},
      steps: [{ id: "one", name: "One", action, input }],
    };
    return entity;
  };

  test("everybody generates, and who is not of the platform team does not upgrade", async () => {
    const generated = await scaffolder.dryRun(only("prodStack:repo:generate", { spec: HELLO }), {});
    expect(generated.status, generated.body.slice(0, 1000)).toBe(200);
    expect(generated.files["prod-stack.yaml"]).toBeDefined();
    const upgraded = await scaffolder.dryRun(only("prodStack:repo:upgrade", {}), {});
    expect(`${upgraded.log}${upgraded.body}`).toMatch(/Unauthorized action: prodStack:repo:upgrade/);
  });
});

test("The catalog: platform.yaml leads every stack to Argo CD and Grafana", async () => {
  const workspace = newWorkspace();
  const { error } = await runAction(createGenerateAction(), workspace.path, {
    spec: HELLO,
    platform: snippet("The catalog", "yaml"),
  });
  expect(error).toBeUndefined();
  const info = readFileSync(join(workspace.path, "catalog-info.yaml"), "utf8");
  expect(info).toContain("https://argocd.example.com/applications/argocd/hello-dev");
  expect(info).toContain("https://grafana.example.com/dashboards?tag=hello");
});
