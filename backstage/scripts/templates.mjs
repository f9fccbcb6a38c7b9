// Owns: templates/create/template.yaml: the steps of form/create.yaml, and the form that the schema and the layout make.
// Promises: same schema, same bytes; a test says when the file is stale.
// Must not: be needed at run time.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { deriveForm } from "./form/derive-form.mjs";

const own = fileURLToPath(new URL("..", import.meta.url));
export const TEMPLATE = `${own}templates/create/template.yaml`;

/** @returns the text of the template */
export function createTemplate() {
  const { stack } = JSON.parse(readFileSync(`${own}core/spec-schema.json`, "utf8"));
  const document = parseDocument(readFileSync(`${own}scripts/form/create.yaml`, "utf8"));
  const pages = deriveForm(stack);
  const names = pages
    .flatMap(({ properties }) => Object.keys(properties))
    .filter((name) => !["provider", "repoUrl", "spec"].includes(name));
  document.setIn(
    ["spec", "parameters"],
    document.createNode(JSON.parse(JSON.stringify(pages)), { aliasDuplicateObjects: false }),
  );
  document.setIn(
    ["spec", "steps", 0, "input", "answers"],
    document.createNode(Object.fromEntries(names.map((name) => [name, `\${{ parameters.${name} }}`]))),
  );
  return document.toString({ lineWidth: 0 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TEMPLATE, createTemplate());
