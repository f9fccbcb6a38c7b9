// Owns: what a datastore is, with every default made concrete, its backups, and systems outside of the stack.
// Promises: plain values; lists sorted by name, so that the order in the spec changes nothing.
// Must not: hold optional answers; what may be absent is `undefined` on purpose, and always a key.

import type { DatastoreSpec } from "../spec/schema/spec-types.js";
import type { Image, Port, Resources, SecretRef } from "./container.js";
import type {
  DatastoreMode,
  EngineBackup,
  EngineConfiguration,
  EngineExporter,
  EngineMetrics,
  EngineServer,
  EngineSymptom,
} from "./engines/engine.js";
import type {
  EngineOperator,
  OperatorExtra,
  OperatorMember,
  OperatorObject,
  OperatorTraffic,
} from "./engines/engine-operator.js";

/** A variable of a datastore's container. */
export interface ServerVariable {
  readonly name: string;
  readonly value: string | undefined;
  readonly secret: SecretRef | undefined;
}

export interface Datastore {
  readonly name: string;
  readonly engine: DatastoreSpec["engine"];
  /** The engine's name for people. */
  readonly engineName: string;
  /** Engines of one protocol. */
  readonly family: string;
  readonly mode: DatastoreMode;
  readonly version: string;
  readonly role: "store" | "cache";
  /** undefined where the stack never runs such a server. */
  readonly image: Image | undefined;
  /** Host that clients use. */
  readonly host: string;
  readonly port: Port;
  readonly user: number;
  readonly group: number;
  readonly replicas: number;
  readonly storage: string;
  readonly storageClass: string | undefined;
  readonly resources: Resources;
  /** The server's container; undefined where the stack does not run it itself. */
  readonly server:
    | (Omit<EngineServer, "variables" | "writable"> & {
        readonly variables: readonly ServerVariable[];
        readonly writable: readonly { readonly name: string; readonly path: string; readonly size: string }[];
      })
    | undefined;
  /** What makes an operator run it; undefined where none does. */
  readonly operator:
    | (Pick<EngineOperator, "summary" | "namespace" | "labels" | "metrics" | "imageFields"> & {
        readonly extra: OperatorExtra;
        readonly objects: readonly OperatorObject[];
        /** Labels of the pods that it makes. */
        readonly members: Readonly<Record<string, string>>;
        readonly traffic: readonly OperatorTraffic[];
        readonly sidecar: Resources | undefined;
        readonly first: OperatorMember;
        /** The backups that it makes itself. */
        readonly backup: BackupPlan | undefined;
        /** What the platform's installation of it must be like. */
        readonly asks: string | undefined;
      })
    | undefined;
  readonly configuration: EngineConfiguration | undefined;
  readonly exporter:
    | (Omit<EngineExporter, "variables" | "image"> & {
        readonly image: Image;
        readonly variables: readonly ServerVariable[];
        readonly resources: Resources;
      })
    | undefined;
  /** Where Prometheus finds its metrics; undefined where nobody tells them. */
  readonly metrics: EngineMetrics | undefined;
  /** Client program, and a shell command that answers when all is well. */
  readonly client: string;
  readonly check: string;
  readonly symptoms: readonly EngineSymptom[];
  /** How its server takes a new password; EXEC stands for a shell in its container. */
  readonly rotation: readonly string[];
  /** Memory that data may take, in bytes. */
  readonly dataMemoryBytes: number | undefined;
  /** Where its secret values live, by credential. */
  readonly credentials: Readonly<Record<string, SecretRef>> & { readonly password: SecretRef };
  /** Names of the services that talk to it. */
  readonly clients: readonly string[];
  /** Why the engine has no backup; undefined where it has one. */
  readonly noBackup: string | undefined;
  readonly backup: Backup | undefined;
}

/** When, where to and how long. */
export interface BackupPlan {
  readonly schedule: string;
  readonly timeZone: string;
  readonly retentionDays: number;
  readonly store: {
    readonly bucket: string;
    readonly region: string;
    readonly endpoint: string | undefined;
    readonly prefix: string;
  };
  /** Secret with access-key-id and secret-access-key. */
  readonly credentials: string;
}

/** A backup by a job of the stack. */
export interface Backup extends BackupPlan {
  readonly uploader: Image;
  /** Suffix of a dump's file, without a dot. */
  readonly extension: string;
  readonly restore: EngineBackup["restore"];
  /** Variables of the container that takes the dump. */
  readonly variables: readonly ServerVariable[];
  /** What a crash of the server alone loses. */
  readonly crash: string;
  readonly steps: readonly string[];
  readonly kept: ReturnType<EngineBackup["kept"]>;
}

export interface External {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly clients: readonly string[];
}
