/**
 * Captures the known metrics anew: `npx tsx test/evidence/metrics/capture.ts [name …]`, all sources by default.
 * Promises one file known/NAME.json per source, the same bytes for the same versions and machine.
 * Must not be part of the test run: it downloads, builds and runs other programs, for about half an hour.
 *
 * Needs Go, Maven with a JDK 17, Python with pip, openssl, and Debian's redis-server, postgresql,
 * mariadb-server, prometheus and prometheus-alertmanager. EVIDENCE_SCRATCH names the folder for downloads and builds.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { captureEnvoy } from "./capture/envoy.js";
import {
  captureAlertmanager,
  captureBlackboxExporter,
  captureNodeExporter,
  capturePrometheus,
  captureRedisExporter,
} from "./capture/exporters.js";
import { run } from "./capture/processes.js";
import { captureGo, captureNodejs, capturePython } from "./capture/runtimes.js";
import { captureSpringBoot } from "./capture/spring-boot.js";
import { captureMysqldExporter, capturePostgresExporter } from "./capture/sql-exporters.js";
import {
  captureArgoCd,
  captureBarmanCloud,
  captureCadvisor,
  captureCertManager,
  captureCloudNativePg,
  captureExternalSecrets,
  captureKubelet,
  captureKubeStateMetrics,
} from "./capture/upstream-sources.js";
import type { KnownSource } from "./known-metrics.js";

const captures: Record<string, () => KnownSource | Promise<KnownSource>> = {
  "redis-exporter": captureRedisExporter,
  "postgres-exporter": capturePostgresExporter,
  "mysqld-exporter": captureMysqldExporter,
  "spring-boot": captureSpringBoot,
  "kube-state-metrics": captureKubeStateMetrics,
  cadvisor: captureCadvisor,
  kubelet: captureKubelet,
  prometheus: capturePrometheus,
  "blackbox-exporter": captureBlackboxExporter,
  "argo-cd": captureArgoCd,
  "cert-manager": captureCertManager,
  "external-secrets": captureExternalSecrets,
  "barman-cloud": captureBarmanCloud,
  "cloudnative-pg": captureCloudNativePg,
  "node-exporter": captureNodeExporter,
  alertmanager: captureAlertmanager,
  envoy: captureEnvoy,
  nodejs: captureNodejs,
  go: captureGo,
  python: capturePython,
};

async function captureTo(name: string): Promise<void> {
  const capture = captures[name];
  if (!capture)
    throw new Error(`No source is called ${name}. There are: ${Object.keys(captures).join(", ")}.`);
  const { source, metrics } = await capture();
  if (metrics.length === 0) throw new Error(`${name} gave no metrics.`);
  const file = join(import.meta.dirname, "known", `${name}.json`);
  const lines = metrics.map((metric) => JSON.stringify(metric)).join(",\n");
  writeFileSync(file, `{\n"source": ${JSON.stringify(source)},\n"metrics": [\n${lines}\n]\n}\n`);
  run("npx", ["biome", "format", "--write", file]);
  process.stdout.write(`${name}: ${metrics.length} series names of ${source.module} ${source.version}\n`);
}

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(captures)) await captureTo(name);
