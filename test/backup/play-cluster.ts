// Owns: the parts of a cluster that the harness has no controllers for: running the pods of jobs, and one StatefulSet.
// Promises: containers run their real command with what the manifests give them (variables, ConfigMaps, Secrets) and real servers;
//           Pods and statuses are real objects, so that admission, `kubectl wait` and `kubectl rollout status` are real.
// Must not: know what a script should do. `kubectl exec` and `logs` go to a kubelet, which is not there: a wrapper stands in for it.
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { Cluster } from "../delivery/cluster.js";
import { type RedisServer, startRedis } from "./servers.js";
import { programPath } from "./test-programs.js";

type Json = ReturnType<typeof JSON.parse>;

export interface PlayedCluster {
  /** PATH and KUBECONFIG of an operator. */
  readonly environment: Readonly<Record<string, string>>;
  readonly redis: () => RedisServer;
  /** PATH of the next pods. */
  path: string;
  stop(): Promise<void>;
}

interface Stage {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly directory: string;
  readonly data: string;
  readonly played: { path: string };
}

const MERGE = "application/merge-patch+json";

export async function playCluster(cluster: Cluster, namespace: string, path: string): Promise<PlayedCluster> {
  const directory = mkdtempSync(join(cluster.directory, "played-"));
  const data = join(directory, "volume");
  let redis = await startRedis(data);
  const played = { path };
  const stage: Stage = { cluster, namespace, directory, data, played };
  let running = true;
  const seen = new Set<string>();
  let replicas = -1;
  const loop = (async () => {
    while (running) {
      const jobs = await list(stage, "batch/v1", "jobs");
      for (const job of jobs.filter(
        ({ metadata, status }: Json) => !seen.has(metadata.uid) && status?.completionTime === undefined,
      )) {
        seen.add(job.metadata.uid);
        // Not awaited: a pod that waits for a file must not hold up the rest.
        void runJob(stage, job, () => redis.port);
      }
      const set = await get(stage, "apps/v1", "statefulsets/redis");
      if (set?.spec !== undefined && set.spec.replicas !== replicas) {
        if (set.spec.replicas === 0) await redis.stop();
        else if (replicas === 0) redis = await startRedis(data, { port: redis.port });
        replicas = set.spec.replicas;
        await scaleSet(stage, set);
      }
      await delay(150);
    }
  })();
  const stop = async () => {
    running = false;
    await loop;
    await redis.stop();
  };
  return Object.assign(played, { environment: operator(stage, () => redis), redis: () => redis, stop });
}

/** A kubectl that answers `logs` and `exec` itself, and is the real one for everything else. */
function operator({ cluster, directory }: Stage, redis: () => RedisServer): Record<string, string> {
  const bin = join(directory, "operator");
  const inPod = join(directory, "in-pod");
  for (const folder of [bin, inPod]) mkdirSync(folder);
  const { PATH = "", KUBECONFIG = "" } = cluster.environment;
  const real = join(PATH.split(":")[0] ?? "", "kubectl");
  const script = `#!/usr/bin/env bash
all=" $* "
case "$all" in
  *" logs --selector "*) name=\${all#*job-name=}; exec cat "${directory}/\${name%% *}.log" ;;
  *" exec "*)
    [[ "$all" =~ \\ exec\\ (-i\\ )?([^ ]+)\\  ]] && pod=\${BASH_REMATCH[2]}
    while [ "$1" != -- ]; do shift; done; shift
    args=(); for arg in "$@"; do args+=("\${arg//\\/work/${directory}/\${pod%-pod}/work}"); done
    PATH="${inPod}:$PATH" REDIS_PASSWORD="${redis().password}" exec "\${args[@]}" ;;
esac
exec "${real}" "$@"
`;
  writeFileSync(join(bin, "kubectl"), script);
  writeFileSync(
    join(inPod, "redis-cli"),
    `#!/bin/sh\nexec ${programPath("redis-cli")} -p ${redis().port} "$@"\n`,
  );
  for (const file of [join(bin, "kubectl"), join(inPod, "redis-cli")]) chmodSync(file, 0o755);
  return { PATH: `${bin}:${PATH}`, KUBECONFIG, POLL_SECONDS: "0.2" };
}

async function runJob(stage: Stage, job: Json, port: () => number): Promise<void> {
  const { name } = job.metadata;
  const folder = join(stage.directory, name);
  mkdirSync(join(folder, "work"), { recursive: true });
  const { spec, metadata } = job.spec.template;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${name}-pod`, namespace: stage.namespace, labels: metadata.labels },
    spec,
  };
  await send(stage, "POST", "api/v1", "pods", pod, "application/json");
  const log = join(stage.directory, `${name}.log`);
  writeFileSync(log, "");
  let failed = false;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    if (failed) break;
    await send(
      stage,
      "PATCH",
      "api/v1",
      `pods/${name}-pod/status`,
      {
        status: {
          initContainerStatuses: [
            {
              name: container.name,
              image: container.image,
              imageID: "",
              ready: false,
              restartCount: 0,
              state: { running: {} },
            },
          ],
        },
      },
      MERGE,
    );
    const { exitCode, all } = await runContainer(stage, folder, spec, metadata.labels, container, port());
    writeFileSync(log, `${all}\n`, { flag: "a" });
    failed = exitCode !== 0;
  }
  const now = new Date().toISOString().replace(/\.\d+/, "");
  const condition = (type: string) => ({ type, status: "True", lastProbeTime: now, lastTransitionTime: now });
  const status = failed
    ? { startTime: now, failed: 1, conditions: [condition("FailureTarget"), condition("Failed")] }
    : {
        startTime: now,
        completionTime: now,
        succeeded: 1,
        conditions: [condition("SuccessCriteriaMet"), condition("Complete")],
      };
  await send(stage, "PATCH", "batch/v1", `jobs/${name}/status`, { status }, MERGE);
}

async function runContainer(
  stage: Stage,
  folder: string,
  spec: Json,
  labels: Json,
  container: Json,
  port: number,
) {
  const variables: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom ?? [])
    Object.assign(variables, (await get(stage, "v1", `configmaps/${configMapRef.name}`)).data);
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom?.secretKeyRef)
      variables[name] = Buffer.from(
        (await get(stage, "v1", `secrets/${valueFrom.secretKeyRef.name}`)).data[valueFrom.secretKeyRef.key],
        "base64",
      ).toString();
    else if (valueFrom?.fieldRef) variables[name] = labels["batch.kubernetes.io/job-name"];
    else variables[name] = value;
  }
  const scripts = join(folder, "scripts");
  mkdirSync(scripts, { recursive: true });
  const map = spec.volumes.find(({ name }: Json) => name === "scripts").configMap.name;
  for (const [name, text] of Object.entries<string>((await get(stage, "v1", `configmaps/${map}`)).data))
    writeFileSync(join(scripts, name), text);
  const hasVolume =
    container.volumeMounts.some(({ name, mountPath }: Json) => name === "data" && mountPath === "/data") &&
    spec.volumes.some(
      ({ persistentVolumeClaim }: Json) => persistentVolumeClaim?.claimName === "data-redis-0",
    );
  const { path } = stage.played;
  return execa(
    join(path.split(":").at(-1) ?? "", "sh"),
    [container.command[1].replace("/scripts", scripts)],
    {
      env: {
        ...variables,
        PATH: path,
        HOST: "127.0.0.1",
        PORT: String(port),
        WORK: join(folder, "work"),
        SCRIPTS: scripts,
        DATA: hasVolume ? stage.data : "/nowhere",
      },
      extendEnv: false,
      reject: false,
      all: true,
    },
  );
}

async function scaleSet(stage: Stage, set: Json): Promise<void> {
  const { replicas, template } = set.spec;
  if (replicas === 0) await send(stage, "DELETE", "api/v1", "pods/redis-0?gracePeriodSeconds=0");
  else
    await send(
      stage,
      "POST",
      "api/v1",
      "pods",
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "redis-0", namespace: stage.namespace, labels: template.metadata.labels },
        spec: { ...template.spec, volumes: [...template.spec.volumes, { name: "data", emptyDir: {} }] },
      },
      "application/json",
    );
  const status = {
    replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    updatedReplicas: replicas,
    currentReplicas: replicas,
    currentRevision: "redis-1",
    updateRevision: "redis-1",
    observedGeneration: set.metadata.generation,
  };
  await send(stage, "PATCH", "apps/v1", "statefulsets/redis/status", { status }, MERGE);
}

function prefix(version: string): string {
  return version.includes("/") && !version.startsWith("api/")
    ? `/apis/${version}`
    : version === "v1"
      ? "/api/v1"
      : `/${version}`;
}

async function get({ cluster, namespace }: Stage, version: string, path: string): Promise<Json> {
  return (await cluster.server.client.send("GET", `${prefix(version)}/namespaces/${namespace}/${path}`)).body;
}

async function list(stage: Stage, version: string, resource: string): Promise<Json[]> {
  return (await get(stage, version, resource)).items ?? [];
}

async function send(
  { cluster, namespace }: Stage,
  method: "POST" | "PATCH" | "DELETE",
  version: string,
  path: string,
  body?: object,
  type = MERGE,
): Promise<void> {
  const answer = await cluster.server.client.send(
    method,
    `${prefix(version)}/namespaces/${namespace}/${path}`,
    body && { type, text: JSON.stringify(body) },
  );
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
