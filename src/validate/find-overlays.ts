// Owns: which kustomizations of a stack are built: one per environment, and those that the platform applies.
// Promises: an environment that the spec declares is a row even where its overlay is gone; links are rows that fail.
// Must not: build.

import { posix } from "node:path";
import { StackError } from "../stack-error.js";
import { KUSTOMIZATION_FILES } from "./read-kustomizations.js";
import type { StackFile } from "./stack-files.js";
import { environmentOf, type StackSettings } from "./stack-settings.js";
import type { Finding } from "./validation-report.js";

export interface Overlay {
  /** Name of the environment, prod/west for one of its clusters, or `bootstrap` and what is below it. */
  readonly name: string;
  /** Below the stack's directory. */
  readonly directory: string;
  readonly tier: string | undefined;
  /** Namespace that the spec names; undefined for what is applied by the platform. */
  readonly namespace: string | undefined;
  /** Why it cannot be built. */
  readonly problem: Finding | undefined;
}

/**
 * The overlays, environments first, each sorted by name.
 * @param names only these environments; all, and what the platform applies, where there is none
 * @throws StackError (input, NO_ENVIRONMENT) when a name is no overlay and no environment of the spec
 */
export function findOverlays(
  files: readonly StackFile[],
  settings: StackSettings,
  names?: readonly string[],
): readonly Overlay[] {
  const environments = environmentOverlays(files, settings);
  if (names === undefined || names.length === 0) return [...environments, ...bootstrapOverlays(files)];
  return [...new Set(names)].flatMap((name) => {
    const overlays = environments.filter(
      (candidate) => candidate.name === name || candidate.name.startsWith(`${name}/`),
    );
    if (overlays.length === 0) throw noEnvironment(name, environments);
    return overlays;
  });
}

/**
 * Kustomizations that no overlay loads and that are applied by themselves, such as the dashboards of the platform's
 * Grafana. Those of base/ are never applied alone.
 */
export function findStandalone(
  files: readonly StackFile[],
  loadedBy: (directory: string) => readonly string[],
  loaded: ReadonlySet<string>,
): readonly Overlay[] {
  const directories = files
    .filter(({ path }) => KUSTOMIZATION_FILES.includes(posix.basename(path)) && !loaded.has(path))
    .filter(({ path, text }) => !PARTS.test(path) && !isComponent(text))
    .map(({ path }) => posix.dirname(path));
  const inOthers = new Set(directories.flatMap((directory) => loadedBy(directory).slice(1)));
  return directories
    .filter((directory) => !KUSTOMIZATION_FILES.some((name) => inOthers.has(posix.join(directory, name))))
    .map((directory) => ({
      name: directory,
      directory,
      tier: undefined,
      namespace: undefined,
      problem: undefined,
    }));
}

/** Directories whose kustomizations are rows already, or parts of others. */
const PARTS = /^(?:base|overlays|clusters|bootstrap)\//;

function noEnvironment(name: string, known: readonly Overlay[]): StackError {
  const hint =
    known.length === 0
      ? "There is no overlay at all."
      : `There are: ${known.map((overlay) => overlay.name).join(", ")}.`;
  return new StackError("input", "NO_ENVIRONMENT", `no environment is called "${name}"`, { hint });
}

function environmentOverlays(files: readonly StackFile[], settings: StackSettings): Overlay[] {
  const components = componentsIn(files);
  const present = [
    ...directoriesIn(files, "overlays").filter((name) => !components.includes(`overlays/${name}`)),
    ...directoriesIn(files, "clusters").flatMap((environment) =>
      directoriesIn(files, `clusters/${environment}`).map((cluster) => `${environment}/${cluster}`),
    ),
  ];
  const declared = settings.environments.flatMap(({ name, clusters }) =>
    clusters.length === 0
      ? present.some((overlay) => environmentOf(overlay, settings)?.name === name)
        ? []
        : [name]
      : clusters.map((cluster) => `${name}/${cluster}`),
  );
  return [...new Set([...present, ...declared])].sort().map((name) => {
    const { tier, namespace } = environmentOf(name, settings) ?? {};
    const directory = name.includes("/") ? `clusters/${name}` : `overlays/${name}`;
    return { name, directory, tier, namespace, problem: problemOf(files, directory) };
  });
}

/** Directories of kustomizations that are parts of others: what the clusters of an environment have in common. */
function componentsIn(files: readonly StackFile[]): string[] {
  return files
    .filter(({ path, text }) => KUSTOMIZATION_FILES.includes(posix.basename(path)) && isComponent(text))
    .map(({ path }) => posix.dirname(path));
}

function isComponent(text: string | undefined): boolean {
  return /^kind:\s*["']?Component["']?\s*$/m.test(text ?? "");
}

function bootstrapOverlays(files: readonly StackFile[]): Overlay[] {
  const own = hasKustomization(files, "bootstrap") ? ["bootstrap"] : [];
  const first = directoriesIn(files, "bootstrap").map((name) => `bootstrap/${name}`);
  const below = first.flatMap((parent) => [
    parent,
    ...directoriesIn(files, parent).map((name) => `${parent}/${name}`),
  ]);
  const built = below.filter((directory) => isLink(files, directory) || hasKustomization(files, directory));
  return [...own, ...built.sort()].map((directory) => ({
    name: directory,
    directory,
    tier: undefined,
    namespace: undefined,
    problem: problemOf(files, directory),
  }));
}

/** Names of the directories, and of the links, in a directory. */
function directoriesIn(files: readonly StackFile[], parent: string): string[] {
  const names = files.flatMap(({ path, unread }) => {
    if (!path.startsWith(`${parent}/`)) return [];
    const [name = "", ...rest] = path.slice(parent.length + 1).split("/");
    return rest.length > 0 || unread?.startsWith("link") ? [name] : [];
  });
  return [...new Set(names)];
}

function hasKustomization(files: readonly StackFile[], directory: string): boolean {
  return files.some(({ path }) => KUSTOMIZATION_FILES.some((name) => path === `${directory}/${name}`));
}

function isLink(files: readonly StackFile[], path: string): boolean {
  return files.some((file) => file.path === path && file.unread?.startsWith("link"));
}

function problemOf(files: readonly StackFile[], directory: string): Finding | undefined {
  if (isLink(files, directory)) {
    return problem(
      directory,
      "overlay-link",
      "is a symbolic link, which is not followed",
      "Make it a directory.",
    );
  }
  if (hasKustomization(files, directory)) return undefined;
  return problem(
    directory,
    "overlay-missing",
    "has no kustomization.yaml",
    "Restore it from git, or remove the environment from prod-stack.yaml.",
  );
}

function problem(file: string, rule: string, message: string, hint: string): Finding {
  return { severity: "error", rule, file, message, hint };
}
