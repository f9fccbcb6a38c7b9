// Proves that releases are never touched: real `kustomize edit` writes them, and regeneration only adds what is new.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { mergeRelease } from "../../src/plan/merge-release.js";
import { generate, removeScratchFolders, scratchFolder, treeFile } from "../apply/scratch-repository.js";
import { ensureTool } from "../tools/ensure-tool.js";

afterAll(removeScratchFolders);

function overlay(services: readonly string[]): string {
  return [
    "# The overlay of prod. This file is yours.",
    "#",
    "# `images` is the release.",
    "apiVersion: kustomize.config.k8s.io/v1beta1",
    "kind: Kustomization",
    "resources:",
    "  - managed",
    "images:",
    ...services.map((name) => `  - name: ghcr.io/example-org/${name}\n    newTag: 1.0.0`),
    "patches:",
    "  # The version as a label.",
    ...services.map((name) =>
      [
        "  - target:",
        `      labelSelector: app.kubernetes.io/name=${name}`,
        "    patch: |-",
        "      - op: add",
        "        path: /metadata/labels/app.kubernetes.io~1version",
        '        value: "1.0.0"',
      ].join("\n"),
    ),
    "",
  ].join("\n");
}

const one = overlay(["api"]);
const two = overlay(["api", "worker"]);

/** The lines of `text` that `lines` of `part` are not. */
function insertedInto(part: string, text: string): string[] {
  const kept = part.split("\n");
  const inserted: string[] = [];
  for (const line of text.split("\n")) {
    if (line === kept[0]) kept.shift();
    else inserted.push(line);
  }
  expect(kept).toEqual([]);
  return inserted;
}

describe("a new service", () => {
  test("gets its entries; every line that was there stays, in its order", () => {
    const { text, added } = mergeRelease(one, one, two);
    expect(text).toBe(two);
    expect(added).toEqual([
      "the image of ghcr.io/example-org/worker",
      "the patch of app.kubernetes.io/name=worker",
    ]);
  });

  test("in a file of another style, too", () => {
    const edited = [
      "kind: Kustomization   # trailing spaces and comments are mine",
      "apiVersion: kustomize.config.k8s.io/v1beta1",
      "",
      "images:",
      "# about the api",
      "- name: ghcr.io/example-org/api # pinned",
      '  newTag: "7"   # see the ticket',
      "",
      "# after the images",
      "resources: [ managed,   mine.yaml ]",
      "",
    ].join("\n");
    const { text } = mergeRelease(one, edited, two);
    const inserted = insertedInto(edited, text);
    expect(inserted.slice(0, 2)).toEqual(["- name: ghcr.io/example-org/worker", "  newTag: 1.0.0"]);
    expect(parse(text).images).toHaveLength(2);
    expect(parse(text).patches).toHaveLength(1);
  });

  test.each([
    ["flow lists", "images: [{ name: ghcr.io/example-org/api, newTag: '7' }]\n"],
    ["an empty list", "images: []\nresources: [managed]\n"],
    ["a list without a value", "images:\nresources:\n  - managed\n"],
    ["no list at all", "resources:\n  - managed # mine\n"],
    ["no newline at the end", "images:\n  - name: ghcr.io/example-org/api\n    newTag: '7'"],
    ["a comment at the end", "images:\n  - name: ghcr.io/example-org/api\n    newTag: '7'\n# the end\n"],
    ["a document end", "images:\n  - name: ghcr.io/example-org/api\n    newTag: '7'\n...\n"],
  ])("finds its place with %s", (_, edited) => {
    const { text } = mergeRelease(one, edited, two);
    const names = (parse(text).images as { name: string }[]).map(({ name }) => name);
    expect(names).toContain("ghcr.io/example-org/worker");
    expect(names.filter((name) => name.endsWith("worker"))).toHaveLength(1);
    for (const comment of edited.match(/#.*/g) ?? []) expect(text).toContain(comment);
    if (edited.includes("api")) expect(names[0]).toBe("ghcr.io/example-org/api");
  });
});

test("an entry that the user removed is not added again", () => {
  const removed = overlay(["worker"]);
  expect(mergeRelease(two, removed, two)).toEqual({ text: removed, added: [] });
});

test("an entry that is no longer needed stays", () => {
  expect(mergeRelease(two, two, one)).toEqual({ text: two, added: [] });
});

test.each([
  ["not YAML", "images: [\n"],
  ["a list", "- a\n"],
  ["empty", ""],
  ["two documents", "a: 1\n---\nb: 2\n"],
])("a file that is %s is left alone", (_, edited) => {
  expect(mergeRelease(one, edited, two)).toEqual({ text: edited, added: [] });
});

describe("after two hundred releases by kustomize", () => {
  const path = "overlays/prod/kustomization.yaml";
  const treeWith = (services: readonly string[]) => [
    treeFile(path, overlay(services), { ownership: "release" }),
  ];

  test("nothing of them changes, and a new service is added beside them", async () => {
    const kustomize = await ensureTool("kustomize");
    const root = join(scratchFolder(), "repository");
    generate(treeWith(["api", "web"]), root);
    const file = join(root, path);
    mkdirSync(join(root, "overlays/prod/managed"));
    writeFileSync(join(root, "overlays/prod/managed/kustomization.yaml"), "resources: []\n");
    for (let release = 1; release <= 200; release += 1) {
      const name = `ghcr.io/example-org/${release % 2 ? "api" : "web"}`;
      const target = release % 3 ? `:1.${release}.0` : `@sha256:${String(release).padStart(64, "0")}`;
      execFileSync(kustomize, ["edit", "set", "image", `${name}=${name}${target}`], {
        cwd: join(file, ".."),
      });
      if (release % 50 !== 0) continue;
      const released = readFileSync(file, "utf8");
      const { report } = generate(treeWith(["api", "web"]), root);
      expect(report.counts).toMatchObject({ keep: 1, update: 0, merge: 0, conflict: 0 });
      expect(readFileSync(file, "utf8")).toBe(released);
    }
    const released = readFileSync(file, "utf8");
    expect(released).toContain("# The version as a label.");
    const { report } = generate(treeWith(["api", "web", "worker"]), root);
    expect(report.counts).toMatchObject({ merge: 1 });
    const inserted = insertedInto(released, readFileSync(file, "utf8"));
    expect(inserted.slice(0, 2)).toEqual(["- name: ghcr.io/example-org/worker", "  newTag: 1.0.0"]);
    expect(generate(treeWith(["api", "web", "worker"]), root).report.counts).toMatchObject({ keep: 1 });
  }, 120_000);
});
