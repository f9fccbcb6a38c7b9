// Owns: report.api.md: everything that the package lets others see, as its declarations say it.
// Promises: a change of the public API is a change of a committed file; a test says when it is stale.
// Must not: judge.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const own = fileURLToPath(new URL("..", import.meta.url));
export const REPORT = `${own}report.api.md`;

/** @returns the text of the report, from dist/ */
export function apiReport() {
  const actions = readdirSync(`${own}dist/actions`).filter(
    (name) => name.endsWith(".d.ts") && !name.includes("examples"),
  );
  const files = ["index.d.ts", "module.d.ts", ...actions.sort().map((name) => `actions/${name}`)];
  const parts = files.map(
    (name) => `## ${name}\n\n\`\`\`ts\n${readFileSync(`${own}dist/${name}`, "utf8").trim()}\n\`\`\`\n`,
  );
  return `# API report\n\nWhat others see of this package. Made by \`node scripts/api-report.mjs\`; review a change of it as one of the API.\n\n${parts.join("\n")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(REPORT, apiReport());
