// The Kubernetes releases that the tests can run, each pinned by the go.mod and go.sum of its folder.
// The one place to change when a release is added: copy a folder, edit its versions, `go mod tidy`, add a line here.
// No building and no processes.

/** One pinned Kubernetes release. `folder` lies beside this file. */
export interface KubernetesRelease {
  readonly version: `v1.${number}.${number}`;
  readonly folder: string;
}

/** Releases by minor version. */
export const kubernetesReleases = {
  "1.35": { version: "v1.35.4", folder: "kubernetes-1.35" },
} as const satisfies Record<string, KubernetesRelease>;

export type KubernetesMinor = keyof typeof kubernetesReleases;

/** What runs when nothing else is asked for: the oldest release that generated repositories support. */
export const defaultMinor: KubernetesMinor = "1.35";
