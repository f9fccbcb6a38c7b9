// Owns: a kustomization as objects, read without Kustomize: resources, components, generators, patches, images, replicas, namespace.
// Promises: never more than what is there; follows nothing out of the directory; ends, whatever refers to whatever.
// Must not: fetch, or run anything.

import { posix } from "node:path";
import { fieldsOf, isInline } from "../validate/kustomization-fields.js";
import { readDocuments } from "../validate/read-yaml.js";
import { isRemote } from "../validate/remote-reference.js";
import { asRecord, listAt, textAt, type Values } from "../validate/values.js";
import { Manifest, type Setting, type Source } from "./manifest.js";
import { applyOperations, mergePatch } from "./merge-patch.js";
import type { Kustomization, Reading } from "./read-manifests.js";

const MAX_DEPTH = 16;
/** Directories that one overlay may load, each as often as it is referred to: a few that refer to each other twice would be millions. */
const MAX_VISITS = 500;

interface Visit {
  readonly left: { visits: number };
  readonly reading: Reading;
  readonly texts: ReadonlyMap<string, string>;
  readonly depth: number;
}

/** Objects of the kustomization in a directory, as an overlay would give them. */
export function readKustomization(
  directory: string,
  reading: Reading,
  texts: ReadonlyMap<string, string>,
): readonly Manifest[] {
  return visit(directory, [], { reading, texts, depth: 0, left: { visits: MAX_VISITS } });
}

function visit(directory: string, before: readonly Manifest[], at: Visit): readonly Manifest[] {
  const kustomization = at.reading.kustomizations.get(directory);
  at.left.visits -= 1;
  if (kustomization === undefined || at.depth > MAX_DEPTH || at.left.visits < 0) return before;
  const deeper = { ...at, depth: at.depth + 1 };
  const own = entries(kustomization, "resources", "bases").flatMap((target) =>
    resourceAt(directory, target, deeper),
  );
  const components = entries(kustomization, "components").map((target) => posix.join(directory, target));
  const all = [...before, ...own];
  const generated = [
    ...generators(kustomization, "configMapGenerator", "ConfigMap", at).reduce(mergeGenerated, all),
  ];
  const withSecrets = generators(kustomization, "secretGenerator", "Secret", at).reduce(
    mergeGenerated,
    generated as readonly Manifest[],
  );
  const composed = components.reduce(
    (objects, component) => visit(component, objects, deeper),
    withSecrets as readonly Manifest[],
  );
  return transform(kustomization, patched(kustomization, composed, at));
}

/** Text entries of list fields. */
function entries({ data }: Kustomization, ...names: readonly string[]): string[] {
  return names
    .flatMap((name) => fieldsOf(data, name))
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter((value): value is string => typeof value === "string");
}

function maps({ data }: Kustomization, name: string): Values[] {
  return fieldsOf(data, name)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .map(asRecord);
}

function resourceAt(directory: string, target: string, at: Visit): readonly Manifest[] {
  if (isRemote(target)) return [];
  const path = posix.join(directory, target).replace(/\/$/, "");
  if (at.reading.kustomizations.has(path)) return visit(path, [], at);
  return (at.reading.sources.get(path) ?? []).map(manifestOf);
}

/** Files that generators read, which need not be YAML. */
export function generatorFiles({ kustomizations }: Reading): readonly string[] {
  const files = [...kustomizations.values()].flatMap((kustomization) =>
    [...maps(kustomization, "configMapGenerator"), ...maps(kustomization, "secretGenerator")].flatMap(
      (generator) =>
        [...listAt(generator, "files"), ...listAt(generator, "envs"), generator.env]
          .filter((entry): entry is string => typeof entry === "string")
          .map((entry) => posix.join(kustomization.directory, entry.slice(entry.indexOf("=") + 1))),
    ),
  );
  return [...new Set(files)].filter((path) => !path.startsWith(".."));
}

export function manifestOf(source: Source): Manifest {
  return new Manifest(source.data, [source], { file: source.file, line: source.lineAt([]) ?? 1 });
}

function generators(
  kustomization: Kustomization,
  field: string,
  kind: string,
  { texts }: Visit,
): { manifest: Manifest; behavior: string }[] {
  return maps(kustomization, field).flatMap((generator) => {
    const name = textAt(generator, "name");
    if (name === undefined) return [];
    const origin = { file: kustomization.path, line: kustomization.lineOf(field) };
    const data = Object.fromEntries(
      generatedEntries(kustomization.directory, generator, texts).map(([key, value]) => [
        key,
        // Of a secret only the keys are read.
        kind === "Secret" ? "" : value,
      ]),
    );
    const manifest = new Manifest({ apiVersion: "v1", kind, metadata: { name }, data }, [], origin);
    return [{ manifest, behavior: textAt(generator, "behavior") ?? "create" }];
  });
}

function generatedEntries(
  directory: string,
  generator: Values,
  texts: ReadonlyMap<string, string>,
): [string, string][] {
  const literals = listAt(generator, "literals").map((entry) => splitAt(String(entry)));
  const files = listAt(generator, "files").map((entry): [string, string] => {
    const text = String(entry);
    const path = text.slice(text.indexOf("=") + 1);
    const key = text.includes("=") ? text.slice(0, text.indexOf("=")) : posix.basename(path);
    return [key, texts.get(posix.join(directory, path)) ?? ""];
  });
  const envs = [...listAt(generator, "envs"), generator.env]
    .filter((path): path is string => typeof path === "string")
    .flatMap((path) => (texts.get(posix.join(directory, path)) ?? "").split(/\r?\n/))
    .filter((line) => /^[A-Za-z_][\w.-]*=/.test(line))
    .map(splitAt);
  return [...literals, ...files, ...envs];
}

function splitAt(text: string): [string, string] {
  const index = text.indexOf("=");
  const value = text.slice(index + 1).replace(/^(["'])(.*)\1$/s, "$2");
  return [index < 0 ? text : text.slice(0, index), value];
}

function mergeGenerated(
  objects: readonly Manifest[],
  { manifest, behavior }: { readonly manifest: Manifest; readonly behavior: string },
): readonly Manifest[] {
  const old = objects.find(({ id }) => id === manifest.id);
  if (old === undefined) return [...objects, manifest];
  const data = behavior === "merge" ? mergePatch(old.data, manifest.data) : manifest.data;
  return objects.map((one) =>
    one === old ? new Manifest(asRecord(data), [...one.sources], manifest.origin()) : one,
  );
}

interface Patch {
  readonly text: string;
  readonly path: string | undefined;
  readonly target: Values;
}

function patched(kustomization: Kustomization, objects: readonly Manifest[], at: Visit): readonly Manifest[] {
  const { directory } = kustomization;
  const read = (path: string) => at.texts.get(posix.join(directory, path)) ?? "";
  const strategic = entries(kustomization, "patchesStrategicMerge").map(
    (entry): Patch =>
      isInline("patchesStrategicMerge", entry)
        ? { text: entry, path: undefined, target: {} }
        : { text: read(entry), path: posix.join(directory, entry), target: {} },
  );
  const others = [...maps(kustomization, "patches"), ...maps(kustomization, "patchesJson6902")].map(
    ({ path, patch, target }): Patch => ({
      text: typeof patch === "string" ? patch : typeof path === "string" ? read(path) : "",
      path: typeof path === "string" ? posix.join(directory, path) : undefined,
      target: asRecord(target),
    }),
  );
  return [...strategic, ...others].reduce((result, patch) => applyPatch(result, patch, at.reading), objects);
}

function applyPatch(
  objects: readonly Manifest[],
  { text, path, target }: Patch,
  reading: Reading,
): readonly Manifest[] {
  const { documents } = readDocuments(text);
  return documents.reduce<readonly Manifest[]>((result, { value }) => {
    if (Array.isArray(value)) {
      const settings = path === undefined ? [] : settingsOf(value, path);
      return result.map((one) =>
        isTarget(one, target) ? one.with(applyOperations(one.data, value), [], settings) : one,
      );
    }
    const patch = asRecord(value);
    const wanted = Object.keys(target).length > 0 ? target : identityOf(patch);
    const outer = (path === undefined ? [] : (reading.sources.get(path) ?? [])).filter(
      ({ kind, name }) => kind === textAt(patch, "kind") && name === textAt(patch, "metadata", "name"),
    );
    if (patch.$patch === "delete") return result.filter((one) => !isTarget(one, wanted));
    return result.map((one) => {
      if (!isTarget(one, wanted)) return one;
      const { apiVersion, kind, metadata } = one.data;
      const merged = asRecord(mergePatch(one.data, patch));
      const named = { ...asRecord(merged.metadata), name: asRecord(metadata).name };
      return one.with({ ...merged, apiVersion, kind, metadata: named }, outer);
    });
  }, objects);
}

function settingsOf(operations: readonly unknown[], file: string): Setting[] {
  return operations.map((operation) => ({
    path: String(asRecord(operation).path ?? "")
      .slice(1)
      .replaceAll("/", ".")
      .replaceAll("~1", "/"),
    origin: { file, line: 1 },
  }));
}

function identityOf(patch: Values): Values {
  return { kind: patch.kind, name: asRecord(patch.metadata).name };
}

/** Targets are regular expressions, anchored; a broken one matches nothing. */
function isTarget({ kind, name, labels }: Manifest, target: Values): boolean {
  const fits = (pattern: unknown, text: string) =>
    typeof pattern !== "string" ||
    pattern === "" ||
    pattern === text ||
    (isSimple(pattern) && new RegExp(`^(?:${pattern})$`).test(text));
  const selector = target.labelSelector;
  const hasLabels =
    typeof selector !== "string" ||
    selector.split(",").every((part) => {
      const [key = "", value = ""] = part.split("=").map((word) => word.trim());
      return labels[key] === value;
    });
  return fits(target.kind, kind) && fits(target.name, name) && hasLabels;
}

/** Of a stranger's expression only what cannot run for ever. */
function isSimple(pattern: string): boolean {
  return pattern.length < 200 && /^(?:[\w-]|\.\*|\|)*$/.test(pattern);
}

function transform(kustomization: Kustomization, objects: readonly Manifest[]): readonly Manifest[] {
  const { data } = kustomization;
  const namespace = textAt(data, "namespace");
  const images = maps(kustomization, "images");
  const replicas = maps(kustomization, "replicas");
  const at = (path: string, field: string): Setting => ({
    path,
    origin: { file: kustomization.path, line: kustomization.lineOf(field) },
  });
  return objects.map((object) => {
    const settings: Setting[] = [];
    let { data: result } = object;
    const count = replicas.find(({ name }) => name === object.name)?.count;
    if (typeof count === "number" && ["Deployment", "StatefulSet"].includes(object.kind)) {
      result = asRecord(mergePatch(result, { spec: { replicas: count } }));
      settings.push(at("spec.replicas", "replicas"));
    }
    if (namespace !== undefined) {
      result = asRecord(mergePatch(result, { metadata: { namespace } }));
      settings.push(at("metadata.namespace", "namespace"));
    }
    const renamed = images.length === 0 ? result : asRecord(withImages(result, images));
    if (JSON.stringify(renamed) !== JSON.stringify(result)) settings.push(at("*.image", "images"));
    return object.with(renamed, [], settings);
  });
}

/** Every `image` of a container, wherever it stands. */
function withImages(value: unknown, images: readonly Values[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withImages(item, images));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "image" && typeof item === "string" ? newImage(item, images) : withImages(item, images),
    ]),
  );
}

function newImage(image: string, images: readonly Values[]): string {
  const [, repository = "", rest = ""] = /^(.*?)((?::[^:/@]+)?(?:@.*)?)$/.exec(image) ?? [];
  const entry = images.find(({ name }) => name === repository);
  if (entry === undefined) return image;
  const { newName, newTag, digest } = entry;
  const name = typeof newName === "string" ? newName : repository;
  if (typeof digest === "string") return `${name}@${digest}`;
  return newTag === undefined || newTag === null ? `${name}${rest}` : `${name}:${String(newTag)}`;
}
