// Owns: what the project's own pages claim, run: commands, paths, specs, generated pages.
// Promises: a page that has gone stale is red.
// Must not: judge prose.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { referencePage } from "../../projenrc/docs/reference-page.js";
import { renderStack } from "../../src/index.js";

const root = join(import.meta.dirname, "../..");
const page = (name: string) => readFileSync(join(root, name), "utf8");
const scripts = JSON.parse(page("package.json")).scripts as Record<string, string>;
const PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

describe.each(PAGES)("%s", (name) => {
  test("names only commands that package.json has", () => {
    const named = [...page(name).matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, script]) => script as string);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  test("names only paths that exist", () => {
    const paths = [
      ...page(name).matchAll(/`((?:src|templates|projenrc|test|docs|examples)\/[A-Za-z0-9./-]*)`/g),
    ];
    const missing = paths.map(([, path]) => path as string).filter((path) => !existsSync(join(root, path)));
    expect(missing.filter((path) => !INSTRUCTIONS.includes(path))).toEqual([]);
  });

  test("links only to what is there", () => {
    const links = [...page(name).matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target as string);
    expect(links.filter((target) => !/^https?:/.test(target) && !existsSync(join(root, target)))).toEqual([]);
  });
});

/** Files that CONTRIBUTING.md tells a reader to make. */
const INSTRUCTIONS = [
  "templates/CONCERN/thing.yaml.hbs",
  "src/capabilities/concern.ts",
  "test/capabilities/concern.test.ts",
];

describe("README.md", () => {
  test("its stack is a whole one", () => {
    const [, spec = ""] = /```yaml\n([\s\S]*?)```/.exec(page("README.md")) ?? [];
    const { stack, tree } = renderStack({ spec: { text: spec } });
    expect(stack.environments.map(({ name }) => name)).toEqual(["dev", "prod"]);
    expect(tree.length).toBeGreaterThan(50);
  });

  test("lists the directories that a repository has", () => {
    const spec = page("examples/rate-limiter/prod-stack.yaml");
    const paths = renderStack({ spec: { text: spec } }).tree.map(({ path }) => path);
    for (const directory of [
      "base/",
      "overlays/prod/managed/",
      "bootstrap/",
      "monitoring/",
      "scripts/",
      "docs/runbook/",
    ])
      expect(
        paths.some((path) => path.startsWith(directory)),
        directory,
      ).toBe(true);
  });

  test("shows a picture of a real run", () => {
    const picture = page("docs/terminal.svg");
    expect(picture).toContain("npx create-prod-stack");
    expect(picture).toContain("Next:");
    expect(picture).not.toMatch(/\/(home|root|work|tmp)\//);
  });
});

test("docs/reference.md is what the schema says", () => {
  expect(page("docs/reference.md")).toBe(referencePage());
});

test("ARCHITECTURE.md stays on a page, and names every room of src", () => {
  const text = page("ARCHITECTURE.md");
  expect(text.split("\n").length).toBeLessThanOrEqual(100);
  const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "generated",
  );
  expect(rooms.map(({ name }) => name).filter((name) => !text.includes(`src/${name}/`))).toEqual([]);
});
