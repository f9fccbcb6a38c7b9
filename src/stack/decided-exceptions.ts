// Owns: checks of scanners that the generator itself does not meet, on purpose, with the reason of each.
// Promises: on whom it is true and on nobody else; without an end, since they are decisions and no debts.
// Must not: excuse what could be mended, or an answer of the user's; those are `exceptions` in the spec.

import { backupName } from "./backup-name.js";
import type { Image, Probe, Probes } from "./container.js";
import type { Datastore, ServerVariable } from "./datastore.js";
import type { CheckTool, Exception } from "./derive-exceptions.js";
import { recreates } from "./derive-load.js";
import { endsByItself } from "./presets/service-types.js";
import type { Service } from "./service.js";
import type { View } from "./stack.js";

/** From here on a user id belongs to no system account of a usual node (Checkov CKV_K8S_40, kube-score). */
const HIGH_ID = 10_000;

/** Something with pods, and what the checks below look at. */
interface Component {
  readonly name: string;
  readonly ids: readonly number[];
  readonly readsSecrets: boolean;
  readonly images: readonly (Image | undefined)[];
  /** Readiness and liveness ask the same, in one of its containers. */
  readonly asksTheSame: boolean;
  /** Probes that its own container has not: nothing of it can be asked. */
  readonly without: readonly ("readiness" | "liveness")[];
  readonly isSingle: boolean;
  readonly recreates: boolean;
}

interface Decision {
  readonly id: string;
  readonly tool: CheckTool;
  /** The reason where it is not met, without the signs that end a reason in an annotation. */
  readonly reason: (component: Component, view: View) => string | undefined;
}

const lowId = ({ ids }: Component) => {
  const low = ids.filter((id) => id < HIGH_ID);
  return low.length === 0
    ? undefined
    : `its files belong to the ids of the image: ${[...new Set(low)].join(" and ")}`;
};

const openReason = ({ settings }: View) =>
  settings.network.policies ? undefined : "network.policies is off here, as it is in development by default";

const SILENT = "it has no port to ask, and no command was given; a process that ends is restarted";

const DECISIONS: readonly Decision[] = [
  {
    id: "CKV_K8S_35",
    tool: "checkov",
    reason: ({ readsSecrets }) =>
      readsSecrets
        ? "the program reads it from its environment; the value is in the secret store, and git has its name alone"
        : undefined,
  },
  {
    id: "CKV_K8S_8",
    tool: "checkov",
    reason: ({ without }) => (without.includes("liveness") ? SILENT : undefined),
  },
  {
    id: "CKV_K8S_9",
    tool: "checkov",
    reason: ({ without }) => (without.includes("readiness") ? SILENT : undefined),
  },
  { id: "CKV_K8S_40", tool: "checkov", reason: lowId },
  { id: "CKV2_K8S_6", tool: "checkov", reason: (_component, view) => openReason(view) },
  {
    id: "CKV_K8S_43",
    tool: "checkov",
    reason: ({ images }) => images.flatMap((image) => image?.exception ?? [])[0],
  },
  { id: "container-security-context-user-group-id", tool: "kube-score", reason: lowId },
  {
    id: "pod-networkpolicy",
    tool: "kube-score",
    reason: (_component, view) =>
      openReason(view) ??
      (view.settings.network.flavour === "cilium" ? "a CiliumNetworkPolicy has it" : undefined),
  },
  {
    id: "pod-probes-identical",
    tool: "kube-score",
    reason: ({ asksTheSame }) =>
      asksTheSame ? "it has one sign of life; liveness waits longer before it restarts" : undefined,
  },
  {
    id: "pod-probes",
    tool: "kube-score",
    reason: ({ without }) => (without.length > 0 ? SILENT : undefined),
  },
  {
    id: "deployment-strategy",
    tool: "kube-score",
    reason: ({ recreates: one }) =>
      one
        ? "its volume belongs to one node at a time, so the old pod leaves before the new one comes"
        : undefined,
  },
  {
    id: "deployment-replicas",
    tool: "kube-score",
    reason: ({ isSingle }) => (isSingle ? "one replica is what was asked for here" : undefined),
  },
];

/** kube-score compares what is asked, not how often. */
function asksTheSame({ readiness, liveness }: Probes): boolean {
  const asked = ({ kind, path, port, command }: Probe) => JSON.stringify([kind, path, port?.number, command]);
  return readiness !== undefined && liveness !== undefined && asked(readiness) === asked(liveness);
}

function ofService(service: Service): Component {
  const containers = [service.main, ...service.containers];
  return {
    name: service.name,
    ids: [
      service.user,
      service.group,
      ...containers.flatMap(({ user, group }) => [user ?? [], group ?? []].flat()),
    ],
    readsSecrets: containers.some(({ secretVariables }) => secretVariables.length > 0),
    // What the user chose is released by digest, or excepted by the user.
    images: [],
    asksTheSame: containers.some(({ probes }) => asksTheSame(probes)),
    without: endsByItself(service.kind)
      ? []
      : (["readiness", "liveness"] as const).filter((which) => service.main.probes[which] === undefined),
    // A scaler that may go down to one is the user's word as well.
    isSingle: service.kind === "Deployment" && Math.min(service.replicas, service.scaling?.min ?? 2) < 2,
    recreates: recreates(service),
  };
}

function isSameCommand({ readiness, liveness }: NonNullable<Datastore["server"]>["probes"]): boolean {
  return JSON.stringify(readiness.command) === JSON.stringify(liveness.command);
}

function readsSecrets(variables: readonly ServerVariable[] = []): boolean {
  return variables.some(({ secret }) => secret !== undefined);
}

function ofDatastore({
  name,
  server,
  exporter,
  image,
  user,
  group,
  backup,
  operator,
}: Datastore): Component[] {
  const identity = { ids: [user, group], asksTheSame: false, without: [], isSingle: false, recreates: false };
  const own: Component[] =
    server === undefined
      ? []
      : [
          {
            ...identity,
            name,
            readsSecrets: readsSecrets(server.variables) || readsSecrets(exporter?.variables),
            images: [image, exporter?.image],
            // The exporter has one address that answers for itself alone.
            asksTheSame: exporter !== undefined || isSameCommand(server.probes),
          },
        ];
  return backup === undefined || operator !== undefined
    ? own
    : [...own, { ...identity, name: backupName(name), readsSecrets: true, images: [image, backup.uploader] }];
}

/** Kinds of objects that the scanners know pods of; an operator's own are none. */
function componentsOf({ services, datastores }: View): Component[] {
  return [
    ...services.filter(({ kind }) => kind !== "InferenceService").map(ofService),
    ...datastores.flatMap(ofDatastore),
  ];
}

/** What the generator decided in a view: one exception for each check and reason, on all whom it is for. */
export function decidedExceptions(view: View): Exception[] {
  const components = componentsOf(view);
  return DECISIONS.flatMap(({ id, tool, reason }) => {
    const byReason = new Map<string, string[]>();
    for (const component of components) {
      const found = reason(component, view);
      if (found !== undefined) byReason.set(found, [...(byReason.get(found) ?? []), component.name]);
    }
    return [...byReason].map(([why, on]) => ({
      ...{ id, tool, reason: why, on: [...on].sort() },
      owner: "create-prod-stack",
      expires: "",
    }));
  });
}
