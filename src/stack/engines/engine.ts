// Owns: what an engine of datastores is: everything that is particular to it, as plain data and pure functions.
// Promises: to add an engine is to add a folder here, one of the same name in templates/engines, and a line in index.ts.
// Must not: name a single engine, or know manifests.

import type { DatastoreSpec, ServiceSpec, TierName } from "../../spec/schema/spec-types.js";
import type { SASL_MECHANISMS } from "../../spec/schema/words.js";
import type { Alert, Recording, Scope } from "../alerts/scope.js";
import type { Port } from "../container.js";
import type { DroppedMetrics } from "../presets/metrics.js";
import type { EngineOperator } from "./engine-operator.js";

/**
 * statefulset: the stack runs the server itself; operator: an operator does, from a custom resource;
 * external: it runs elsewhere, and the stack only connects to it.
 */
export type DatastoreMode = NonNullable<DatastoreSpec["mode"]>;

/** Stands for a secret value in what an engine describes; the secret store's own template puts the value there. */
export const PASSWORD = "{password}";

/** What an engine is told of one datastore. */
export interface EngineInput {
  readonly name: string;
  readonly version: string;
  readonly mode: DatastoreMode;
  readonly role: "store" | "cache";
  /** Host and port as clients reach it. */
  readonly host: string;
  /** All hosts of an external cluster, that one first. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly tls: boolean;
  readonly sasl: (typeof SASL_MECHANISMS)[number];
  readonly database: string;
  readonly username: string;
  readonly replicas: number;
  /** Stable names of the members, as they know each other. */
  readonly members: readonly string[];
  /** Limits of the server's container. */
  readonly memoryBytes: number;
  readonly cpuMillicores: number;
  readonly storageBytes: number;
}

/** A variable of a container: a literal value, or a key of the datastore's credentials. */
export type EngineVariable =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly credential: string };

export interface EngineProbe {
  /** Command of an exec probe; without it the port is connected to. */
  readonly command: readonly string[] | undefined;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
  /** Why these figures; a comment in the manifest. */
  readonly reason?: string;
}

/** The server's container in a StatefulSet. */
export interface EngineServer {
  /** Empty for the image's own. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Why it is started like this; a comment in the manifest. */
  readonly commandReason: string | undefined;
  readonly variables: readonly EngineVariable[];
  /** Where the volume is mounted. */
  readonly dataPath: string;
  /** Directories beside it that the server writes to: path → size. */
  readonly writable: Readonly<Record<string, string>>;
  readonly probes: {
    readonly startup: EngineProbe;
    readonly readiness: EngineProbe;
    readonly liveness: EngineProbe;
  };
  readonly graceSeconds: number;
  readonly graceReason: string;
  /** Command that runs before the server is told to stop. */
  readonly preStop?: readonly string[];
  /** Members that wait for each other start together; one after the other where it is not said. */
  readonly startsTogether?: boolean;
  /** Ports on which the members talk to each other, and nobody else to them. */
  readonly memberPorts?: readonly Port[];
}

/** Files of the engine's configuration, each from templates/engines. */
export interface EngineConfiguration {
  /** Directory at which they are mounted. */
  readonly path: string;
  readonly files: readonly { readonly name: string; readonly template: string; readonly view: object }[];
  /** Where the settings come from. */
  readonly standard: string;
}

export interface EngineExporter {
  /** Name in src/stack/images.ts. */
  readonly image: string;
  readonly args: readonly string[];
  readonly variables: readonly EngineVariable[];
  readonly port: number;
  /** HTTP path that answers when the exporter runs, whatever the server does. */
  readonly healthPath: string;
  readonly metricsPath: string;
  /** User of the container; the server's where undefined. */
  readonly user: number | undefined;
  /** Memory, where the usual amount is too little. */
  readonly memory?: string;
}

/** Where a server without an exporter tells its metrics. */
export interface EngineMetrics {
  readonly port: number;
  readonly path: string;
}

type Runtime = NonNullable<ServiceSpec["runtime"]>;

/** How clients are told where the datastore is. */
export interface Connection {
  /** Parts by name: host, port, url …; a text with PASSWORD is a secret value. */
  readonly parts: (input: EngineInput) => Readonly<Record<string, string>>;
  /** Variables that a runtime's usual libraries read: part → name of the variable. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where a runtime has names of its own. */
  readonly byRuntime: Readonly<Partial<Record<Runtime, Readonly<Record<string, string>>>>>;
}

export interface EngineBackup {
  /** Suffix of a dump's file, without a dot. */
  readonly extension: string;
  /** Age after which a backup is deleted, where nobody says. */
  readonly retention: string;
  /** Variables of the container that takes the dump. */
  readonly variables: (input: EngineInput) => readonly EngineVariable[];
  /** volume: a job writes the stopped server's volume; network: a job talks to the running server. */
  readonly restore: "volume" | "network";
  /** What a crash of the server alone loses; a sentence of docs/backup.md. */
  readonly crash: string;
  /** How docs/backup.md tells a restore: what happens once it is confirmed, step by step. */
  readonly steps: readonly string[];
  /** Shell commands in the server's container that list the old data which restores have kept, and delete one of them. */
  readonly kept: (input: EngineInput) => { readonly list: string; readonly remove: string };
}

export interface EngineMonitoring {
  /** Metric that is 1 where the exporter reaches the server; none where the server tells its metrics itself. */
  readonly up: string | undefined;
  readonly recordings: (scope: Scope) => readonly Recording[];
  /** Alerts that every datastore has are not repeated here. */
  readonly alerts: (scope: Scope) => readonly Alert[];
  readonly drops: readonly DroppedMetrics[];
}

/** What clients or the server's log say, and what it means. */
export interface EngineSymptom {
  readonly where: "client" | "log";
  readonly says: string;
  readonly means: string;
  /** Alert whose page goes on from there. */
  readonly alert?: string;
}

export interface Engine {
  /** For people. */
  readonly summary: string;
  /** Folder in templates/engines; engines that speak the same protocol share one. */
  readonly family: string;
  /** Ways to run it, the default first. */
  readonly modes: readonly [DatastoreMode, ...DatastoreMode[]];
  /** Lowest layer of such a datastore. */
  readonly defaults: Omit<DatastoreSpec, "engine">;
  /** What differs from them in a tier. */
  readonly tiers?: Readonly<Partial<Record<TierName, Omit<DatastoreSpec, "engine">>>>;
  /** Numbers of members that the stack can run by itself; one where it is not said. */
  readonly sizes?: readonly number[];
  /** Answers that not every engine has: about an external one, or about one that an operator runs. */
  readonly answers?: readonly ("hosts" | "sasl" | "controllers" | "topics")[];
  /** Name in src/stack/images.ts; undefined where the stack never runs it itself. */
  readonly image: string | undefined;
  /** Tag of a version that has no pin there. */
  readonly tagOf: (version: string) => string;
  /** User and group of the image. */
  readonly user: number;
  readonly group: number;
  readonly port: Port;
  /** Port of an external one with TLS; the same where it is not said. */
  readonly tlsPort?: number;
  /** Host that clients use where the stack runs the server; its name by default. */
  readonly hostOf?: (name: string, mode: DatastoreMode) => string;
  /** Client program in the image, and a shell command in the server's container that answers when all is well. */
  readonly client: string;
  readonly check: (input: EngineInput) => string;
  /** How its own server takes a new password: sentences of docs/runbook/rotation.md; EXEC stands for a shell in the server's container. */
  readonly rotation: (input: EngineInput) => readonly string[];
  readonly symptoms: readonly EngineSymptom[];
  /** Memory that data may take, in bytes, where the engine has such a bound. */
  readonly dataMemory?: (input: EngineInput) => number;
  /** Keys of the secret values that it needs; `password` is what clients present, the others are for a server of the stack's own. */
  readonly credentials: readonly ["password", ...string[]];
  readonly connection: Connection;
  /** undefined where the stack never runs it itself. */
  readonly server: ((input: EngineInput) => EngineServer) | undefined;
  readonly configuration: (input: EngineInput) => EngineConfiguration | undefined;
  readonly exporter: (input: EngineInput) => EngineExporter | undefined;
  /** Of a server that tells its metrics itself. */
  readonly metrics?: (input: EngineInput) => EngineMetrics;
  readonly backup: EngineBackup | undefined;
  /** Why there is none; a cell of docs/backup.md. */
  readonly noBackup?: string;
  /** The operator that runs it in mode operator. */
  readonly operator?: EngineOperator;
  readonly monitoring: EngineMonitoring;
}
