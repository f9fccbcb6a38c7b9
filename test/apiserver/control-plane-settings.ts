// Owns: the settings of etcd, the API server, Pod Security and the kubeconfig, as plain values.
// Promises: what a production cluster decides is decided here too, and everything listens on 127.0.0.1 only.
// Must not: read or write files, or start anything.
import { join } from "node:path";

/** Arguments of etcd. Its data is thrown away, so it need not reach the disk safely. */
export function etcdArguments(folder: string, clientPort: number, peerPort: number): string[] {
  const client = `http://127.0.0.1:${clientPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--unsafe-no-fsync=true",
    "--log-level=warn",
  ];
}

/** Arguments of kube-apiserver, which finds its files in `folder`. Admission plugins: the release's own defaults. */
export function apiServerArguments(folder: string, securePort: number, etcdPort: number): string[] {
  const key = join(folder, "service-account.key");
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${securePort}`,
    `--cert-dir=${join(folder, "certificates")}`,
    // A loopback address cannot be an endpoint of the `kubernetes` service, and nothing here needs that service.
    "--endpoint-reconciler-type=none",
    "--authorization-mode=RBAC",
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    // As in every kubeadm cluster: privileged pods are for Pod Security to refuse, not for validation.
    "--allow-privileged=true",
    `--admission-control-config-file=${join(folder, "admission.json")}`,
    "--profiling=false",
  ];
}

/** Pod Security defaults for namespaces without labels: enforced, warned about and audited. Nothing is exempt. */
export function podSecurityConfiguration(level: string): object {
  const modes = ["enforce", "audit", "warn"];
  const defaults = Object.fromEntries(
    modes.flatMap((mode) => [
      [mode, level],
      [`${mode}-version`, "latest"],
    ]),
  );
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults,
          exemptions: { usernames: [], runtimeClasses: [], namespaces: [] },
        },
      },
    ],
  };
}

/** A kubeconfig with one cluster and one administrator. JSON is YAML, too. */
export function kubeconfigText(url: string, token: string, authorityFile: string): string {
  const name = "tests";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url, "certificate-authority": authorityFile } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: "default" } }],
    "current-context": name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
