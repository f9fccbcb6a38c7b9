// Owns: the pages of docs/ that are made from code, and the form of Backstage.
// Promises: same sources, same pages.
// Must not: touch pages that people write.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checklistPage } from "./docs/checklist-page.js";
import { referencePage } from "./docs/reference-page.js";

writeFileSync(
  join(import.meta.dirname, "../docs/checklist.md"),
  checklistPage(join(import.meta.dirname, "..")),
);
writeFileSync(join(import.meta.dirname, "../docs/reference.md"), referencePage());
execFileSync(process.execPath, [join(import.meta.dirname, "../backstage/scripts/templates.mjs")]);
