// Owns: what a portal's catalog is told of a stack.
// Promises: relations lead to what is there; names are valid and unique among stacks, whatever the names of the spec are.
// Must not: check the format of entities; backstage/test does, with Backstage's own validators.

import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { renderStack } from "../../src/index.js";

interface Entity {
  kind: string;
  metadata: {
    name: string;
    title?: string;
    description?: string;
    links?: { title: string; url: string }[];
    annotations?: object;
  };
  spec: {
    lifecycle?: string;
    type?: string;
    definition?: string;
    dependsOn?: string[];
    dependencyOf?: string[];
    providesApis?: string[];
    consumesApis?: string[];
  };
}

const SPEC = `apiVersion: prod-stack/v1
name: shop
source: { url: "git@github.com:example-org/shop-deploy.git" }
services:
  api: { type: web-api, runtime: go, image: ghcr.io/example-org/api, ports: { http: 8080 }, uses: { data: {}, fx: {} }, expose: { host: api } }
  shop: { type: web-frontend, runtime: nginx, image: ghcr.io/example-org/web, ports: { http: 8080 }, uses: { api: {} } }
  sweep: { type: scheduled-job, runtime: go, image: ghcr.io/example-org/sweep, schedules: { daily: { cron: "0 2 * * *" } }, uses: { shop: {} } }
datastores: { data: { engine: postgresql } }
externals: { fx: { host: api.exchange.example } }
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com }
`;

function fileOf(spec: string, path: string): string | undefined {
  return renderStack({ spec: { text: spec } }).tree.find((file) => file.path === path)?.contents;
}

function entitiesOf(spec: string): Entity[] {
  return parseAllDocuments(fileOf(spec, "catalog-info.yaml") ?? "").map((document) => document.toJS());
}

const find = (entities: Entity[], kind: string, title: string) =>
  entities.find((entity) => entity.kind === kind && entity.metadata.title === title);

describe("entities", () => {
  const entities = entitiesOf(SPEC);

  test("are one System, a Component for each service, and Resources for what they use", () => {
    expect(entities.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      "System shop",
      "Component shop-api",
      "Component shop",
      "Component shop-sweep",
      "API shop-api",
      "Resource shop-data",
      "Resource shop-fx",
    ]);
    expect(find(entities, "Component", "shop")?.spec.type).toBe("website");
    expect(find(entities, "Component", "sweep")?.spec.type).toBe("job");
  });

  test("have the relations that `uses` declares", () => {
    expect(find(entities, "Component", "api")?.spec).toMatchObject({
      providesApis: ["api:default/shop-api"],
      dependsOn: ["resource:default/shop-data", "resource:default/shop-fx"],
    });
    expect(find(entities, "Component", "shop")?.spec.consumesApis).toEqual(["api:default/shop-api"]);
    expect(find(entities, "Component", "sweep")?.spec.dependsOn).toEqual(["component:default/shop"]);
  });

  test("lead to the repository, the runbook and the addresses of each environment", () => {
    expect(entities[0]?.metadata.links).toEqual([
      { title: "Repository", url: "https://github.com/example-org/shop-deploy", icon: "web" },
      expect.objectContaining({ title: "Runbook", url: expect.stringContaining("docs/runbook/README.md") }),
    ]);
    const links = find(entities, "Component", "api")?.metadata.links?.map(
      ({ title, url }) => `${title} ${url}`,
    );
    expect(links).toEqual([
      expect.stringMatching(/^dev https?:\/\/api\.dev\.example\.com\/$/),
      "prod https://api.example.com/",
    ]);
    const definition = parse(find(entities, "API", "api")?.spec.definition ?? "");
    expect(definition.servers).toHaveLength(2);
  });

  test("lead to Argo CD and Grafana where the stack says where they are, by environment", () => {
    const spec = SPEC.replace(
      "domain: example.com }",
      'domain: example.com, argocd: { url: "https://argo.prod.example.com/" } }',
    ).concat(
      'argocd: { url: "https://argo.example.com" }\nmonitoring: { grafana: "https://grafana.example.com/" }\n',
    );
    expect(
      entitiesOf(spec)[0]
        ?.metadata.links?.slice(2)
        .map(({ url }) => url),
    ).toEqual([
      "https://argo.example.com/applications/argocd/shop-dev",
      "https://argo.prod.example.com/applications/argocd/shop-prod",
      "https://grafana.example.com/dashboards?tag=shop",
    ]);
  });
});

test("catalog: reference names Components by their services, and declares none", () => {
  const entities = entitiesOf(`${SPEC}catalog: reference\n`);
  expect(entities.map(({ kind }) => kind)).toEqual(["System", "Resource", "Resource"]);
  expect(find(entities, "Resource", "data")?.spec.dependencyOf).toEqual(["component:default/api"]);
});

test("long names stay unique and valid", () => {
  const long = "a".repeat(50);
  const spec = SPEC.replaceAll("shop", long)
    .replaceAll("sweep", "b".repeat(40))
    .replaceAll("api:", `${"c".repeat(40)}:`);
  const names = entitiesOf(spec.replace(/uses: \{[^{}]*(\{\},?[^{}]*)*\}, expose/, "expose")).map(
    ({ kind, metadata }) => `${kind} ${metadata.name}`,
  );
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/ [a-zA-Z0-9][-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9]$/);
});

test("no description breaks the entity, its site or its page", () => {
  const description = "a: b # {{c}} <b> [x](y) ' \\\" `d` ---";
  const spec = SPEC.replace("name: shop\n", `name: shop\ndescription: "${description}"\n`);
  const text = description.replace('\\"', '"');
  expect(entitiesOf(spec)[0]?.metadata.description).toBe(text);
  expect(parse(fileOf(spec, "mkdocs.yml") ?? "").site_description).toBe(text);
});

test("the front page of the site names every page of docs/, and each is there", () => {
  const { tree } = renderStack({ spec: { text: SPEC } });
  const page = fileOf(SPEC, "docs/index.md") ?? "";
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => `docs/${link}`);
  const pages = tree
    .map(({ path }) => path)
    .filter((path) => /^docs\/[^/]+\.md$/.test(path) && path !== "docs/index.md");
  expect(links.sort()).toEqual([...pages, "docs/runbook/README.md"].sort());
});

test("switched off, nothing of it is there", () => {
  const spec = `${SPEC}capabilities: { catalog: false }\n`;
  for (const path of ["catalog-info.yaml", "mkdocs.yml", "docs/index.md"])
    expect(fileOf(spec, path)).toBeUndefined();
});
