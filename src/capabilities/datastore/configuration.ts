// Owns: the configuration files of a datastore and the ConfigMap that carries them.
// Promises: a change of them rolls the pod; an environment that agrees with the base adds nothing.
// Must not: hold secret values; the server gets those from its environment.

import type { Environment, Stack } from "../../stack/stack.js";
import { type About, type FileSpec, file, type GeneratedConfigMap } from "../capability.js";
import { labelsOf } from "../labels.js";
import { deletion } from "../layered-object.js";
import { managedDirectory } from "../places.js";
import { absentIn, COMPONENT, changeOf, configMapName, type Own, ownIn } from "./own-datastore.js";

type Configured = Own & { readonly configuration: NonNullable<Own["configuration"]> };

function configuredIn(view: Parameters<typeof ownIn>[0], name: string): Configured | undefined {
  const own = ownIn(view, name);
  return own?.configuration === undefined ? undefined : (own as Configured);
}

/** Environments whose files are not those of the base. */
function differing(stack: Stack, name: string): { environment: Environment; own: Configured }[] {
  const base = JSON.stringify(configuredIn(stack.base, name)?.configuration.files);
  return stack.environments.flatMap((environment) => {
    const own = configuredIn(environment, name);
    return own === undefined || JSON.stringify(own.configuration.files) === base
      ? []
      : [{ environment, own }];
  });
}

function aboutOf({ name, configuration }: Configured): About {
  return {
    what: `The configuration of ${name}.`,
    why: "Durable where it is a store, modest where it is a cache; memory stays below the container's limit.",
    standard: configuration.standard,
    change: changeOf({ name }),
  };
}

export function configurationFiles(stack: Stack, reference: Own): FileSpec[] {
  const { name } = reference;
  const base = configuredIn(stack.base, name);
  const map = { apiVersion: "v1", kind: "ConfigMap", name: configMapName(name) };
  const files = (directory: string, own: Configured) =>
    own.configuration.files.map((each) =>
      file(`${directory}/${each.name}`, each.template, each.view, aboutOf(own)),
    );
  return [
    ...(base === undefined ? [] : files(`base/${name}`, base)),
    ...differing(stack, name).flatMap(({ environment, own }) =>
      files(`${managedDirectory(environment)}/${name}`, own),
    ),
    ...(base === undefined
      ? []
      : absentIn(stack, name).map((environment) =>
          deletion(map, environment, aboutOf(base), "configmap.yaml"),
        )),
  ];
}

export function configurationMaps(stack: Stack, { name, image }: Own): GeneratedConfigMap[] {
  const labels = labelsOf(stack, name, COMPONENT, image.tag);
  const base = configuredIn(stack.base, name);
  const own = differing(stack, name).map(
    ({ environment, own: { configuration } }): GeneratedConfigMap => ({
      kustomization: managedDirectory(environment),
      name: configMapName(name),
      behavior: base === undefined ? "create" : "replace",
      literals: [],
      files: configuration.files.map((each) => `${each.name}=${name}/${each.name}`),
      labels: base === undefined ? labels : {},
    }),
  );
  if (base === undefined) return own;
  return [
    {
      kustomization: `base/${name}`,
      name: configMapName(name),
      behavior: "create",
      literals: [],
      files: base.configuration.files.map((each) => each.name),
      labels,
    },
    ...own,
  ];
}
