// Owns: what an operator is that runs an engine's servers from custom resources, as plain data and pure functions.
// Promises: to run an engine by an operator is one value of this type, and the templates of its objects in templates/engines.
// Must not: name a single operator, or know manifests.

import type { DatastoreSpec, TierName } from "../../spec/schema/spec-types.js";
import type { Image, Resources, SecretRef } from "../container.js";
import type { BackupPlan, Datastore } from "../datastore.js";
import type { EngineInput, EngineMonitoring } from "./engine.js";

/** What an operator's objects are made of: one datastore with its image, amounts and secrets. */
export interface OperatorInput extends EngineInput {
  /** undefined where the operator brings its own. */
  readonly image: Image | undefined;
  readonly storage: string;
  readonly storageClass: string | undefined;
  readonly resources: Resources;
  readonly credentials: Datastore["credentials"];
  /** Secret with `username` and `password` of the services' user, where the operator asks for one. */
  readonly ownerSecret: string;
  /** Set where there is a place for backups, and the operator `backsUp`. */
  readonly backup: BackupPlan | undefined;
  /** Names of the services that talk to it. */
  readonly clients: readonly string[];
  /** Nodes that hold the cluster's state alone. */
  readonly controllers: number;
  /** Declared topics; where there are none, clients make their own. */
  readonly topics: NonNullable<DatastoreSpec["topics"]>;
}

/** What runs beside the members. */
export interface OperatorExtra {
  /** Services that it makes for one datastore. */
  readonly services: number;
  readonly pods: readonly {
    readonly count: number;
    readonly resources: readonly Resources[];
    /** Size of the volume of each. */
    readonly storage?: string;
  }[];
}

/** A part of a connection: text, or a key of a secret that the operator makes. */
export type OperatorPart = string | SecretRef;

/**
 * One object, a custom resource as a rule. Its template gets `view`, and beside it `name`, `labels` (of the object), `selector` (labels of the
 * stack's own pods), `image` (reference), `imageException`, `pullSecrets`, and `clients` (each with the `selector` of its pods).
 */
export interface OperatorObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Its file in base/DATASTORE, such as cluster.yaml. */
  readonly fileName: string;
  readonly template: string;
  /** Template of what differs in an environment: the same metadata.name, and `spec` with `$patch: replace`. */
  readonly patch: string;
  readonly view: object;
  readonly about: { readonly what: string; readonly why: string; readonly standard?: string };
}

/** Traffic of the pods that the operator makes, beside that of clients, scrapes and backups. */
export interface OperatorTraffic {
  readonly direction: "ingress" | "egress";
  readonly reason: string;
  /** members: the datastore's own pods; operator: the operator's; object-store: where backups go. */
  readonly peer: "members" | "operator" | "api-server" | "object-store";
  readonly ports: readonly number[];
}

/** A pod that an operator made. */
export interface OperatorMember {
  readonly pod: string;
  /** The server's container. */
  readonly container: string;
  readonly claim: string;
  readonly dataPath: string;
}

export interface EngineOperator {
  /** For people. Its row in src/stack/presets/operators.ts says when it must be there. */
  readonly summary: string;
  /** Where its own pods run, and their labels. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Name in src/stack/images.ts of the image that it runs; undefined where it brings its own. */
  readonly image: string | undefined;
  /** Tag of a version that has no pin there. */
  readonly tagOf: (version: string) => string;
  readonly objects: (input: OperatorInput) => readonly OperatorObject[];
  /** Labels of the pods that it makes of them, which network policies and monitors select by. */
  readonly members: (input: EngineInput) => Readonly<Record<string, string>>;
  /** The first member, as runbooks name it; {@link OperatorMember}. */
  readonly first: (name: string) => OperatorMember;
  /** What runs beside the members, some of it for a while: it counts in the quota. */
  readonly extra: (input: OperatorInput) => OperatorExtra;
  /** What it puts beside each server, for the quota. */
  readonly sidecar: (input: OperatorInput) => Resources | undefined;
  readonly traffic: (input: OperatorInput) => readonly OperatorTraffic[];
  /** Named container port of the members with their metrics. */
  readonly metrics: { readonly port: string; readonly number: number; readonly path: string } | undefined;
  /** Members in an environment of each tier, where nobody says. */
  readonly replicas: Readonly<Record<TierName, number>>;
  /** Nodes that hold the cluster's state alone, in an environment of each tier, where nobody says. */
  readonly controllers?: Readonly<Record<TierName, number>>;
  /** Clients connect with TLS, at the engine's `tlsPort`. */
  readonly hasTls?: boolean;
  /** How a service reaches it, where the operator makes users and secrets itself; the stack then fetches no password. */
  readonly connection?: (input: EngineInput, client: string) => Readonly<Record<string, OperatorPart>>;
  /** Longest name of a datastore with which all names that it makes are valid. */
  readonly longestName?: number;
  /** What is wrong with the numbers of nodes, and what they may be. */
  readonly refuses?: (nodes: {
    readonly members: number | undefined;
    readonly controllers: number | undefined;
  }) => { readonly field: string; readonly message: string; readonly expected: string } | undefined;
  /** How the services' password changes: sentences of docs/runbook/rotation.md. */
  readonly rotation: (input: EngineInput) => readonly string[];
  /** What the platform's installation of it must be like, beside being there; a cell of docs/platform/requirements.md. */
  readonly asks?: string;
  /** Labels of the secret with the services' user, where the operator looks for them. */
  readonly ownerSecretLabels?: Readonly<Record<string, string>>;
  /** Why there is no backup; a cell of docs/backup.md. */
  readonly noBackup?: string;
  /** It takes the services' user from a secret of type kubernetes.io/basic-auth. */
  readonly needsOwnerSecret: boolean;
  /** It makes backups itself, from objects among its `objects`. */
  readonly backsUp: boolean;
  readonly monitoring: EngineMonitoring;
  /** Fields with an image that Kustomize's `images` does not know by itself. */
  readonly imageFields: readonly { readonly kind: string; readonly group: string; readonly path: string }[];
}
