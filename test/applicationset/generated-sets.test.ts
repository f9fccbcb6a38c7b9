// Proves what Argo CD makes of the generated sets: one Application for each place, in the right cluster, and no more rights than said.
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { appliedDirectory } from "../../src/capabilities/places.js";
import { renderText } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { type Application, renderApplicationSet } from "./render-application-set.js";

function generated(text: string) {
  const { stack, tree } = renderText(text);
  const read = (name: string) => tree.find(({ path }) => path.endsWith(`bootstrap/argocd/${name}`))?.contents;
  return { stack, tree, set: read("application-set.yaml"), project: parse(read("project.yaml") ?? "") };
}

const destinationOf = ({ spec }: Application) => {
  const { server = "", name = "" } = spec.destination ?? {};
  return server === "" ? { name } : { server };
};

/** A stack may ask for single Applications instead; test/rows proves those. */
const withSet = Object.keys(SAMPLE_STACKS).filter(
  (name) => generated(SAMPLE_STACKS[name] ?? "").set !== undefined,
);

describe.each(withSet)("the set of %s", (name) => {
  const { stack, set = "", project } = generated(SAMPLE_STACKS[name] as string);

  test("has one Application for each place: its path, namespace and cluster", async () => {
    const applications = await renderApplicationSet(set);
    const prefix = stack.source.path === "." ? "" : `${stack.source.path}/`;
    const facts = applications.map((application) => ({
      name: application.metadata.name,
      path: application.spec.source?.path,
      namespace: application.spec.destination?.namespace,
      destination: destinationOf(application),
      project: application.spec.project,
      labels: application.metadata.labels,
      finalizers: application.metadata.finalizers,
    }));
    expect(facts).toEqual(
      stack.environments.map((place) => ({
        name: `${stack.name}-${place.id}`,
        path: `${prefix}${appliedDirectory(place)}`,
        namespace: place.namespace,
        destination: place.destination,
        project: stack.name,
        labels: expect.objectContaining({ environment: place.name, tier: place.tier }),
        finalizers: undefined,
      })),
    );
  });

  test("cannot leave its project, and the project allows these places alone", async () => {
    const allowed = project.spec.destinations;
    const places = stack.environments.map(({ namespace, destination }) => ({ ...destination, namespace }));
    expect(allowed).toEqual(places);
    expect(JSON.stringify([project.spec.sourceRepos, allowed])).not.toContain("*");
    const kinds = project.spec.namespaceResourceWhitelist.map(({ kind }: { kind: string }) => kind);
    for (const kind of ["Application", "ApplicationSet", "AppProject", "Namespace", "ResourceQuota"])
      expect(kinds).not.toContain(kind);
    expect(project.spec.clusterResourceWhitelist).toEqual([]);
  });

  test("is written as the field's guards ask", () => {
    const { spec } = parse(set);
    expect(spec.goTemplate).toBe(true);
    expect(spec.goTemplateOptions).toEqual(["missingkey=error"]);
    expect(spec.template.spec.project).toBe(stack.name);
    expect(spec.syncPolicy).toEqual({ preserveResourcesOnDeletion: true, applicationsSync: "create-update" });
    expect(spec.ignoreApplicationDifferences).toEqual([{ jsonPointers: ["/spec/syncPolicy/automated"] }]);
    expect(spec.template.spec.syncPolicy.syncOptions).toEqual(
      expect.arrayContaining(["ServerSideApply=true", "PruneLast=true", "CreateNamespace=false"]),
    );
    expect(spec.template.spec.syncPolicy.retry.backoff).toBeDefined();
    expect(JSON.stringify(spec.generators)).not.toMatch(/pullRequest|scmProvider/);
    expect(spec.strategy).toBeUndefined();
    const isMatrix = stack.environments.some(({ cluster }) => cluster !== undefined);
    expect(spec.generators.map((one: object) => Object.keys(one))).toEqual([[isMatrix ? "matrix" : "list"]]);
  });
});

const head = `apiVersion: prod-stack/v1
name: shop
source: { url: "https://github.com/example-org/shop" }
services: { api: { type: web-api, image: example/api, ports: { http: 80 } } }
`;
const automated = (applications: readonly Application[]) =>
  Object.fromEntries(
    applications.map(({ metadata, spec }) => [
      metadata.name,
      (spec.syncPolicy as { automated?: object }).automated,
    ]),
  );
const BY_ITSELF = { prune: true, selfHeal: true };

describe("argocd.automated", () => {
  test.each(["", "clusters: { one: { name: one }, two: { name: two } }"])(
    "is each environment's own answer (%s)",
    async (clusters) => {
      const { set = "" } = generated(`${head}environments:
  dev: { tier: development, domain: d.example.com }
  prod: { tier: production, domain: example.com, argocd: { automated: false }, ${clusters} }
`);
      const found = automated(await renderApplicationSet(set));
      const { "shop-dev": dev, ...others } = found;
      expect(dev).toEqual(BY_ITSELF);
      expect(Object.values(others)).toEqual(clusters === "" ? [undefined] : [undefined, undefined]);
    },
  );

  test("is on for all, or off for all", async () => {
    for (const on of [true, false]) {
      const { set = "" } = generated(
        `${head}argocd: { automated: ${on} }\nenvironments: { dev: { tier: development, domain: d.example.com } }\n`,
      );
      expect(automated(await renderApplicationSet(set))).toEqual({ "shop-dev": on ? BY_ITSELF : undefined });
      expect(set).not.toContain("templatePatch");
    }
  });
});

describe("argocd.mode: application", () => {
  test("gives an Application instead of the set, equal to what the set would have made", async () => {
    const environments = (mode: string) =>
      `${head}argocd: { mode: ${mode} }\nenvironments: { prod: { tier: production, domain: example.com } }\n`;
    const alone = generated(environments("application"));
    expect(alone.set).toBeUndefined();
    const [made] = await renderApplicationSet(generated(environments("application-set")).set ?? "");
    const file = alone.tree.find(({ path }) => path === "bootstrap/argocd/shop-prod.application.yaml");
    const application = parse(file?.contents ?? "");
    expect(application.spec).toEqual(made?.spec);
    expect(application.metadata.annotations).toEqual(made?.metadata.annotations);
  });
});

describe("argocd.syncWindows", () => {
  const windows = (more: string, environment = "") =>
    generated(
      `${head}argocd: { syncWindows: { nights: { schedule: "0 22 * * *", duration: 8h, ${more} } } }
environments: { dev: { tier: development, domain: d.example.com, argocd: { syncWindows: { nights: null } } }, prod: { tier: production, domain: example.com, ${environment} } }\n`,
    ).project.spec.syncWindows;

  test("keeps Argo CD away while they are open, and lets people through", () => {
    expect(windows("")).toEqual([
      {
        kind: "deny",
        schedule: "0 22 * * *",
        duration: "8h",
        timeZone: "UTC",
        manualSync: true,
        applications: ["shop-prod"],
      },
    ]);
  });

  test("may be changed and removed anywhere", () => {
    expect(windows("kind: allow, manualSync: false, timeZone: Europe/Berlin")).toEqual([
      expect.objectContaining({ kind: "allow", manualSync: false, timeZone: "Europe/Berlin" }),
    ]);
    expect(windows("", "argocd: { syncWindows: { nights: null } }")).toBeUndefined();
  });
});
