// Owns: src/generated/templates.json, all templates as operations.
// Promises: only `.hbs` files are lowered, the others are carried byte for byte; order and bytes depend on the sources alone.
// Must not: read anything outside of templates/.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../src/render/program.js";
import { lowerTemplate } from "./lower-template.js";

function filesBelow(directory: string, prefix = ""): string[] {
  return readdirSync(join(directory, prefix), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(directory, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
    )
    .sort();
}

/** Template id → its operations. */
export function lowerAll(directory: string): Record<string, Program> {
  const templates: Record<string, Program> = {};
  for (const path of filesBelow(directory)) {
    const source = readFileSync(join(directory, path), "utf8");
    const isTemplate = path.endsWith(".hbs");
    const id = isTemplate ? path.slice(0, -4) : path;
    if (id in templates) throw new Error(`templates/${path}: two templates of one name`);
    templates[id] = isTemplate ? lowerTemplate(id, source).program : [source];
  }
  return templates;
}

export function generateTemplates(root: string): void {
  const target = join(root, "src/generated");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "templates.json"), JSON.stringify(lowerAll(join(root, "templates"))));
}
