// Owns: a datastore of one environment as facts of prod-stack.yaml: engine, version, storage, names, backup.
// Promises: the same major version as today's data; what the engine cannot do here is said.
// Must not: look at a password.

import { engines } from "../stack/engines/index.js";
import { asRecord, listAt, textAt } from "../validate/values.js";
import { resourceFacts } from "./container-facts.js";
import { Fact, type Facts, put } from "./facts.js";
import { parseImage } from "./known-images.js";
import { type Manifest, type Origin, visible } from "./manifest.js";
import type { DatastoreRole, Scene } from "./scene.js";
import { variablesOf } from "./variables.js";

/** Variables of the official images, and of Bitnami's, that name the database and the user. */
const DATABASE =
  /^(?:POSTGRES(?:QL)?_(?:DB|DATABASE)|(?:MYSQL|MARIADB)_DATABASE|MONGO_INITDB_DATABASE|MONGODB_DATABASE)$/;
const USERNAME =
  /^(?:POSTGRES(?:QL)?_(?:USER|USERNAME)|(?:MYSQL|MARIADB)_USER|RABBITMQ_(?:DEFAULT_USER|USERNAME)|MONGODB_USERNAME)$/;
/** Names that the server keeps for itself. */
const OWN_USERS = ["postgres", "root", "admin", "guest"];

export function datastoreFacts(role: DatastoreRole, scene: Scene): Facts {
  const { engine, workload, key } = role;
  const { object, main } = workload;
  const { report, place } = scene;
  const origin = object.origin(...main.path, "image");
  const facts: Facts = { engine: new Fact(engine, origin) };
  if (!engines[engine].modes.includes("statefulset")) return { ...facts, ...externalFacts(role, scene) };
  facts.version = versionFact(role, origin);
  const storage = storageOf(role, place.objects);
  const isCache = ["redis", "valkey"].includes(engine) && storage === undefined;
  if (isCache)
    facts.role = new Fact("cache", object.origin(), "it has no volume today, so that its data may be lost");
  else
    facts.storage =
      storage ??
      new Fact(engines[engine].defaults.storage ?? "20Gi", object.origin(), "it has no volume today");
  const variables = variablesOf({
    container: main,
    object,
    service: key,
    objects: place.objects,
    report: scene.report,
  });
  const database = variables.find(({ name, text }) => text !== undefined && DATABASE.test(name));
  const username = variables.find(({ name, text }) => text !== undefined && USERNAME.test(name));
  if (database?.text !== undefined) facts.database = new Fact(database.text, database.origin);
  if (username?.text !== undefined && !OWN_USERS.includes(username.text))
    facts.username = new Fact(username.text, username.origin);
  const resources = resourceFacts({ container: main, object, report });
  if (isEnough(resources)) facts.resources = resources;
  replicaFacts(role, facts);
  backupFacts(role, scene, facts, isCache);
  report.warn(
    isCache
      ? `${visible(object.id)} becomes a cache of the stack's own, which begins empty`
      : `${visible(object.id)} holds data: the generated ${engine} begins empty. Dump the old one and load it into the new one before you switch over`,
    object.origin(),
  );
  return facts;
}

function versionFact({ engine, workload }: DatastoreRole, origin: Origin): Fact {
  const tag = parseImage(workload.main.image).tag ?? "";
  const version = /^v?(\d+(?:\.\d+){0,2})(?:$|[-_.])/.exec(tag)?.[1];
  const usual = engines[engine].defaults.version ?? "1";
  if (version === undefined)
    return new Fact(
      usual,
      origin,
      tag === "" ? "no version is said here" : `the tag ${visible(tag, 40)} says no version`,
    );
  return new Fact(version, origin);
}

function storageOf({ workload }: DatastoreRole, objects: readonly Manifest[]): Fact | undefined {
  const { object, pod } = workload;
  const [template] = object.list("spec", "volumeClaimTemplates");
  const size = textAt(template, "spec", "resources", "requests", "storage");
  if (size !== undefined)
    return new Fact(
      size,
      object.origin("spec", "volumeClaimTemplates", 0, "spec", "resources", "requests", "storage"),
    );
  for (const volume of listAt(pod, "volumes").map(asRecord)) {
    const name = textAt(volume, "persistentVolumeClaim", "claimName");
    const claim = objects.find((one) => one.kind === "PersistentVolumeClaim" && one.name === name);
    const asked = claim?.text("spec", "resources", "requests", "storage");
    if (asked !== undefined)
      return new Fact(asked, claim?.origin("spec", "resources", "requests", "storage"));
    if (name !== undefined)
      return new Fact("20Gi", object.origin(), "the size of its claim is not in the repository");
  }
  return undefined;
}

/** Below half a GiB the engines' own configuration has no room. */
function isEnough(resources: Facts): boolean {
  const limits = resources.limits;
  const memory = limits === undefined || limits instanceof Fact ? undefined : limits.memory;
  if (!(memory instanceof Fact)) return false;
  const [, number = "0", unit = ""] = /^([0-9.]+)(.*)$/.exec(String(memory.value)) ?? [];
  const factors: Readonly<Record<string, number>> = { Mi: 1, M: 0.95, Gi: 1024, G: 950, Ti: 2 ** 20 };
  return Number(number) * (factors[unit] ?? 0) >= 512;
}

function replicaFacts({ engine, workload }: DatastoreRole, facts: Facts): void {
  const count = workload.object.at("spec", "replicas");
  if (typeof count !== "number" || count <= 1) return;
  const origin = workload.object.origin("spec", "replicas");
  const { sizes = [1] } = engines[engine];
  facts.replicas = sizes.includes(count)
    ? new Fact(count, origin)
    : new Fact(1, origin, `${count} here; the generated ${engine} has ${sizes.join(" or ")}`);
}

/** Today's backup keeps its hour. */
function backupFacts(
  { engine }: DatastoreRole,
  { backups, report }: Scene,
  facts: Facts,
  isCache: boolean,
): void {
  const backup = backups.find((one) => one.engine === engine);
  if (backup === undefined) return;
  const schedule = backup.object.text("spec", "schedule");
  report.leave(
    `${visible(backup.object.id)}: the generated backup stands in its place (backup.store says where to)`,
    backup.object.origin(),
  );
  if (schedule !== undefined && !isCache)
    put(facts, ["backup", "schedule"], new Fact(schedule, backup.object.origin("spec", "schedule")));
}

/** What the generator only connects to stays where it is. */
function externalFacts({ workload, hosts, engine }: DatastoreRole, { place, report }: Scene): Facts {
  const { object } = workload;
  const namespace = object.namespace === "" ? place.name : object.namespace;
  report.leave(`${visible(object.id)}: stays where it is, and the stack connects to it`, object.origin());
  const origin = object.origin("metadata", "namespace");
  const note = object.namespace === "" ? "its namespace is not said here" : undefined;
  return {
    mode: new Fact(
      "external",
      object.origin(),
      engines[engine].modes.includes("operator")
        ? "stays where it is; mode: operator makes a new one"
        : "the generator runs none of this engine",
    ),
    host: new Fact(`${hosts[0] ?? object.name}.${namespace}.svc.cluster.local`, origin, note),
    tls: new Fact(false, object.origin()),
  };
}
