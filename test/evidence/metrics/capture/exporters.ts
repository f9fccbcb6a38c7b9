/**
 * Owns the capture from exporters and Prometheus components that run here: each is started, scraped and stopped.
 * Promises that what is recorded was exposed by the version that is recorded.
 * Must not use anything but loopback.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { KnownMetric, KnownSource } from "../known-metrics.js";
import { parseExposition, unite } from "./exposition.js";
import { buildCommand, type GoModule } from "./go-modules.js";
import { fetchText, freePort, listening, run, whileRunning } from "./processes.js";

const password = "evidence";
const redisExporterModule: GoModule = { path: "github.com/oliver006/redis_exporter", version: "v1.88.0" };
const blackboxModule: GoModule = { path: "github.com/prometheus/blackbox_exporter", version: "v0.28.0" };
const nodeExporterModule: GoModule = { path: "github.com/prometheus/node_exporter", version: "v1.12.1" };

function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), "evidence-"));
}

function moduleSource(module: GoModule, how: string): KnownSource["source"] {
  return { module: module.path, version: module.version, how };
}

function debianVersion(packageName: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own syntax
  return run("dpkg-query", ["-W", "-f", "${Version}", packageName]);
}

/** redis_exporter against a primary with password, keys and append-only file, and against its replica. */
export async function captureRedisExporter(): Promise<KnownSource> {
  const exporter = buildCommand(redisExporterModule);
  const [primary, replica, port] = [await freePort(), await freePort(), await freePort()];
  const replication = ["--replicaof", "127.0.0.1", `${primary}`];
  const metrics = await whileRunning("redis-server", redisArguments(primary), () =>
    whileRunning("redis-server", [...redisArguments(replica), ...replication], async () => {
      await listening(primary);
      useRedis(primary);
      const flags = ["--web.listen-address", `127.0.0.1:${port}`];
      const env = { REDIS_ADDR: `redis://127.0.0.1:${primary}`, REDIS_PASSWORD: password };
      return whileRunning(exporter, flags, () => scrape([primary, replica], port), { env });
    }),
  );
  const how = `run against a primary and a replica of Debian's redis-server ${debianVersion("redis-server")} (requirepass, appendonly), scraped /metrics and /scrape`;
  return { source: moduleSource(redisExporterModule, how), metrics };
}

function redisArguments(port: number): string[] {
  const settings = { bind: "127.0.0.1", dir: scratchFolder(), appendonly: "yes", maxmemory: "64mb" };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return ["--port", `${port}`, ...flags, "--requirepass", password, "--masterauth", password];
}

function useRedis(port: number): void {
  const cli = (...command: string[]) =>
    run("redis-cli", ["-h", "127.0.0.1", "-p", `${port}`, "--no-auth-warning", "-a", password, ...command]);
  cli("CONFIG", "SET", "slowlog-log-slower-than", "0");
  for (let key = 0; key < 20; key++) cli("SET", `key-${key}`, "value", "EX", "600");
  cli("GET", "key-1");
  cli("GET", "missing");
  cli("BGSAVE");
}

async function scrape(redisPorts: readonly number[], port: number): Promise<KnownMetric[]> {
  const own = `http://127.0.0.1:${port}`;
  await fetchText(`${own}/metrics`);
  await sleep(3_000); // The replica's first synchronisation, after which its link metrics exist.
  const readings = [await fetchText(`${own}/metrics`)];
  for (const redisPort of redisPorts) {
    readings.push(await fetchText(`${own}/scrape?target=redis://127.0.0.1:${redisPort}`));
  }
  return unite(...readings.map(parseExposition));
}

/** blackbox_exporter probing a local plain server, a local TLS server, and a TCP port. */
export async function captureBlackboxExporter(): Promise<KnownSource> {
  const exporter = buildCommand(blackboxModule);
  const folder = scratchFolder();
  const config = join(folder, "blackbox.json");
  writeFileSync(config, JSON.stringify(blackboxConfig));
  const port = await freePort();
  const own = `http://127.0.0.1:${port}`;
  const metrics = await withWebServers(folder, (plain, tls) =>
    whileRunning(
      exporter,
      ["--config.file", config, "--web.listen-address", `127.0.0.1:${port}`],
      async () => {
        const probe = (module: string, target: string) =>
          fetchText(`${own}/probe?module=${module}&target=${target}`);
        return unite(
          parseExposition(await probe("http", `http://127.0.0.1:${plain}`)),
          parseExposition(await probe("https", `https://127.0.0.1:${tls}`)),
          parseExposition(await probe("tcp", `127.0.0.1:${plain}`)),
          parseExposition(await fetchText(`${own}/metrics`)),
        );
      },
    ),
  );
  const how = "run, probing a local http server, https server and TCP port; scraped /probe and /metrics";
  return { source: moduleSource(blackboxModule, how), metrics };
}

const blackboxConfig = {
  modules: {
    http: { prober: "http" },
    https: { prober: "http", http: { tls_config: { insecure_skip_verify: true } } },
    tcp: { prober: "tcp" },
  },
};

async function withWebServers<T>(
  folder: string,
  body: (plain: number, tls: number) => Promise<T>,
): Promise<T> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "1", "-nodes"];
  run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", cert, ...subject]);
  const plain = createHttpServer((_request, response) => response.end("plain"));
  const tls = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
    response.end("secret"),
  );
  const [plainPort, tlsPort] = [await freePort(), await freePort()];
  plain.listen(plainPort, "127.0.0.1");
  tls.listen(tlsPort, "127.0.0.1");
  try {
    return await body(plainPort, tlsPort);
  } finally {
    for (const server of [plain, tls]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

/** node_exporter with its default collectors, on this machine. */
export async function captureNodeExporter(): Promise<KnownSource> {
  const exporter = buildCommand(nodeExporterModule);
  const port = await freePort();
  const metrics = await whileRunning(exporter, ["--web.listen-address", `127.0.0.1:${port}`], async () =>
    parseExposition(await fetchText(`http://127.0.0.1:${port}/metrics`)),
  );
  return {
    source: moduleSource(nodeExporterModule, "run with its default collectors; scraped /metrics"),
    metrics,
  };
}

/** Debian's Alertmanager, with an alert sent to it. */
export async function captureAlertmanager(): Promise<KnownSource> {
  const folder = scratchFolder();
  const config = join(folder, "alertmanager.yml");
  writeFileSync(config, "route: {receiver: none}\nreceivers: [{name: none}]\n");
  const port = await freePort();
  const args = [
    `--config.file=${config}`,
    `--storage.path=${folder}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const metrics = await whileRunning(
    "prometheus-alertmanager",
    [...args, "--cluster.listen-address="],
    async () => parseExposition(await fetchText(`http://127.0.0.1:${port}/metrics`)),
  );
  const version = debianVersion("prometheus-alertmanager");
  return {
    source: { module: "debian:prometheus-alertmanager", version, how: "run; scraped /metrics" },
    metrics,
  };
}

/** Debian's Prometheus scraping itself with a firing alert: its own metrics, and the series that it adds. */
export async function capturePrometheus(): Promise<KnownSource> {
  const folder = scratchFolder();
  const port = await freePort();
  writeFileSync(join(folder, "rules.yml"), alwaysFiring);
  writeFileSync(join(folder, "prometheus.yml"), prometheusConfig(port));
  const args = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--enable-feature=extra-scrape-metrics",
  ];
  const own = `http://127.0.0.1:${port}`;
  const metrics = await whileRunning("prometheus", args, async () => {
    const exposed = parseExposition(await fetchText(`${own}/metrics`));
    await fetchText(`${own}/-/ready`);
    await sleep(6_000); // Several scrapes and rule evaluations of one second each.
    return unite(exposed, await addedSeries(own), parseExposition(await fetchText(`${own}/metrics`)));
  });
  const how =
    "run scraping itself with extra-scrape-metrics and a firing alert; read /metrics and the series API";
  return { source: { module: "debian:prometheus", version: debianVersion("prometheus"), how }, metrics };
}

const alwaysFiring = `groups:
  - name: evidence
    rules:
      - alert: AlwaysFiring
        expr: vector(1)
        labels: {severity: none}
`;

function prometheusConfig(port: number): string {
  return `global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: evidence
    static_configs: [{targets: ["127.0.0.1:${port}"]}]
`;
}

/** What Prometheus adds to every target, and the series of alerts; gauges by the Prometheus documentation. */
async function addedSeries(own: string): Promise<KnownMetric[]> {
  const selector = encodeURIComponent('{__name__=~"up|scrape_.+|ALERTS.*"}');
  const answer = JSON.parse(await fetchText(`${own}/api/v1/series?match[]=${selector}`)) as {
    data: Record<string, string>[];
  };
  return answer.data.map(({ __name__: name = "", ...labels }) => ({
    name,
    type: "gauge",
    labels: Object.keys(labels).sort(),
  }));
}
