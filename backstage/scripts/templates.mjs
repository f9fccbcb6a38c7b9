// Owns: templates/create/template.yaml and dev/templates/try.yaml: the steps of form/, and the form that schema and layout make.
// Promises: same schema, same bytes; a test says when a file is stale.
// Must not: be needed at run time.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { deriveForm } from "./form/derive-form.mjs";

const own = fileURLToPath(new URL("..", import.meta.url));
export const TEMPLATE = `${own}templates/create/template.yaml`;
export const TRY_TEMPLATE = `${own}dev/templates/try.yaml`;

/** @returns the text of templates/create/template.yaml */
export function createTemplate() {
  const document = parseDocument(readFileSync(`${own}scripts/form/create.yaml`, "utf8"));
  return filled(document, pagesOf());
}

/** @returns the text of dev/templates/try.yaml, whose form does not ask where the repository will be */
export function tryTemplate() {
  const document = parseDocument(readFileSync(`${own}scripts/form/try.yaml`, "utf8"));
  return filled(
    document,
    pagesOf().filter(({ properties }) => properties.provider === undefined),
  );
}

function pagesOf() {
  return deriveForm(JSON.parse(readFileSync(`${own}../src/generated/spec-schema.json`, "utf8")).stack);
}

function filled(document, pages) {
  const asked = pages.flatMap(({ properties }) => Object.keys(properties));
  const names = asked.filter((name) => !["provider", "repoUrl", "spec"].includes(name));
  const node = (value) => document.createNode(value, { aliasDuplicateObjects: false });
  document.setIn(["spec", "parameters"], node(JSON.parse(JSON.stringify(pages))));
  document.setIn(
    ["spec", "steps", 0, "input", "answers"],
    node(Object.fromEntries(names.map((name) => [name, `\${{ parameters.${name} }}`]))),
  );
  return document.toString({ lineWidth: 0 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(TEMPLATE, createTemplate());
  writeFileSync(TRY_TEMPLATE, tryTemplate());
}
