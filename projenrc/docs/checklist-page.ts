// Owns: docs/checklist.md, the project's own table of the checklist: row → what does it → files of the examples → proof.
// Promises: derived from the capabilities, the examples and the titles of the tests; a test holds that no claimed row lacks a proof.
// Must not: claim anything by itself.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rowStatuses } from "../../src/capabilities/checklist/row-status.js";
import { CHECKLIST } from "../../src/capabilities/checklist.js";
import { capabilities, indexes } from "../../src/capabilities/index.js";
import { renderStack } from "../../src/generate.js";
import { yieldsOf } from "../../src/render/render-tree.js";

/** Rows whose proofs this table holds today; the others are proven by tests that carry no id yet. */
const TABLE = /^(LAY|GIT|ENV|SEC|RES|NET)-[0-9]{2}$/;
const SHOWN = 2;

export const TABLE_ROWS = CHECKLIST.filter(({ id }) => TABLE.test(id));

/** Capabilities by the rows that they claim. */
export function claims(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, rows } of [...capabilities, ...indexes])
    for (const row of rows) found.set(row, [...(found.get(row) ?? []), id]);
  return found;
}

/** Test files by the rows that titles in them name, as in test("[SEC-01] …"). */
export function proofs(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of testFiles(root)) {
    const text = readFileSync(join(root, file), "utf8");
    const titles = [
      ...text.matchAll(/\b(?:test|describe)(?:\.each\([\s\S]*?\))?\(\s*["'`]((?:\[[A-Z]{2,4}-[0-9]+\] ?)+)/g),
    ];
    const ids = new Set(
      titles.flatMap(([, tags = ""]) => [...tags.matchAll(/\[([^\]]+)\]/g)].map(([, id]) => id ?? "")),
    );
    for (const id of ids) found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
}

function testFiles(root: string): string[] {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => `test/${path.replaceAll("\\", "/")}`)
    .sort();
}

/** Files of the examples by the rows that they meet. */
function exampleFiles(root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const example of readdirSync(join(root, "examples")).sort()) {
    const text = readFileSync(join(root, "examples", example, "prod-stack.yaml"), "utf8");
    const { stack } = renderStack({ spec: { text } });
    for (const { id, files } of rowStatuses(stack, yieldsOf(stack)))
      for (const { path } of files) found.set(id, [...(found.get(id) ?? []), `${example}: ${path}`]);
  }
  return found;
}

/** The page as Markdown. */
export function checklistPage(root: string): string {
  const claimed = claims();
  const proven = proofs(root);
  const files = exampleFiles(root);
  const rows = TABLE_ROWS.map(({ id, title, how }) => {
    const by = claimed.get(id) ?? [];
    const paths = files.get(id) ?? [];
    const more = paths.length > SHOWN ? `, and ${paths.length - SHOWN} more` : "";
    const shown = paths
      .slice(0, SHOWN)
      .map((path) => `\`${path}\``)
      .join(", ");
    const tests = (proven.get(id) ?? []).map((path) => `[${path.replace(/^test\//, "")}](../${path})`);
    return `| ${id} | ${title} | ${how} | ${by.join(", ") || "not yet"} | ${shown}${more} | ${tests.join(", ")} |`;
  });
  return `# The checklist, and what holds it

Made from code by \`npm run docs\`: capabilities name the rows that they make true, tests carry the ids of the rows that they prove
(\`test("[SEC-01] …")\`). \`create-prod-stack explain SEC-01\` tells the same of a stack.

| row | what | how | capability | in the examples | proof |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
