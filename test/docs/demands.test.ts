// Owns: the tables of demands in examples/: every demand has a generated file that meets it.
// Promises: each named file is generated, and says what the table says of it.
// Must not: judge whether a demand is met well; the other suites do.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderStack } from "../../src/generate.js";

const EXAMPLES = join(import.meta.dirname, "../../examples");

interface Demand {
  readonly demand: string;
  readonly file: string;
  readonly says: string;
  readonly why: string;
}

/** Rows of a table: | demand | file | `text` | why |. */
function demandsOf(example: string): Demand[] {
  const page = readFileSync(join(EXAMPLES, example, "demands.md"), "utf8");
  return page
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| demand |"))
    .map((line) => {
      const [, demand = "", file = "", says = "", why = ""] = line
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim());
      return { demand, file, says: says.replace(/^`|`$/g, ""), why };
    });
}

function generated(example: string): ReadonlyMap<string, string> {
  const text = (name: string) => readFileSync(join(EXAMPLES, example, name), "utf8");
  const platform = existsSync(join(EXAMPLES, example, "platform.yaml"))
    ? { text: text("platform.yaml"), file: "platform.yaml" }
    : undefined;
  const { tree } = renderStack({
    spec: { text: text("prod-stack.yaml"), file: "prod-stack.yaml" },
    platform,
  });
  return new Map(tree.map(({ path, contents }) => [path, contents]));
}

describe.each(readdirSync(EXAMPLES))("the demands of %s", (example) => {
  const demands = demandsOf(example);
  const files = generated(example);

  test("are many, each once per file", () => {
    expect(demands.length).toBeGreaterThan(25);
    const keys = demands.map(({ demand, file }) => `${demand} → ${file}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test.each(demands)("$demand: $file says $says", ({ file, says }) => {
    expect(says.length).toBeGreaterThan(3);
    expect(files.get(file)).toContain(says);
  });
});
