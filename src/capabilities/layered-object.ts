// Owns: where an object lives when environments differ: in the base, as a patch, or in one environment alone.
// Promises: an environment that agrees with the base adds nothing; any difference becomes a patch, a resource or a deletion.
// Must not: know which object it is.

import type { Environment, Stack } from "../stack/stack.js";
import { type About, type FileSpec, file } from "./capability.js";
import { managedDirectory } from "./places.js";

export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export interface LayeredObject<V extends object> {
  readonly object: ObjectIdentity;
  /** Directory of the kustomization in the base, such as base/api. */
  readonly directory: string;
  /** What the file is called: deployment.yaml in a component's directory, NAME.deployment.yaml beside other components. */
  readonly fileName: string;
  /** The directory belongs to one component, so that files in it need no name before theirs. */
  readonly ownDirectory?: boolean;
  readonly template: string;
  readonly about: About;
  /** What the base has; undefined where the object is not there. */
  readonly base: V | undefined;
  /** What an environment has. */
  readonly inEnvironment: (environment: Environment) => V | undefined;
  /** Template and view of the patch where an environment differs. */
  readonly patch: (
    environment: Environment,
    view: V,
    base: V,
  ) => { readonly template: string; readonly view: unknown } | undefined;
}

/** The files of an object over all layers. */
export function layeredObject<V extends object>(stack: Stack, layered: LayeredObject<V>): FileSpec[] {
  const { base, directory, fileName, object, template, about, ownDirectory = true } = layered;
  const kinds = [groupKind(layered.object)];
  const files = stack.environments.flatMap((environment) => inEnvironment(layered, environment, kinds));
  if (base === undefined) return files;
  const baseName = ownDirectory ? fileName : `${object.name}.${fileName}`;
  return [
    file(`${directory}/${baseName}`, template, base, about, {
      member: { kustomization: directory, as: "resources" },
      kinds,
    }),
    ...files,
  ];
}

function inEnvironment<V extends object>(
  layered: LayeredObject<V>,
  environment: Environment,
  kinds: readonly string[],
): FileSpec[] {
  const { base, object, template, about, fileName } = layered;
  const view = layered.inEnvironment(environment);
  const kustomization = managedDirectory(environment);
  const path = `${kustomization}/${object.name}.${fileName}`;
  const patchPath = path.replace(/\.yaml$/, ".patch.yaml");
  if (view === undefined) return base === undefined ? [] : [deletion(object, environment, about, fileName)];
  if (base === undefined)
    return [file(path, template, view, about, { member: { kustomization, as: "resources" }, kinds })];
  if (JSON.stringify(view) === JSON.stringify(base)) return [];
  const patch = layered.patch(environment, view, base);
  return patch === undefined
    ? []
    : [file(patchPath, patch.template, patch.view, about, { member: { kustomization, as: "patches" } })];
}

/** A patch by which an environment does without what the base has. */
export function deletion(
  object: ObjectIdentity,
  environment: Environment,
  about: About,
  fileName: string,
): FileSpec {
  const kustomization = managedDirectory(environment);
  const path = `${kustomization}/${object.name}.${fileName.replace(/\.yaml$/, ".patch.yaml")}`;
  return file(path, "kustomize/delete.patch.yaml", { ...object }, about, {
    member: { kustomization, as: "patches" },
  });
}

/** `apps/Deployment`, `/Service` for the core group. */
export function groupKind({ apiVersion, kind }: Pick<ObjectIdentity, "apiVersion" | "kind">): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/", 1)[0] : "";
  return `${group}/${kind}`;
}
