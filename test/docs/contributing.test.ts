// Owns: CONTRIBUTING.md, followed: a capability from outside of the core, and the words that a new type needs.
// Promises: adding a capability is adding one value and its templates.
// Must not: touch the real list.

import { describe, expect, test } from "vitest";
import { lowerTemplate } from "../../projenrc/build/lower-template.js";
import { type Capability, file } from "../../src/capabilities/capability.js";
import { capabilities, indexes } from "../../src/capabilities/index.js";
import templates from "../../src/generated/templates.json" with { type: "json" };
import { renderTree } from "../../src/render/render-tree.js";
import type { Templates } from "../../src/render/run-template.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";

const SPEC = `apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop-deploy }
services:
  api: { type: web-api, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 } }
environments:
  prod: { tier: production, domain: example.com }
`;

const stack = resolveStack(parseSpec(SPEC), { generator: "0.0.0" });
const template =
  "# A note for {{line name}}.\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{q name}}\n";

const note: Capability = {
  id: "note",
  title: "Note",
  summary: "A note per service.",
  rows: [],
  withoutIt: "no notes",
  files: ({ base }) =>
    base.services.map(({ name }) =>
      file(
        `base/${name}/note.yaml`,
        "note/note.yaml",
        { name: `${name}-note` },
        { what: "A note.", why: "To try.", change: "nothing" },
        {
          member: { kustomization: `base/${name}`, as: "resources" },
          kinds: ["/ConfigMap"],
        },
      ),
    ),
};

function render(options: { capabilities: readonly Capability[]; disabled?: string[] }) {
  const all = {
    ...templates,
    "note/note.yaml": lowerTemplate("note/note.yaml", template).program,
  } as unknown as Templates;
  return renderTree(
    { ...stack, disabled: options.disabled ?? [] },
    { capabilities: options.capabilities, indexes, templates: all },
  );
}

describe("a capability from outside", () => {
  const tree = render({ capabilities: [...capabilities, note] });
  const contentsOf = (path: string) => tree.find((one) => one.path === path)?.contents ?? "";

  test("yields its file, listed by the component's kustomization and allowed by the project", () => {
    expect(contentsOf("base/api/note.yaml")).toBe(
      "# A note for api-note.\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: api-note\n",
    );
    expect(contentsOf("base/api/kustomization.yaml")).toContain("- note.yaml");
    expect(contentsOf("bootstrap/argocd/project.yaml")).toContain("kind: ConfigMap");
  });

  test("can be switched off", () => {
    const without = render({ capabilities: [...capabilities, note], disabled: ["note"] });
    expect(without.map(({ path }) => path)).not.toContain("base/api/note.yaml");
  });

  test("cannot take another's path", () => {
    const thief: Capability = { ...note, id: "thief" };
    expect(() => render({ capabilities: [...capabilities, note, thief] })).toThrow(/is wanted by capability/);
  });
});

test("a template with a bare value does not build", () => {
  expect(() => lowerTemplate("note/note.yaml", "name: {{name}}\n")).toThrow(/no helper/);
});
