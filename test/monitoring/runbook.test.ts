// Owns: whether the runbook is whole: a page per alert, four sections, links that lead somewhere, names of this stack.
// Promises: no page of one stack speaks of things that the stack does not have.
// Must not: judge prose.
import { readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { pageTemplate } from "../../src/capabilities/runbook.js";
import { ALERT_NAMES } from "../../src/stack/alert-names.js";
import { alertsOf } from "../../src/stack/alerts.js";
import { BROKERS, rendered, resolved, SHOP, SQL, STACKS } from "./stacks.js";

const SECTIONS = ["Meaning", "Impact", "Diagnosis", "Mitigation"];

/** Anchors of a page's headings, as GitHub and GitLab make them. */
function anchors(markdown: string): Set<string> {
  return new Set(
    [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function sections(markdown: string): Map<string, string> {
  return new Map(
    markdown
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf("\n")).trim(), part.slice(part.indexOf("\n")).trim()]),
  );
}

describe.each(Object.entries(STACKS))("the runbook of %s", (_name, spec) => {
  const files = rendered(spec);
  const stack = resolved(spec);
  const root = stack.source.path === "." ? "" : `${stack.source.path}/`;
  const pages = [...files].filter(([path]) => path.startsWith(`${root}docs/runbook/`));

  test("has a page per alert, with four sections that say something", () => {
    for (const { name, places } of alertsOf(stack)) {
      const page = files.get(`${root}docs/runbook/alerts/${name}.md`) ?? "";
      const found = sections(page);
      expect([...found.keys()], name).toEqual(SECTIONS);
      for (const section of SECTIONS)
        expect(found.get(section)?.length, `${name}: ${section}`).toBeGreaterThan(40);
      for (const { environment } of places) expect(page, name).toContain(environment.namespace);
      expect(found.get("Diagnosis"), name).toContain("```sh");
    }
    expect(pages.filter(([path]) => path.includes("/alerts/")).length).toBe(alertsOf(stack).length);
  });

  test("has links that lead somewhere", () => {
    for (const [path, contents] of pages) {
      for (const [, target = ""] of contents.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [file = "", anchor] = target.split("#");
        const place = file === "" ? path : normalize(join(dirname(path), file));
        const isFolder = [...files.keys()].some((known) => known.startsWith(`${place}`));
        expect(files.has(place) || isFolder, `${path}: ${target}`).toBe(true);
        if (anchor !== undefined)
          expect(anchors(files.get(place) ?? ""), `${path}: ${target}`).toContain(anchor);
      }
    }
  });

  test("has no empty cells, names or commands", () => {
    for (const [path, contents] of pages) {
      expect(contents, path).not.toMatch(/undefined|\[object|NaN/);
      expect(contents, path).not.toMatch(/\| {2}\|/);
      expect(contents, path).not.toMatch(/-n {2,}|deployment\/\s|data--0|=\s+# the alert/);
    }
  });
});

/** Names of the alerts of all stacks together: not every engine runs in each. */
function everyAlert(): string[] {
  return [
    ...new Set([SHOP, SQL, BROKERS].flatMap((spec) => alertsOf(resolved(spec)).map(({ name }) => name))),
  ];
}

test("ALERT_NAMES are the alerts that there are", () => {
  expect([...ALERT_NAMES].sort()).toEqual(everyAlert().sort());
});

test("every template of a page belongs to an alert", () => {
  const templates = readdirSync(join(import.meta.dirname, "../../templates/runbook/alerts")).map(
    (file) => `runbook/alerts/${file.replace(/\.hbs$/, "")}`,
  );
  expect(templates.sort()).toEqual(everyAlert().map(pageTemplate).sort());
});

test("pages differ: none is another with the names changed", () => {
  const bodies = alertsOf(resolved(SHOP)).map(({ name }) =>
    sections(rendered(SHOP).get(`stacks/shop/docs/runbook/alerts/${name}.md`) ?? "").get("Meaning"),
  );
  expect(new Set(bodies).size).toBe(bodies.length);
});
