/**
 * Owns the capture from exporters of SQL servers: Debian's servers are started, used, scraped through the exporter and stopped.
 * Promises that what is recorded was exposed by the version that is recorded.
 * Must not use anything but loopback.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnownSource } from "../known-metrics.js";
import { parseExposition } from "./exposition.js";
import { buildCommand, type GoModule } from "./go-modules.js";
import { fetchText, freePort, listening, run, whileRunning } from "./processes.js";

/** The newest that the module proxy gives; images.ts pins a later patch of the same command. */
const postgresExporterModule: GoModule = {
  path: "github.com/prometheus-community/postgres_exporter",
  version: "v0.19.1",
};
const mysqldExporterModule: GoModule = { path: "github.com/prometheus/mysqld_exporter", version: "v0.19.0" };

function debianVersion(packageName: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own syntax
  return run("dpkg-query", ["-W", "-f", "${Version}", packageName]);
}

/** A folder of the server's own user: neither server runs as root. */
function folderOf(user: string): string {
  const folder = mkdtempSync(join(tmpdir(), "evidence-"));
  run("chown", [user, folder]);
  return folder;
}

const as = (user: string) => [`--reuid=${user}`, `--regid=${user}`, "--clear-groups"];

/** postgres_exporter with the flags of src/stack/engines/postgresql, against a server with a database in use. */
export async function capturePostgresExporter(): Promise<KnownSource> {
  const exporter = buildCommand(postgresExporterModule, "/cmd/postgres_exporter");
  const folder = folderOf("postgres");
  const bin = run("pg_config", ["--bindir"]).trim();
  const data = join(folder, "data");
  run("setpriv", [...as("postgres"), join(bin, "initdb"), "--pgdata", data, "--auth", "trust"]);
  const [port, own] = [await freePort(), await freePort()];
  const server = [join(bin, "postgres"), "-D", data, "-p", `${port}`, "-k", folder];
  const metrics = await whileRunning("setpriv", [...as("postgres"), ...server], async () => {
    await listening(port);
    const address = ["-h", "127.0.0.1", "-p", `${port}`, "-U", "postgres"];
    run("psql", [...address, "-c", "CREATE TABLE evidence AS SELECT generate_series(1, 100)"]);
    const flags = ["--web.listen-address", `127.0.0.1:${own}`];
    const env = {
      DATA_SOURCE_URI: `127.0.0.1:${port}/postgres?sslmode=disable`,
      DATA_SOURCE_USER: "postgres",
      DATA_SOURCE_PASS: "trusted",
    };
    const collectors = ["--collector.long_running_transactions", "--no-collector.wal"];
    return whileRunning(
      exporter,
      [...flags, ...collectors],
      async () => {
        await listening(own);
        return parseExposition(await fetchText(`http://127.0.0.1:${own}/metrics`));
      },
      { env },
    );
  });
  const how = `run against Debian's postgresql ${debianVersion("postgresql")}, scraped /metrics`;
  return {
    source: { module: postgresExporterModule.path, version: postgresExporterModule.version, how },
    metrics,
  };
}

/** mysqld_exporter with its default collectors, against Debian's MariaDB. */
export async function captureMysqldExporter(): Promise<KnownSource> {
  const exporter = buildCommand(mysqldExporterModule);
  const folder = folderOf("mysql");
  const data = join(folder, "data");
  run("setpriv", [
    ...as("mysql"),
    "mariadb-install-db",
    `--datadir=${data}`,
    "--auth-root-authentication-method=normal",
  ]);
  const [port, own] = [await freePort(), await freePort()];
  const server = [
    "mariadbd",
    "--no-defaults",
    `--datadir=${data}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    `--socket=${join(folder, "socket")}`,
  ];
  const metrics = await whileRunning("setpriv", [...as("mysql"), ...server], async () => {
    await listening(port);
    run("mariadb", [
      `--socket=${join(folder, "socket")}`,
      "-uroot",
      "-e",
      "CREATE USER monitoring@'127.0.0.1' IDENTIFIED BY 'evidence'; GRANT PROCESS, SLAVE MONITOR, REPLICATION CLIENT, SELECT ON *.* TO monitoring@'127.0.0.1'; CREATE DATABASE evidence; CREATE TABLE evidence.t (a INT); INSERT INTO evidence.t VALUES (1)",
    ]);
    const flags = [
      "--web.listen-address",
      `127.0.0.1:${own}`,
      `--mysqld.address=127.0.0.1:${port}`,
      "--mysqld.username=monitoring",
    ];
    return whileRunning(
      exporter,
      flags,
      async () => {
        await listening(own);
        return parseExposition(await fetchText(`http://127.0.0.1:${own}/metrics`));
      },
      { env: { MYSQLD_EXPORTER_PASSWORD: "evidence" } },
    );
  });
  const how = `run against Debian's mariadb-server ${debianVersion("mariadb-server")}, scraped /metrics`;
  return {
    source: { module: mysqldExporterModule.path, version: mysqldExporterModule.version, how },
    metrics,
  };
}
