// Owns: docs/backstage.md: each of its snippets runs as it stands there.
// Promises: the page and what a platform team gets by it are one thing.
// Must not: hold a second copy of a snippet.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createBackend } from "@backstage/backend-defaults";
import { mockServices } from "@backstage/backend-test-utils";
import { createGenerateAction } from "backstage-plugin-scaffolder-backend-module-prod-stack";
import { parse } from "yaml";
import { startScaffolder, template } from "./backend.js";
import { freePort } from "./free-port.js";
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
  let backend: ReturnType<typeof createBackend>;
  let base: string;
  beforeAll(async () => {
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const data = {
      app: { baseUrl: base },
      backend: {
        baseUrl: base,
        listen: { port, host: "127.0.0.1" },
        database: { client: "better-sqlite3", connection: ":memory:" },
      },
      auth: { providers: { guest: { dangerouslyAllowOutsideDevelopment: true } } },
      permission: { enabled: true },
    };
    backend = createBackend();
    backend.add(mockServices.rootConfig.factory({ data }));
    backend.add(mockServices.rootLogger.factory({ level: "none" }));
    backend.add(import("@backstage/plugin-auth-backend"));
    backend.add(import("@backstage/plugin-auth-backend-module-guest-provider"));
    backend.add(import("@backstage/plugin-catalog-backend"));
    backend.add(import("@backstage/plugin-permission-backend"));
    backend.add(import("@backstage/plugin-scaffolder-backend"));
    backend.add(import("backstage-plugin-scaffolder-backend-module-prod-stack"));
    backend.add(load("policy", snippet("Permissions", "js")).default);
    await backend.start();
  });
  afterAll(() => backend.stop());

  async function dryRun(action: string, input: object): Promise<string> {
    const { backstageIdentity } = await (await fetch(`${base}/api/auth/guest/refresh`)).json();
    const entity = template("create");
    entity.spec = {
      ...entity.spec,
      parameters: [],
      output: {},
      steps: [{ id: "one", name: "One", action, input }],
    };
    const response = await fetch(`${base}/api/scaffolder/v2/dry-run`, {
      method: "POST",
      headers: { authorization: `Bearer ${backstageIdentity.token}`, "content-type": "application/json" },
      body: JSON.stringify({ template: entity, values: {}, secrets: {}, directoryContents: [] }),
    });
    return response.text();
  }

  test("everybody generates, and who is not of the platform team does not upgrade", async () => {
    expect(await dryRun("prodStack:repo:generate", { spec: HELLO })).toContain('"path":"prod-stack.yaml"');
    expect(await dryRun("prodStack:repo:upgrade", {})).toContain(
      "Unauthorized action: prodStack:repo:upgrade",
    );
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
