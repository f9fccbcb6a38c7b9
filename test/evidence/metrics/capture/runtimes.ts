/**
 * Owns the capture of what client libraries expose by default: Node.js, Go and Python.
 * Promises the library's own output at the version that is recorded.
 * Must not install anything into this repository: each library is installed in a scratch folder.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KnownSource } from "../known-metrics.js";
import { parseExposition } from "./exposition.js";
import { buildCommand, scratch } from "./go-modules.js";
import { fetchText, freePort, run, whileRunning } from "./processes.js";

function emptyFolder(name: string): string {
  const folder = join(scratch, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

const promClientVersion = "15.1.3";
const promClientProgram = `
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import client from "prom-client";
client.collectDefaultMetrics();
globalThis.gc();
await sleep(500);
process.stdout.write(await client.register.metrics());
`;

/** prom-client's default metrics, after a garbage collection. */
export function captureNodejs(): KnownSource {
  const folder = emptyFolder("prom-client");
  writeFileSync(join(folder, "package.json"), '{"private": true, "type": "module"}\n');
  writeFileSync(join(folder, "metrics.js"), promClientProgram);
  run("npm", ["install", "--silent", `prom-client@${promClientVersion}`], { cwd: folder });
  const text = run(process.execPath, ["--expose-gc", "metrics.js"], { cwd: folder });
  const how = `collectDefaultMetrics() on Node.js ${process.versions.node}`;
  return {
    source: { module: "npm:prom-client", version: promClientVersion, how },
    metrics: parseExposition(text),
  };
}

const goClient = { path: "github.com/prometheus/client_golang", version: "v1.25.0" };

/** client_golang's default registry and handler: go_*, process_* and promhttp_*. */
export async function captureGo(): Promise<KnownSource> {
  const example = buildCommand(goClient, "/examples/simple");
  const port = await freePort();
  const metrics = await whileRunning(example, [`-listen-address=127.0.0.1:${port}`], async () => {
    await fetchText(`http://127.0.0.1:${port}/metrics`);
    return parseExposition(await fetchText(`http://127.0.0.1:${port}/metrics`));
  });
  const how = "its examples/simple run; scraped /metrics";
  return { source: { module: goClient.path, version: goClient.version, how }, metrics };
}

const pythonClientVersion = "0.23.1";

/** prometheus_client's default collectors. */
export function capturePython(): KnownSource {
  const folder = emptyFolder("prometheus-client");
  const target = ["--target", folder, "--quiet", "--disable-pip-version-check"];
  run("python3", ["-m", "pip", "install", ...target, `prometheus-client==${pythonClientVersion}`]);
  const program = "import prometheus_client as p; print(p.generate_latest().decode())";
  const text = run("python3", ["-c", program], { env: { PYTHONPATH: folder } });
  const how = "generate_latest() of the default registry";
  return {
    source: { module: "pypi:prometheus-client", version: pythonClientVersion, how },
    metrics: parseExposition(text),
  };
}
