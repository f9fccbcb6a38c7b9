// Owns: which programs make up the control plane, and from which pinned module each is built.
// Promises: kube-apiserver and kubectl of one Kubernetes release, and etcd, as paths of built programs.
// Must not: start anything.
import { join } from "node:path";
import { buildGoProgram, type GoProgram } from "./build-go-program.js";
import { defaultMinor, type KubernetesMinor, kubernetesReleases } from "./server-versions.js";

/** Paths of the programs that an API server needs. */
export interface ControlPlanePrograms {
  readonly etcd: string;
  readonly kubeApiserver: string;
}

/** Builds, when needed, what {@link startApiServer} runs. The first build takes some minutes. */
export async function buildControlPlane(
  minor: KubernetesMinor = defaultMinor,
): Promise<ControlPlanePrograms> {
  const etcd = await buildGoProgram(etcdProgram);
  const kubeApiserver = await buildGoProgram(kubernetesProgram("kube-apiserver", minor));
  return { etcd, kubeApiserver };
}

/** Path of the kubectl of the same release, built when needed, for tests that run commands as a reader would. */
export function kubectlPath(minor: KubernetesMinor = defaultMinor): Promise<string> {
  return buildGoProgram(kubernetesProgram("kubectl", minor));
}

const etcdProgram: GoProgram = {
  name: "etcd",
  cache: "apiserver",
  moduleFolder: join(import.meta.dirname, "etcd"),
  main: "go.etcd.io/etcd/server/v3",
};

function kubernetesProgram(name: "kube-apiserver" | "kubectl", minor: KubernetesMinor): GoProgram {
  const { version, folder } = kubernetesReleases[minor];
  return {
    name,
    cache: "apiserver",
    moduleFolder: join(import.meta.dirname, folder),
    main: `k8s.io/kubernetes/cmd/${name}`,
    linkerFlags: versionFlags(version),
  };
}

/** Without these the server calls itself v0.0.0-master, which clients cannot compare. */
function versionFlags(version: string): string[] {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}
