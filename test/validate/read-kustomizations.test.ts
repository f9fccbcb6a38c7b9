/** Holds that nothing outside of the stack's directory, and nothing from a network, gets as far as kustomize. */
import { describe, expect, it } from "vitest";
import { readKustomizations } from "../../src/validate/read-kustomizations.js";
import { isRemote } from "../../src/validate/remote-reference.js";
import type { StackFile } from "../../src/validate/stack-files.js";

function graphOf(overlay: string, more: Record<string, string> = {}) {
  const texts = {
    "overlays/prod/kustomization.yaml": overlay,
    "base/kustomization.yaml": "resources: [a.yaml]\n",
    "base/a.yaml": "kind: A\n",
    ...more,
  };
  const files = Object.entries(texts).map(([path, text]): StackFile => ({ path, text }));
  return readKustomizations(files, "overlays/prod");
}
const rulesOf = (overlay: string, more?: Record<string, string>) =>
  graphOf(overlay, more).findings.map(({ rule }) => rule);

const REMOTE = [
  "https://example.org/base.yaml",
  "http://example.org/base",
  "HTTPS://example.org/base",
  "https://github.com/example/base?ref=main",
  "github.com/example/base",
  "github.com/example/base//deploy?ref=v1",
  "gitlab.com/example/base",
  "git@github.com:example/base.git",
  "git::https://example.org/base",
  "ssh://git@example.org/base",
  "file:///etc",
  "gh:example/base",
  "example.org:example/base",
  "org-12345@github.com:example/base",
  "dev.azure.com/example/project/_git/base",
  "example.org/example/base.git",
  "example.org/example/base.git/deploy",
  "git-codecommit.eu-west-1.amazonaws.com/v1/repos/base",
  "  https://example.org/base",
];

describe("a remote base", () => {
  it.each(REMOTE)("%s", (target) => {
    expect(isRemote(target)).toBe(true);
    expect(rulesOf(`resources: [${JSON.stringify(target)}]\n`)).toEqual(["remote-base"]);
  });

  it("is refused where a file of that name exists", () => {
    expect(
      rulesOf("resources: [github.com/a/b]\n", { "overlays/prod/github.com/a/b/kustomization.yaml": "{}" }),
    ).toEqual(["remote-base"]);
  });

  it("is found behind other kustomizations", () => {
    const findings = graphOf("resources: [../../base]\n", {
      "base/kustomization.yaml": "resources: [https://example.org/x]\n",
    }).findings;
    expect(findings).toMatchObject([
      { rule: "remote-base", file: "base/kustomization.yaml", path: "resources" },
    ]);
  });

  const url = "https://example.org/x";
  it.each([
    ["bases", `bases: [${url}]`],
    ["a field in another case", `Resources: [${url}]`],
    ["components", `components: [${url}]`],
    ["crds", `crds: [${url}]`],
    ["configurations", `configurations: [${url}]`],
    ["generators", `generators: [${url}]`],
    ["transformers", `transformers: [${url}]`],
    ["validators", `validators: [${url}]`],
    ["patchesStrategicMerge", `patchesStrategicMerge: [${url}]`],
    ["patches", `patches: [{ path: "${url}" }]`],
    ["patchesJson6902", `patchesJson6902: [{ path: "${url}" }]`],
    ["replacements", `replacements: [{ path: "${url}" }]`],
    ["openapi", `openapi: { path: "${url}" }`],
    ["files of a ConfigMap", `configMapGenerator: [{ name: a, files: ["k=${url}"] }]`],
    ["envs of a Secret", `secretGenerator: [{ name: a, envs: ["${url}"] }]`],
    ["env of a ConfigMap", `configMapGenerator: [{ name: a, env: "${url}" }]`],
    [
      "an environment file with an equals sign",
      `configMapGenerator: [{ name: a, envs: ["${url}/=../../base/a.yaml"] }]`,
    ],
    ["Helm charts", "helmCharts: [{ name: a, repo: x }]"],
    [
      "a transformer that stands in the file",
      `transformers: ["{apiVersion: builtin, kind: PatchTransformer, path: '${url}'}"]`,
    ],
    ["a generator of charts", 'generators: ["{apiVersion: builtin, kind: HelmChartInflationGenerator}"]'],
  ])("in %s", (_, text) => {
    expect(rulesOf(`${text}\n`)).toEqual(["remote-base"]);
  });

  it("in a transformer's file", () => {
    expect(
      rulesOf("transformers: [t.yaml]\n", {
        "overlays/prod/t.yaml": `kind: PatchTransformer\npath: ${url}\n`,
      }),
    ).toEqual(["remote-base"]);
  });
});

describe("what is elsewhere", () => {
  it.each([
    ["../../..", "outside"],
    ["../../../other/base", "outside"],
    ["/etc", "outside"],
    ["../../base/ghost.yaml", "missing-file"],
    ["../../ghost", "missing-file"],
  ])("%s is a finding", (target, rule) => {
    expect(rulesOf(`resources: [${target}]\n`)).toEqual([rule]);
  });

  it("is a link", () => {
    const files: StackFile[] = [
      { path: "overlays/prod/kustomization.yaml", text: "resources: [link.yaml]" },
      { path: "overlays/prod/link.yaml", text: undefined, unread: "link-inside" },
    ];
    expect(readKustomizations(files, "overlays/prod").findings.map(({ rule }) => rule)).toEqual(["outside"]);
  });

  it.each(["a: [", "a: 1\n---\nb: 2\n", "", "resources: [a]\nresources: [b]\n"])(
    "is an unreadable kustomization: %j",
    (text) => {
      expect(rulesOf(text)).toEqual(["kustomization-unreadable"]);
    },
  );
});

describe("what is here", () => {
  it("is followed, outer before inner, each once, cycles included", () => {
    const { kustomizations, findings } = graphOf("resources: [managed, ../../base]\n", {
      "overlays/prod/managed/kustomization.yaml": "resources: [../../../base/, ../]\n",
    });
    expect(findings).toEqual([]);
    expect(kustomizations.map(({ directory }) => directory)).toEqual([
      "overlays/prod",
      "overlays/prod/managed",
      "base",
    ]);
  });

  it("may hold addresses where they are only text", () => {
    const text = `resources: [../../base]
configMapGenerator: [{ name: a, literals: ["URL=https://example.org"], files: ["a.yaml=../../base/a.yaml"] }]
patches: [{ patch: "- {op: add, path: /x, value: https://example.org}" }]
patchesStrategicMerge: ["kind: A\\nmetadata: {name: https}\\n"]
`;
    expect(rulesOf(text)).toEqual([]);
  });
});
