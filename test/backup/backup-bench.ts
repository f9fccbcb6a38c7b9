// Owns: running the generated scripts of a backup as the pods would: their environment, their shell, their tools.
// Promises: variables come from the built manifests; only addresses, folders and keys are those of the test.
// Must not: hold expectations, or reach beyond 127.0.0.1.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { ensureTool } from "../tools/ensure-tool.js";
import { RATE_LIMITER, renderSpec, writeTree } from "./render-stack.js";
import {
  KEY_ID,
  type ObjectStore,
  type RedisServer,
  SECRET_KEY,
  startObjectStore,
  startRedis,
  stopServers,
} from "./servers.js";
import { alpinePath } from "./test-programs.js";

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

type Variables = Readonly<Record<string, string>>;

export interface Bench {
  readonly directory: string;
  /** $WORK of the pods. */
  readonly work: string;
  readonly redis: RedisServer;
  readonly store: ObjectStore;
  /** Folder with the environment's backups, as files. */
  readonly backups: string;
  /** Runs a script of the job; `more` overrides variables. */
  script(name: string, more?: Variables): Promise<Outcome>;
  /** Runs rclone with the uploader's settings; the remote is called store. */
  rclone(...args: string[]): Promise<Outcome>;
  /** Dump, then upload, as the pod does. */
  backUp(job: string, more?: Variables): Promise<Outcome>;
  /** Names of finished backups, oldest first. */
  names(): string[];
  /** Empties $WORK: a new pod. */
  newPod(): void;
  stop(): Promise<void>;
}

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

const BUCKET = "backups";

export async function startBench(): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), "backup-"));
  const scripts = join(directory, "repository/base/redis/scripts");
  const work = join(directory, "work");
  writeTree(renderSpec(RATE_LIMITER), join(directory, "repository"));
  const path = await alpinePath(directory);
  const [redis, store] = await Promise.all([
    startRedis(join(directory, "redis")),
    startObjectStore(join(directory, "s3")),
  ]);
  const variables = await podVariables(join(directory, "repository/overlays/prod"), "redis");
  const backups = join(store.bucket(BUCKET), variables.S3_PREFIX ?? "");
  const here: Variables = {
    ...variables,
    PATH: path,
    SCRIPTS: scripts,
    WORK: work,
    HOST: "127.0.0.1",
    PORT: String(redis.port),
    REDISCLI_AUTH: redis.password,
    RCLONE_CONFIG_STORE_ENDPOINT: store.endpoint,
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID: KEY_ID,
    RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: SECRET_KEY,
    RCLONE_RETRIES: "1",
    RCLONE_LOW_LEVEL_RETRIES: "1",
  };
  const newPod = () => {
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
  };
  newPod();
  const run = async (program: string, args: readonly string[], more: Variables = {}): Promise<Outcome> => {
    const { exitCode, all } = await execa(join(path, program), args, {
      env: { ...here, ...more },
      extendEnv: false,
      reject: false,
      all: true,
    });
    return { code: exitCode ?? -1, output: all };
  };
  const script = (name: string, more: Variables = {}) => run("sh", [join(scripts, name)], more);
  const rclone = (...args: string[]) => run("rclone", args);
  const backUp = async (job: string, more: Variables = {}) => {
    newPod();
    const dumped = await script("dump.sh", { JOB_NAME: job, ...more });
    return dumped.code === 0 ? script("upload.sh", { JOB_NAME: job, ...more }) : dumped;
  };
  const names = () =>
    (existsSync(backups) ? readdirSync(backups) : [])
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -5))
      .sort();
  const stop = async () => {
    await stopServers();
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, work, redis, store, backups, script, rclone, backUp, names, newPod, stop };
}

/** What the pod's containers see, less the secrets. */
export async function podVariables(overlay: string, datastore: string): Promise<Variables> {
  const { stdout } = await execa(await ensureTool("kustomize"), ["build", overlay]);
  const objects = parseAllDocuments(stdout).map((document) => document.toJS());
  const cronJob = objects.find(
    ({ kind, metadata }) => kind === "CronJob" && metadata.name === `${datastore}-backup`,
  );
  const settings = objects.find(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name.startsWith(`${datastore}-backup-settings`),
  );
  const pod = cronJob.spec.jobTemplate.spec.template.spec as {
    initContainers: Container[];
    containers: Container[];
  };
  const own = [...pod.initContainers, ...pod.containers].flatMap(({ env }) =>
    env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])),
  );
  return { ...settings.data, ...Object.fromEntries(own) };
}
