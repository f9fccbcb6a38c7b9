// Owns: the life of one real API server with its etcd, on loopback, with the settings a production cluster has.
// Promises: ready when it resolves, within a bounded time; nothing of it is left when it stops or the test run ends.
// Must not: reach beyond 127.0.0.1, run controllers, or know what will be applied.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ApiClient, createApiClient } from "./api-client.js";
import { buildControlPlane, type ControlPlanePrograms } from "./control-plane-programs.js";
import {
  apiServerArguments,
  etcdArguments,
  kubeconfigText,
  podSecurityConfiguration,
} from "./control-plane-settings.js";
import { isErrorWithCode } from "./exclusive-lock.js";
import { ensureServiceAccount } from "./missing-controllers.js";
import { defaultMinor, type KubernetesMinor, kubernetesReleases } from "./server-versions.js";
import { type SupervisedProcesses, superviseProcesses } from "./supervised-processes.js";

/** Options of {@link startApiServer}; every one has a default. */
export interface ApiServerOptions {
  /** Kubernetes release; the default is the oldest supported one. */
  readonly minor?: KubernetesMinor;
  /** Pod Security level of namespaces that carry no labels of their own. Default: `restricted`. */
  readonly podSecurity?: "privileged" | "baseline" | "restricted";
  /** How long the server may take to become ready, in seconds. Default: 120. */
  readonly readyWithin?: number;
}

/** A running API server. */
export interface ApiServer {
  /** For example `https://127.0.0.1:43127`. */
  readonly url: string;
  /** Path of a kubeconfig that administers the server; it goes with the server. */
  readonly kubeconfig: string;
  /** Such as `v1.35.4`. */
  readonly version: string;
  readonly client: ApiClient;
  stop(): Promise<void>;
}

/**
 * Starts an API server in a temporary folder of its own, building it first when the cache has none.
 * Throws, with the end of the logs, when it does not become ready in time.
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const programs = await buildControlPlane(options.minor);
  const attempts = 3;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(programs, options);
    } catch (error) {
      // Another process took a port between our looking for a free one and the server's binding it.
      if (attempt === attempts || !(error instanceof Error && /address already in use/.test(error.message)))
        throw error;
    }
  }
}

async function startOnce(programs: ControlPlanePrograms, options: ApiServerOptions): Promise<ApiServer> {
  const { minor = defaultMinor, podSecurity = "restricted", readyWithin = 120 } = options;
  const folder = await mkdtemp(join(tmpdir(), "apiserver-"));
  const [securePort, etcdPort, etcdPeerPort] = await findFreePorts();
  const url = `https://127.0.0.1:${securePort}`;
  const token = randomBytes(24).toString("hex");
  await writeFile(join(folder, "tokens.csv"), `${token},tests,tests,system:masters\n`, { mode: 0o600 });
  await writeFile(join(folder, "service-account.key"), createServiceAccountKey(), { mode: 0o600 });
  await writeFile(join(folder, "admission.json"), JSON.stringify(podSecurityConfiguration(podSecurity)));

  const processes = superviseProcesses(folder, [
    { name: "etcd", file: programs.etcd, args: etcdArguments(folder, etcdPort, etcdPeerPort) },
    {
      name: "kube-apiserver",
      file: programs.kubeApiserver,
      args: apiServerArguments(folder, securePort, etcdPort),
    },
  ]);
  try {
    const authorityFile = join(folder, "certificates", "apiserver.crt");
    const client = await waitUntilReady({ url, token, authorityFile, processes, readyWithin });
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, kubeconfigText(url, token, authorityFile), { mode: 0o600 });
    await ensureServiceAccount(client, "default", "default");
    const stop = async () => {
      client.close();
      await processes.stop();
    };
    return { url, kubeconfig, version: kubernetesReleases[minor].version, client, stop };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

interface Readiness {
  readonly url: string;
  readonly token: string;
  readonly authorityFile: string;
  readonly processes: SupervisedProcesses;
  readonly readyWithin: number;
}

async function waitUntilReady(readiness: Readiness): Promise<ApiClient> {
  const { url, token, authorityFile, processes, readyWithin } = readiness;
  const deadline = performance.now() + readyWithin * 1000;
  let state = "no answer yet";
  while (performance.now() < deadline && processes.endedEarly() === "") {
    const authority = await tryReadText(authorityFile);
    if (authority !== undefined) {
      const client = createApiClient({ url, token, authority });
      state = await readyState(client);
      if (state === "ok") return client;
      client.close();
    }
    await delay(100);
  }
  const cause = processes.endedEarly() || `not ready within ${readyWithin} s; /readyz: ${state}`;
  throw new Error(`The API server did not start: ${cause}\n${await processes.logTails(25)}`);
}

/** `ok`, or why not yet. Connections are refused until the port is bound. */
async function readyState(client: ApiClient): Promise<string> {
  try {
    const { status, body } = await client.send("GET", "/readyz");
    if (status !== 200) return `${status} ${String(body)}`;
    const namespace = await client.send("GET", "/api/v1/namespaces/default");
    return namespace.status === 200 ? "ok" : "the default namespace does not exist yet";
  } catch (error) {
    if (isErrorWithCode(error, "ECONNREFUSED") || isErrorWithCode(error, "ECONNRESET"))
      return "no connection";
    throw error;
  }
}

async function tryReadText(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, "utf8");
    return text.includes("END CERTIFICATE") ? text : undefined;
  } catch (error) {
    if (isErrorWithCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function createServiceAccountKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}

/** Three ports that nothing listens on, all held until the last is known, so that they differ. */
async function findFreePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const;
  const listen = (server: (typeof servers)[number]) =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        if (address === null || typeof address === "string") reject(new Error("no port was assigned"));
        else resolve(address.port);
      });
    });
  const ports = await Promise.all([listen(servers[0]), listen(servers[1]), listen(servers[2])]);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
