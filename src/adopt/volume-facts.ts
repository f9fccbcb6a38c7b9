// Owns: the volumes of a pod: scratch space, claims, configuration files, secrets.
// Promises: files carry their text only where no secret is in it; hostPath and its like are left, and named.
// Must not: know types of services.

import { asRecord, listAt, textAt, type Values } from "../validate/values.js";
import { Fact, type Facts, put } from "./facts.js";
import { type Manifest, type Origin, visible } from "./manifest.js";
import type { Report } from "./report.js";
import { labelOf } from "./scene.js";
import { isPublic, keysOfSecret } from "./variables.js";
import type { Container, Workload } from "./workloads.js";

export interface VolumeInput {
  readonly workload: Workload;
  readonly objects: readonly Manifest[];
  readonly report: Report;
}

export interface VolumeOutcome {
  readonly facts: Facts;
  /** Secrets that are mounted, with the keys that are known. */
  readonly secrets: ReadonlyMap<string, { readonly keys: readonly string[]; readonly origin: Origin }>;
  readonly hasClaim: boolean;
}

interface Mount {
  readonly path: string;
  readonly subPath: string | undefined;
  readonly readOnly: boolean;
}

const MOUNT_PATH = /^(\/[^\s:/]+)+$/;
const FILE_PATH = /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*|\/\.[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;
/** All files of a service that are written into the spec itself. */
const MAX_FILES_SIZE = 48 * 1024;

interface Work extends VolumeInput {
  readonly facts: Facts;
  readonly secrets: Map<string, { keys: readonly string[]; origin: Origin }>;
  size: number;
  hasClaim: boolean;
}

export function volumeFacts(input: VolumeInput): VolumeOutcome {
  const work: Work = { ...input, facts: {}, secrets: new Map(), size: 0, hasClaim: false };
  const { workload } = input;
  const origin = workload.object.origin(...workload.podPath, "volumes");
  for (const volume of listAt(workload.pod, "volumes").map(asRecord)) {
    const name = textAt(volume, "name") ?? "";
    for (const mount of mountsOf(name, workload)) readVolume(volume, name, mount, origin, work);
  }
  for (const template of workload.object.list("spec", "volumeClaimTemplates")) {
    const name = textAt(template, "metadata", "name") ?? "data";
    const place = workload.object.origin("spec", "volumeClaimTemplates");
    for (const mount of mountsOf(name, workload)) putClaim(name, asRecord(template.spec), mount, place, work);
  }
  return work;
}

/** Where the service's own container has a volume. */
function mountsOf(name: string, { main }: Workload): Mount[] {
  return mountsIn(name, main);
}

function othersMount(name: string, { sidecars, inits }: Workload): boolean {
  return [...sidecars, ...inits].some((container) => mountsIn(name, container).length > 0);
}

/** Volumes of the service that another of its containers sees, and where. */
export function sharedMounts(container: Container, volumes: Facts): Facts {
  const names = listAt(container.data, "volumeMounts").map((mount) => textAt(mount, "name") ?? "");
  return Object.fromEntries(
    [...new Set(names)]
      .filter((name) => Object.hasOwn(volumes, labelOf(name)))
      .flatMap((name) =>
        mountsIn(name, container)
          .slice(0, 1)
          .map(({ path }) => [labelOf(name), new Fact(path)]),
      ),
  );
}

function mountsIn(name: string, container: Container): Mount[] {
  return listAt(container.data, "volumeMounts")
    .map(asRecord)
    .filter((mount) => mount.name === name)
    .map((mount) => ({
      path: (textAt(mount, "mountPath") ?? "").replace(/(.)\/+$/, "$1"),
      subPath: textAt(mount, "subPath"),
      readOnly: mount.readOnly === true,
    }))
    .filter(({ path }) => MOUNT_PATH.test(path));
}

function readVolume(volume: Values, name: string, mount: Mount, origin: Origin, work: Work): void {
  const { object } = work.workload;
  if (volume.emptyDir !== undefined) {
    const size = textAt(volume, "emptyDir", "sizeLimit");
    const fact = new Fact(size ?? "256Mi", origin, size === undefined ? "no size is said here" : undefined);
    if (othersMount(name, work.workload)) {
      put(work.facts, ["volumes", labelOf(name), "emptyDir"], fact);
      put(work.facts, ["volumes", labelOf(name), "mount"], new Fact(mount.path, origin));
    } else put(work.facts, ["writable", mount.path], fact);
  } else if (volume.persistentVolumeClaim !== undefined) {
    const claimName = textAt(volume, "persistentVolumeClaim", "claimName");
    const claim = work.objects.find((one) => one.kind === "PersistentVolumeClaim" && one.name === claimName);
    putClaim(name, claim?.record("spec") ?? {}, mount, claim?.origin() ?? origin, work);
  } else if (volume.configMap !== undefined) putFiles(asRecord(volume.configMap), name, mount, origin, work);
  else if (volume.secret !== undefined) putSecret(asRecord(volume.secret), name, mount, origin, work);
  else {
    const kind = Object.keys(volume).find((key) => key !== "name") ?? "unknown";
    work.report.leave(
      `volume ${visible(name)} of ${visible(object.id)}: ${visible(kind)}${kind === "hostPath" ? ", which Pod Security forbids" : " is not covered"}`,
      origin,
    );
  }
}

const MODES = ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"];

function putClaim(name: string, claim: Values, mount: Mount, origin: Origin, work: Work): void {
  work.hasClaim = true;
  const volume = labelOf(name);
  const size = textAt(claim, "resources", "requests", "storage");
  const path = ["volumes", volume];
  put(
    work.facts,
    [...path, "claim"],
    new Fact(size ?? "10Gi", origin, size === undefined ? "its size is not in the repository" : undefined),
  );
  put(work.facts, [...path, "mount"], new Fact(mount.path, origin));
  const storageClass = textAt(claim, "storageClassName");
  if (storageClass !== undefined) put(work.facts, [...path, "class"], new Fact(storageClass, origin));
  const [mode] = listAt(claim, "accessModes");
  if (typeof mode === "string" && MODES.includes(mode) && mode !== "ReadWriteOnce")
    put(work.facts, [...path, "mode"], new Fact(mode, origin));
  if (mount.readOnly) put(work.facts, [...path, "readOnly"], new Fact(true, origin));
  work.report.warn(
    `${visible(work.workload.object.id)} keeps data on the volume ${visible(name)}: the generated claim is a new one; copy the data before you switch over`,
    origin,
  );
}

function putFiles(source: Values, name: string, mount: Mount, origin: Origin, work: Work): void {
  const mapName = textAt(source, "name") ?? "";
  const map = work.objects.find((one) => one.kind === "ConfigMap" && one.name === mapName);
  if (map === undefined) {
    if (mount.subPath !== undefined || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(mapName)) return;
    const note = "a ConfigMap that is not in the repository: somebody else has to make it";
    put(work.facts, ["volumes", labelOf(name), "configMap"], new Fact(mapName, origin, note));
    put(work.facts, ["volumes", labelOf(name), "mount"], new Fact(mount.path, origin));
    return;
  }
  const items = listAt(source, "items").map(asRecord);
  for (const [key, value] of Object.entries(map.record("data"))) {
    const item = items.find((one) => one.key === key);
    if (items.length > 0 && item === undefined) continue;
    const file = textAt(item, "path") ?? key;
    if (mount.subPath !== undefined && mount.subPath !== file) continue;
    const path = mount.subPath === undefined ? `${mount.path}/${file}` : mount.path;
    putFile(path, String(value), map, key, work);
  }
}

function putFile(path: string, text: string, map: Manifest, key: string, work: Work): void {
  const origin = map.origin("data", key);
  if (!isPublic(text)) {
    work.report.warn(
      `${visible(key)} of ConfigMap ${visible(map.name)} holds what looks like a secret: it was not copied. Take the secret out of it, then give it as services.NAME.files`,
      origin,
    );
    return;
  }
  work.size += text.length;
  if (!FILE_PATH.test(path) || work.size > MAX_FILES_SIZE) {
    work.report.leave(
      `${visible(key)} of ConfigMap ${visible(map.name)}: ${FILE_PATH.test(path) ? "too large for the spec" : "its path"}; put it below config/ and give services.NAME.files with from`,
      origin,
    );
    return;
  }
  put(work.facts, ["files", path, "content"], new Fact(text.endsWith("\n") ? text : `${text}\n`, origin));
}

function putSecret(source: Values, name: string, mount: Mount, origin: Origin, work: Work): void {
  const secret = textAt(source, "secretName") ?? "";
  if (secret === "") return;
  if (mount.subPath !== undefined) {
    work.report.leave(
      `${visible(mount.path)}: one file of Secret ${visible(secret)}; a secret is mounted whole, as a directory`,
      origin,
    );
    return;
  }
  const items = listAt(source, "items").map((item) => textAt(item, "key") ?? "");
  const keys = items.length > 0 ? items.filter((key) => key !== "") : keysOfSecret(secret, work.objects);
  put(work.facts, ["volumes", labelOf(name), "secret"], new Fact(labelOf(secret), origin));
  put(work.facts, ["volumes", labelOf(name), "mount"], new Fact(mount.path, origin));
  work.secrets.set(labelOf(secret), { keys, origin });
}
