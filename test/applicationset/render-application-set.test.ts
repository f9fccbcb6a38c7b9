// Proves the renderer on small sets: what Argo CD's documentation says of generators, templates and patches holds.
import { beforeAll, describe, expect, test } from "vitest";
import { renderApplicationSet } from "./render-application-set.js";

type Json = Record<string, unknown>;

interface Sketch {
  readonly generators: readonly unknown[];
  readonly name?: string;
  readonly metadata?: Json;
  readonly templateSpec?: Json;
  readonly spec?: Json;
}

function render({ generators, name = "{{ .env }}", metadata = {}, templateSpec = {}, spec = {} }: Sketch) {
  return renderApplicationSet(
    JSON.stringify({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: "shop", namespace: "argocd" },
      spec: {
        goTemplate: true,
        goTemplateOptions: ["missingkey=error"],
        generators,
        template: { metadata: { name, ...metadata }, spec: { project: "shop", ...templateSpec } },
        ...spec,
      },
    }),
  );
}

async function names(sketch: Sketch): Promise<string[]> {
  return (await render(sketch)).map(({ metadata }) => metadata.name);
}

function list(...elements: Json[]) {
  return { list: { elements } };
}

const environments = list(
  { env: "staging", values: { tier: "low" } },
  { env: "production", values: { tier: "high" } },
);

// The first run builds the renderer, which takes longer than a test may.
beforeAll(() => render({ generators: [environments] }));

describe("generators", () => {
  test("a list gives one Application per element, in order, rendered in every string and key", async () => {
    const applications = await render({
      generators: [environments],
      name: "shop-{{ .env }}",
      metadata: { namespace: "elsewhere", labels: { "tier-{{ .values.tier }}": "yes" } },
      templateSpec: {
        source: { repoURL: "https://git.example.com/shop.git", path: "overlays/{{ .env }}" },
        syncPolicy: {
          syncOptions: ["CreateNamespace={{ .env | eq `staging` }}"],
          automated: { prune: true },
        },
      },
      spec: { syncPolicy: { preserveResourcesOnDeletion: true } },
    });
    expect(applications).toHaveLength(2);
    expect(applications[1]).toEqual({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "shop-production", namespace: "argocd", labels: { "tier-high": "yes" } },
      spec: {
        project: "shop",
        source: { repoURL: "https://git.example.com/shop.git", path: "overlays/production" },
        syncPolicy: { syncOptions: ["CreateNamespace=false"], automated: { prune: true } },
      },
    });
  });

  test("a matrix combines two lists, and the second may use the first's parameters", async () => {
    const matrix = {
      matrix: { generators: [environments, list({ region: "{{ .env }}-eu" }, { region: "{{ .env }}-us" })] },
    };
    const found = await names({ generators: [matrix], name: "{{ .env }}.{{ .region }}" });
    expect(found).toEqual([
      "staging.staging-eu",
      "staging.staging-us",
      "production.production-eu",
      "production.production-us",
    ]);
  });

  test("in a matrix the first generator's parameters win", async () => {
    const matrix = {
      matrix: { generators: [list({ env: "first" }), list({ env: "second", region: "eu" })] },
    };
    expect(await names({ generators: [matrix], name: "{{ .env }}-{{ .region }}" })).toEqual(["first-eu"]);
  });

  test("a merge overlays what has the same key, at any depth", async () => {
    const override = list({ env: "production", values: { size: "big" } });
    const merge = { merge: { mergeKeys: ["env"], generators: [environments, override] } };
    const name = "{{ .env }}-{{ .values.tier }}-{{ dig `size` `small` .values }}";
    expect(await names({ generators: [merge], name })).toEqual(["staging-low-small", "production-high-big"]);
  });

  test("a selector keeps what matches", async () => {
    const selector = { matchExpressions: [{ key: "values.tier", operator: "NotIn", values: ["low"] }] };
    expect(await names({ generators: [{ ...environments, selector }] })).toEqual(["production"]);
  });

  test("a generator's own template goes before the set's", async () => {
    const template = { metadata: { name: "own-{{ .env }}" } };
    const [application] = await render({ generators: [{ list: { elements: [{ env: "test" }], template } }] });
    expect(application).toMatchObject({ metadata: { name: "own-test" }, spec: { project: "shop" } });
  });
});

describe("templates", () => {
  test.each([
    ["{{ .env | upper | lower | trunc 4 }}", "prod"],
    ["{{ list `a` .env | join `-` | replace `o` `0` }}", "a-pr0ducti0n"],
    ["{{ normalize `Shop_{{env}}` }}", "shop---env"],
    ["{{ slugify 10 true `Shop for everyone` }}", "shop-for"],
    ["{{ (fromYaml `name: inner`).name }}", "inner"],
    ["{{ tpl `x-{{ .env }}` . }}", "x-production"],
  ])("%s", async (name, rendered) => {
    expect(await names({ generators: [list({ env: "production" })], name })).toEqual([rendered]);
  });

  test.each([
    ["a missing key", "{{ .evn }}", /map has no entry for key "evn"/],
    ["a missing key inside tpl", "{{ tpl `{{ .evn }}` . }}", /map has no entry for key "evn"/],
    ["an unknown function", "{{ nope .env }}", /function "nope" not defined/],
    ["a function that reads the environment", '{{ env "HOME" }}', /function "env" not defined/],
    ["a template that does not end", "{{ .env", /failed to parse template/],
  ])("%s is an error", async (_what, name, message) => {
    await expect(names({ generators: [environments], name })).rejects.toThrow(message);
  });

  test("a missing key is text when the set does not ask for an error", async () => {
    const sketch = { generators: [list({ env: "a" })], name: "x-{{ .evn }}" };
    expect(await names({ ...sketch, spec: { goTemplateOptions: [] } })).toEqual(["x-<no value>"]);
  });

  test("the finalizer that deletes resources is added unless they are to be preserved", async () => {
    const [application] = await render({ generators: [list({ env: "a" })] });
    expect(application?.metadata.finalizers).toEqual(["resources-finalizer.argocd.argoproj.io"]);
  });
});

describe("templatePatch", () => {
  const templatePatch = `
{{- if eq .env "production" }}
metadata:
  finalizers: [example.com/keep]
spec:
  project: escaped
  syncPolicy:
    automated: null
    syncOptions: [Prune=confirm]
{{- end }}`;

  test("changes what it renders to, replaces lists, removes nulls, and cannot change the project", async () => {
    const templateSpec = {
      syncPolicy: { automated: { prune: true }, syncOptions: ["ServerSideApply=true"] },
    };
    const [staging, production] = await render({
      generators: [environments],
      templateSpec,
      spec: { templatePatch },
    });
    expect(staging?.spec).toEqual({ project: "shop", ...templateSpec });
    expect(production?.spec).toEqual({ project: "shop", syncPolicy: { syncOptions: ["Prune=confirm"] } });
    expect(new Set(production?.metadata.finalizers)).toEqual(
      new Set(["resources-finalizer.argocd.argoproj.io", "example.com/keep"]),
    );
  });

  test("that is no YAML is an error", async () => {
    const sketch = { generators: [environments], spec: { templatePatch: "spec: [" } };
    await expect(render(sketch)).rejects.toThrow("spec.templatePatch");
  });
});

describe("refused:", () => {
  const two = list({ env: "a" }, { env: "b" });
  test.each<[string, Sketch, RegExp]>([
    ["two Applications of one name", { generators: [two], name: "same" }, /duplicate name: same/],
    ["an Application without a name", { generators: [two], name: "" }, /an application has no name/],
    [
      "an unknown generator",
      { generators: [{ lists: { elements: [] } }] },
      /spec.generators\[0\]: unknown generator "lists"/,
    ],
    [
      "a generator that needs a cluster",
      { generators: [{ clusters: {} }] },
      /"clusters" needs a cluster or a network/,
    ],
    [
      "an unknown field of a generator",
      { generators: [{ list: { element: [] } }] },
      /unknown field "element"/,
    ],
    [
      "a matrix of three",
      { generators: [{ matrix: { generators: [two, two, two] } }] },
      /exactly two generators, found 3/,
    ],
    [
      "a merge of what is not unique",
      { generators: [{ merge: { mergeKeys: ["zone"], generators: [two, two] } }] },
      /not unique by the given merge keys/,
    ],
    [
      "an unknown template option",
      { generators: [two], spec: { goTemplateOptions: ["missing=error"] } },
      /goTemplateOptions/,
    ],
    [
      "the older template language",
      { generators: [two], spec: { goTemplate: false } },
      /goTemplate must be true/,
    ],
  ])("%s", async (_what, sketch, message) => {
    await expect(render(sketch)).rejects.toThrow(message);
  });

  test("every error is reported, not only the first", async () => {
    await expect(render({ generators: [{ git: {} }, { nope: {} }] })).rejects.toThrow(/"git"[\s\S]*"nope"/);
  });
});
