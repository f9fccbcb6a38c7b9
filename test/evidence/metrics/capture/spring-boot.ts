/**
 * Owns the capture from a Spring Boot service with Actuator, Micrometer's Prometheus registry, Redis and JDBC.
 * Promises the metrics of the application in spring-boot-app/, after requests that succeed, fail, and use the stores.
 * Must not change that application's sources: it is built in a scratch copy.
 */
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { KnownMetric, KnownSource } from "../known-metrics.js";
import { parseExposition, unite } from "./exposition.js";
import { scratch } from "./go-modules.js";
import { fetchText, freePort, run, whileRunning } from "./processes.js";

const sources = join(import.meta.dirname, "../spring-boot-app");

/** Twice: with the settings that Spring Boot has by itself, and with those that production dashboards need. */
export async function captureSpringBoot(): Promise<KnownSource> {
  const jar = buildApplication();
  const redis = await freePort();
  const redisArguments = ["--port", `${redis}`, "--bind", "127.0.0.1", "--save", ""];
  const metrics = await whileRunning("redis-server", redisArguments, async () =>
    unite(await serve(jar, redis, []), await serve(jar, redis, productionSettings)),
  );
  const how = `run by itself and with ${productionSettings.join(" ")}; requested 200, 404, 500, Redis and JDBC; scraped /actuator/prometheus`;
  return {
    source: { module: "org.springframework.boot:spring-boot", version: springBootVersion(), how },
    metrics,
  };
}

const productionSettings = [
  "--management.metrics.distribution.percentiles-histogram.http.server.requests=true",
  "--management.metrics.tags.application=evidence",
  "--server.tomcat.mbeanregistry.enabled=true",
];

function springBootVersion(): string {
  const version = /spring-boot-starter-parent<\/artifactId>\s*<version>([^<]+)</.exec(
    readFileSync(join(sources, "pom.xml"), "utf8"),
  )?.[1];
  if (!version) throw new Error("pom.xml names no version of Spring Boot.");
  return version;
}

function buildApplication(): string {
  const folder = join(scratch, "spring-boot-app");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(sources, folder, { recursive: true });
  run("mvn", ["-q", "-B", "-DskipTests", "package"], { cwd: folder });
  return join(folder, "target", "metrics-evidence-1.jar");
}

async function serve(jar: string, redis: number, settings: readonly string[]): Promise<KnownMetric[]> {
  const port = await freePort();
  const own = `http://127.0.0.1:${port}`;
  const address = [
    "--server.address=127.0.0.1",
    `--server.port=${port}`,
    `--spring.data.redis.port=${redis}`,
  ];
  const exposure = "--management.endpoints.web.exposure.include=health,prometheus";
  return whileRunning("java", ["-jar", jar, ...address, exposure, ...settings], async () => {
    await fetchText(`${own}/actuator/health`);
    await fetchText(`${own}/hello/world`);
    await fetchText(`${own}/count`);
    await fetchText(`${own}/rows`);
    await fetchText(`${own}/missing`, [404]);
    await fetchText(`${own}/fail`, [500]);
    await fetchText(`${own}/actuator/prometheus`);
    return parseExposition(await fetchText(`${own}/actuator/prometheus`));
  });
}
