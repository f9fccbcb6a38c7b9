// Owns: a real API server for the tests of the operator's scripts, with kubectl on the PATH as an operator has it.
// Promises: what the scripts call is the real kubectl against a real server; namespaces exist before they are used.
// Must not: run controllers; a test that needs one plays it itself.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import {
  type ApiServer,
  type CrdGroup,
  installCrds,
  kubectlPath,
  startApiServer,
} from "../apiserver/index.js";

/** Projects whose kinds a stack has. */
const CRDS: readonly CrdGroup[] = [
  "argo-cd",
  "cert-manager",
  "envoy-gateway",
  "external-secrets",
  "gateway-api",
  "prometheus-operator",
];

export interface Cluster {
  readonly server: ApiServer;
  readonly directory: string;
  /** PATH and KUBECONFIG for scripts. */
  readonly environment: Readonly<Record<string, string>>;
  kubectl(...args: string[]): Promise<string>;
  /** Applies an object. */
  apply(object: object): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const server = await startApiServer();
  await installCrds(server, CRDS);
  const directory = mkdtempSync(join(tmpdir(), "delivery-cluster-"));
  const bin = join(directory, "bin");
  mkdirSync(bin);
  symlinkSync(await kubectlPath(), join(bin, "kubectl"));
  const environment = { PATH: `${bin}:${process.env.PATH}`, KUBECONFIG: server.kubeconfig };
  const kubectl = async (...args: string[]) =>
    (await execa(join(bin, "kubectl"), args, { env: environment })).stdout;
  const apply = async (object: object) => {
    await execa(join(bin, "kubectl"), ["apply", "--server-side", "-f", "-"], {
      env: environment,
      input: JSON.stringify(object),
    });
  };
  const stop = async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { server, directory, environment, kubectl, apply, stop };
}

export function namespaceObject(name: string): object {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** An Argo CD Application that deploys into a namespace, syncing by itself. */
export function applicationObject(name: string, namespace: string): object {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd" },
    spec: {
      project: "shop",
      source: {
        repoURL: "https://github.com/example-org/deploys",
        path: "overlays/prod",
        targetRevision: "main",
      },
      destination: { server: "https://kubernetes.default.svc", namespace },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  };
}
