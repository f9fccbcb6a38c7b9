// Owns: what a developer portal shows of the stack: its entities, and its documentation as a site.
// Promises: the pages that the other capabilities have yielded, and no others; entities that Backstage's own validators take.
// Must not: claim an interface: the definition of an API is the application's.

import { browsable } from "../stack/runbook-address.js";
import type { Stack } from "../stack/stack.js";
import { type Contributions, file, type Index } from "./capability.js";
import { apiViews, componentViews, resourceViews, systemView } from "./catalog/entities.js";

const change = "prod-stack.yaml; or this file: edits are kept and merged";

/** Pages of docs/ itself; those below it are reached from them. */
function pagesOf({ files }: Contributions) {
  return files
    .filter(({ path, root }) => root === "stack" && /^docs\/([^/]+|runbook\/README)\.md$/.test(path))
    .map(({ path, about }) => ({ link: path.slice("docs/".length), title: titleOf(path), what: about.what }))
    .sort((a, b) => (a.link < b.link ? -1 : 1));
}

/** docs/encryption-at-rest.md → Encryption at rest */
function titleOf(path: string): string {
  const name = path.replace(/^docs\//, "").replace(/(\/README)?\.md$/, "");
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const catalog: Index = {
  id: "catalog",
  title: "Catalog",
  summary:
    "What a Backstage portal shows: System, Components, APIs, Resources, and the documentation as a site.",
  rows: [],
  withoutIt: "no catalog-info.yaml and no TechDocs for a Backstage portal",
  files: (stack: Stack, others) => [
    file(
      "catalog-info.yaml",
      "catalog/catalog-info.yaml",
      {
        name: stack.name,
        isReference: stack.catalog === "reference",
        system: systemView(stack),
        components: componentViews(stack),
        apis: apiViews(stack),
        resources: resourceViews(stack),
      },
      {
        what: "The stack in the software catalog of a Backstage portal.",
        why: "Who owns what, what depends on what, and the ways to Argo CD, dashboards and runbook are found in one place.",
        standard: "Backstage, Descriptor Format of Catalog Entities",
        change,
      },
    ),
    file(
      "mkdocs.yml",
      "catalog/mkdocs.yml",
      {
        name: stack.name,
        description: stack.description === "" ? `The stack ${stack.name}.` : stack.description,
        url: browsable(stack.source.url),
      },
      {
        what: "How docs/ becomes a site.",
        why: "Backstage's TechDocs shows it beside the stack; mkdocs serve shows it on your machine.",
        standard: "MkDocs configuration; TechDocs",
        change,
      },
    ),
    file(
      "docs/index.md",
      "catalog/index.md",
      { name: stack.name, description: stack.description, pages: pagesOf(others) },
      {
        what: "The front page of the documentation as a site.",
        why: "TechDocs begins there.",
        change,
      },
    ),
  ],
};
