// Owns: what holds of every rendered tree, for any valid spec.
// Promises: parseable, unique, tidy, commented, listed in exactly one kustomization; the same spec gives the same bytes.
// Must not: build; that is src/capabilities' tests.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { capabilities, indexes } from "../../src/capabilities/index.js";
import { type FileTree, toFileTree } from "../../src/render/file-tree.js";
import { renderTree } from "../../src/render/render-tree.js";
import { SWITCHABLE_CAPABILITIES } from "../../src/spec/schema/spec-types.js";
import { releasesOf } from "../../src/stack/releases.js";
import type { Stack } from "../../src/stack/stack.js";
import { specData, specText } from "../spec/arbitrary-spec.js";
import { fuzzOptions } from "../spec/fuzz-options.js";
import { renderText } from "./build-stacks.js";
import { fileSpecsOf } from "./file-specs.js";
import { SAMPLE_STACKS } from "./sample-stacks.js";

/** Formats that know no comment, and files that are no one's to read. */
const WITHOUT_COMMENT = /\.(json|md)$|CODEOWNERS$/;

/** Files whose every byte is the user's. */
const VERBATIM = /(^|\/)files\/[^/]+\/[^/]+$/;

function faultsOf({ path, contents }: FileTree[number]): string[] {
  if (VERBATIM.test(path)) return [];
  const body = contents.replace(/^#![^\n]*\n/, "");
  return [
    !/[^\n]\n$/.test(contents) && "does not end with one newline",
    /[ \t]+$/m.test(contents) && "has trailing spaces",
    /\n\n\n/.test(contents) && "has a run of empty lines",
    /\bundefined\b|\[object Object\]|\bNaN\b/.test(contents) && "holds a value that is none",
    contents.includes("\r") && "has carriage returns",
    !WITHOUT_COMMENT.test(path) &&
      !body.startsWith("#") &&
      !body.startsWith("<!--") &&
      // Files of Erlang, of JavaScript, and of SQL.
      !/^(%%|\/\/|--) /.test(body) &&
      "opens without a comment",
    /\.json$/.test(path) && jsonFault(contents),
    ...(/\.ya?ml$/.test(path) ? yamlFaults(contents) : []),
  ].filter((fault): fault is string => typeof fault === "string");
}

function jsonFault(contents: string): string | false {
  try {
    JSON.parse(contents);
    return false;
  } catch (error) {
    return String(error);
  }
}

function yamlFaults(contents: string): string[] {
  return (["1.1", "1.2"] as const).flatMap((version) =>
    parseAllDocuments(contents, { version, uniqueKeys: true }).flatMap(({ errors }) =>
      errors.map(({ message }) => `YAML ${version}: ${message}`),
    ),
  );
}

/** What kustomizations list and do not have, and files that belong to one and are not listed exactly once. */
function listingFaults(stack: Stack, tree: FileTree): string[] {
  const prefix = stack.source.path === "." ? "" : `${stack.source.path}/`;
  const paths = new Set(tree.map(({ path }) => path));
  const listed = tree
    .filter(({ path }) => path.endsWith("/kustomization.yaml"))
    .flatMap((file) => entriesOf(file));
  const missing = listed.filter((entry) => !paths.has(entry) && !paths.has(`${entry}/kustomization.yaml`));
  const members = fileSpecsOf(stack).filter(({ member }) => member !== undefined);
  const stray = members.filter(
    ({ path }) => listed.filter((entry) => entry === `${prefix}${path}`).length !== 1,
  );
  return [
    ...missing.map((entry) => `${entry} is listed and not there`),
    ...stray.map(({ path }) => `${path} is not listed once`),
  ];
}

function entriesOf({ path, contents }: FileTree[number]): string[] {
  const {
    resources = [],
    patches = [],
    configMapGenerator = [],
  } = parseAllDocuments(contents)[0]?.toJS() ?? {};
  const named = [
    ...resources,
    ...patches.flatMap((patch: { path?: string }) => patch.path ?? []),
    ...configMapGenerator.flatMap(({ files = [] }: { files?: string[] }) =>
      files.map((file) => file.replace(/^[^=]*=/, "")),
    ),
  ];
  return named.map((entry: string) => new URL(entry, `file:///${path}`).pathname.slice(1));
}

function expectTidy(stack: Stack, tree: FileTree): void {
  expect(tree.flatMap((file) => faultsOf(file).map((fault) => `${file.path} ${fault}`))).toEqual([]);
  const folded = tree.map(({ path }) => path.normalize("NFC").toLowerCase());
  expect(new Set(folded).size).toBe(folded.length);
  expect(tree.map(({ path }) => path)).toEqual(tree.map(({ path }) => path).sort());
  expect(listingFaults(stack, tree)).toEqual([]);
}

describe("the tree of", () => {
  test.each(Object.entries(SAMPLE_STACKS))("%s is tidy and whole", (_name, text) => {
    const { stack, tree } = renderText(text);
    expectTidy(stack, tree);
  });

  test("any spec is tidy and whole, and the same twice", () => {
    fc.assert(
      fc.property(specData, (data) => {
        const { stack, tree } = renderText(specText(data));
        expectTidy(stack, tree);
        expect(renderTree(stack)).toEqual(tree);
      }),
      fuzzOptions(0.5),
    );
  });

  test("any spec is the same whatever the order of its maps", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      );
    };
    fc.assert(
      fc.property(specData, (data) => {
        expect(renderText(specText(reversed(data))).tree).toEqual(renderText(specText(data)).tree);
      }),
      fuzzOptions(0.5),
    );
  });
});

describe("two files that want one path", () => {
  const about = { what: "", why: "", change: "" };
  const file = (path: string, capability: string) =>
    ({ path, contents: "", mode: 0o644, ownership: "managed", capability, about }) as const;

  test.each([
    ["a.yaml", "a.yaml"],
    ["A.yaml", "a.yaml"],
    ["\u00e9", "e\u0301"],
  ])("%s and %s are an error of ours", (one, other) => {
    expect(() => toFileTree([file(one, "first"), file(other, "second")])).toThrow(
      /is wanted by capability second, and .* by first/,
    );
  });
});

test("the capabilities that can be switched off are those that say what is lost", () => {
  const switchable = [...capabilities, ...indexes]
    .filter(({ withoutIt }) => withoutIt !== undefined)
    .map(({ id }) => id);
  expect([...SWITCHABLE_CAPABILITIES].sort()).toEqual(switchable.sort());
});

test.each(Object.entries(SAMPLE_STACKS))(
  "images of ours in %s are pinned by digest, or say why not",
  (_name, text) => {
    const { stack, tree } = renderText(text);
    const own = stack.environments.flatMap(({ services }) =>
      services.flatMap(releasesOf).map(({ image }) => image.repository),
    );
    const loose = tree.flatMap(({ path, contents }) => {
      const lines = path.endsWith(".yaml") ? contents.split("\n") : [];
      return lines.filter((line, index) => {
        const image = /^ +image: (\S+)$/.exec(line)?.[1];
        const isPinned = image === undefined || own.includes(image) || image.includes("@sha256:");
        return (
          !isPinned &&
          !lines.slice(Math.max(0, index - 4), index).some((above) => above.includes("No digest"))
        );
      });
    });
    expect(loose).toEqual([]);
  },
);
