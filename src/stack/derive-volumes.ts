// Owns: the volumes of a service's pods, its files, and where they stand in each container.
// Promises: one name a volume in a pod; the same names whatever the order in the spec.
// Must not: know containers beyond their names.

import type { ConfigFile, Mount, Volume } from "./container.js";
import { volumeName } from "./derivation.js";
import { byKey } from "./derive-edges.js";
import type { EffectiveService } from "./effective.js";
import { bytes, formatBytes } from "./quantity.js";

type VolumeSpec = NonNullable<EffectiveService["volumes"]>[string];

/** Names of the volumes that the generator makes for files; a rule keeps users from them. */
export const CONTENT_VOLUME = "config-files";
export const OWN_VOLUME = "own-files";

/** ConfigMap of the files whose content stands in the spec. */
export function contentMapName(service: string): string {
  return `${service}-files`;
}

/** ConfigMap of the user's own files. */
export function ownMapName(service: string): string {
  return `${service}-own-files`;
}

/** Claim of a volume where it is an object of its own. */
export function claimName(service: string, volume: string): string {
  return `${service}-${volume}`;
}

/** A file's key in its ConfigMap: /etc/app.yaml → etc-app.yaml. */
export function keyOf(path: string): string {
  return path.slice(1).replaceAll("/", "-");
}

export function filesOf(service: EffectiveService): ConfigFile[] {
  return Object.entries(service.files ?? {})
    .sort(byKey)
    .map(([path, { content, from }]) => ({ path, key: keyOf(path), content, from }));
}

export function volumesOf(name: string, service: EffectiveService): Volume[] {
  const declared = Object.entries(service.volumes ?? {})
    .sort(byKey)
    .map(([volume, spec]) => volumeOf(name, volume, spec));
  const files = filesOf(service);
  const configMap = (volume: string, source: string): Volume => ({
    ...NOTHING,
    name: volume,
    kind: "configMap",
    source,
  });
  return [
    ...scratchOf(name, service).map(
      ({ volume, size }): Volume => ({
        ...NOTHING,
        name: volume,
        kind: "emptyDir",
        size,
      }),
    ),
    ...(files.some(({ content }) => content !== undefined)
      ? [configMap(CONTENT_VOLUME, contentMapName(name))]
      : []),
    ...(files.some(({ from }) => from !== undefined) ? [configMap(OWN_VOLUME, ownMapName(name))] : []),
    ...declared,
  ];
}

const NOTHING = { size: "", storageClass: undefined, mode: "ReadWriteOnce", source: "" } as const;

function volumeOf(service: string, name: string, spec: VolumeSpec): Volume {
  const { emptyDir, claim, secret, configMap } = spec;
  const size = (amount: string | number) => formatBytes(bytes(amount));
  if (claim !== undefined)
    return {
      name,
      kind: "claim",
      size: size(claim),
      storageClass: spec.class,
      mode: spec.mode ?? "ReadWriteOnce",
      source: claimName(service, name),
    };
  if (secret !== undefined) return { ...NOTHING, name, kind: "secret", source: secret };
  if (configMap !== undefined) return { ...NOTHING, name, kind: "configMap", source: configMap };
  return { ...NOTHING, name, kind: "emptyDir", size: size(emptyDir ?? "64Mi") };
}

/** Mounts of one container; `owner` is the service, whose own container has its name. */
export function mountsOf(owner: string, container: string, service: EffectiveService): Mount[] {
  const scratch = scratchOf(owner, service)
    .filter((item) => item.container === container)
    .map(({ volume, path }) => ({ volume, path, file: undefined, readOnly: false }));
  const files = Object.entries(service.files ?? {})
    .filter(([, { containers }]) => (containers ?? [owner]).includes(container))
    .sort(byKey)
    .map(([path, { content }]) => ({
      volume: content === undefined ? OWN_VOLUME : CONTENT_VOLUME,
      path,
      file: keyOf(path),
      readOnly: true,
    }));
  return [...scratch, ...files, ...volumeMounts(owner, container, service)];
}

function volumeMounts(owner: string, container: string, service: EffectiveService): Mount[] {
  const places =
    container === owner
      ? Object.entries(service.volumes ?? {}).flatMap(([name, { mount }]): [string, string][] =>
          mount === undefined ? [] : [[name, mount]],
        )
      : Object.entries(service.containers?.[container]?.mounts ?? {});
  return places.sort(byKey).map(([volume, path]) => {
    const { secret, configMap, readOnly } = service.volumes?.[volume] ?? {};
    const isFixed = secret !== undefined || configMap !== undefined;
    return { volume, path, file: undefined, readOnly: isFixed || (readOnly === true && container === owner) };
  });
}

interface Scratch {
  readonly container: string;
  readonly volume: string;
  readonly path: string;
  readonly size: string;
}

/** One volume a writable path of a container; paths that would share a name get a number. */
function scratchOf(owner: string, service: EffectiveService): Scratch[] {
  const taken = new Set<string>();
  const containers: [string, { writable?: Readonly<Record<string, string | number>> }][] = [
    [owner, service],
    ...Object.entries(service.containers ?? {}).sort(byKey),
  ];
  return containers.flatMap(([container, { writable }]) =>
    Object.entries(writable ?? {})
      .sort(byKey)
      .map(([path, size]) => {
        const plain = volumeName(container === owner ? path : `${container}${path}`);
        let volume = plain;
        for (let number = 2; taken.has(volume); number += 1) volume = `${plain}-${number}`;
        taken.add(volume);
        return { container, volume, path, size: formatBytes(bytes(size)) };
      }),
  );
}
