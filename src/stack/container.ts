// Owns: what a container of a pod is, with every default made concrete: image, ports, probes, resources, variables, mounts.
// Promises: plain values; lists sorted by name, so that the order in the spec changes nothing.
// Must not: hold optional answers; what may be absent is `undefined` on purpose, and always a key.

export interface Image {
  readonly repository: string;
  /** Exact tag; for a service the one that seeds the first release. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** Full reference as a manifest has it. */
  readonly reference: string;
  /** Why there is no digest, for images that the generator chose. */
  readonly exception: string | undefined;
}

export interface Port {
  readonly name: string;
  readonly number: number;
}

export interface Amounts {
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
}

export interface Resources {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

export interface Probe {
  readonly kind: "http" | "tcp" | "grpc" | "exec";
  readonly path: string | undefined;
  /** Undefined where a command is asked. */
  readonly port: Port | undefined;
  readonly command: readonly string[];
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export interface SecretRef {
  readonly secret: string;
  readonly key: string;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
}

export interface SecretVariable extends SecretRef {
  readonly name: string;
}

export interface Probes {
  readonly startup: Probe | undefined;
  readonly readiness: Probe | undefined;
  readonly liveness: Probe | undefined;
}

/** A directory or file in a container. */
export interface Mount {
  readonly volume: string;
  readonly path: string;
  /** One file of the volume; undefined for all of it. */
  readonly file: string | undefined;
  readonly readOnly: boolean;
}

/** What every container of a pod says of itself. */
export interface Container {
  readonly name: string;
  /** Undefined where somebody else chooses it, as KServe does. */
  readonly image: Image | undefined;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Ports of this container alone. */
  readonly ports: readonly Port[];
  readonly variables: readonly Variable[];
  readonly secretVariables: readonly SecretVariable[];
  readonly resources: Resources;
  readonly probes: Probes;
  readonly mounts: readonly Mount[];
  /** Undefined: as the pod. */
  readonly user: number | undefined;
  readonly group: number | undefined;
  /** Linux capabilities that are added back. */
  readonly capabilities: readonly string[];
}

export interface FurtherContainer extends Container {
  readonly kind: "sidecar" | "init";
  readonly image: Image;
  /** Its image is chosen by the user and released with the service; else the generator pins it. */
  readonly isRelease: boolean;
}

export interface Volume {
  readonly name: string;
  readonly kind: "emptyDir" | "claim" | "secret" | "configMap";
  /** Of an emptyDir or a claim. */
  readonly size: string;
  readonly storageClass: string | undefined;
  readonly mode: string;
  /** Secret, ConfigMap or claim that it shows. */
  readonly source: string;
}

/** A configuration file of a service. */
export interface ConfigFile {
  readonly path: string;
  /** Key in the ConfigMap. */
  readonly key: string;
  /** Content, or undefined where it is a file of the user's. */
  readonly content: string | undefined;
  /** File of the user's below config/. */
  readonly from: string | undefined;
}
