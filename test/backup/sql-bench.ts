// Owns: running the generated scripts of an SQL datastore's backup as its pods would, against a real server and a real store.
// Promises: variables come from the built manifests; only addresses, folders, names and passwords are those of the test.
// Must not: hold expectations, or reach beyond 127.0.0.1.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type Outcome, podVariables } from "./backup-bench.js";
import { renderSpec, writeTree } from "./render-stack.js";
import { KEY_ID, type ObjectStore, SECRET_KEY, startObjectStore, stopServers } from "./servers.js";
import type { SqlServer } from "./sql-servers.js";
import { alpinePath, debianPath } from "./test-programs.js";

type Variables = Readonly<Record<string, string>>;

export interface SqlBench {
  readonly directory: string;
  readonly work: string;
  readonly server: SqlServer;
  readonly store: ObjectStore;
  /** PATH of the container with the engine's image. */
  readonly path: string;
  /** Folder with the environment's backups, as files. */
  readonly backups: string;
  script(name: string, more?: Variables): Promise<Outcome>;
  /** Dump, then upload, as the pod does. */
  backUp(job: string, more?: Variables): Promise<Outcome>;
  /** Fetch, then restore, as the pod of a restore does. */
  restore(file: string, mode: "check" | "apply", more?: Variables): Promise<Outcome>;
  /** Names of finished backups, oldest first. */
  names(): string[];
  newPod(): void;
  stop(): Promise<void>;
}

/** Those that run in the engine's image; the others run in that of rclone. */
const OF_ENGINE = ["dump.sh", "restore.sh"];

interface Kind {
  readonly spec: string;
  readonly datastore: string;
  readonly start: (tree: ReturnType<typeof renderSpec>, directory: string) => Promise<SqlServer>;
  /** Programs of the engine's image, as absolute paths. */
  readonly programs: readonly string[];
  /** What else is in the engine's image: Alpine's tools, or Debian's, whose shell knows less. */
  readonly image?: "alpine" | "debian";
  /** Credentials and names of the test. */
  readonly variables: (server: SqlServer) => Variables;
}

export async function startSqlBench({
  spec,
  datastore,
  start,
  programs,
  image = "alpine",
  variables,
}: Kind): Promise<SqlBench> {
  const directory = mkdtempSync(join(tmpdir(), "sql-backup-"));
  const scripts = join(directory, `repository/base/${datastore}/scripts`);
  const work = join(directory, "work");
  const tree = renderSpec(spec);
  writeTree(tree, join(directory, "repository"));
  const path = await alpinePath(directory);
  const enginePath = image === "alpine" ? path : debianPath(directory);
  for (const program of programs) symlinkSync(program, join(enginePath, program.split("/").at(-1) ?? ""));
  const [server, store] = await Promise.all([
    start(tree, join(directory, "server")),
    startObjectStore(join(directory, "s3")),
  ]);
  const fromPod = await podVariables(join(directory, "repository/overlays/prod"), datastore);
  const backups = join(store.bucket("backups"), fromPod.S3_PREFIX ?? "");
  const here: Variables = {
    ...fromPod,
    ...variables(server),
    SCRIPTS: scripts,
    WORK: work,
    HOST: "127.0.0.1",
    PORT: String(server.port),
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
  const script = async (name: string, more: Variables = {}): Promise<Outcome> => {
    const ownPath = OF_ENGINE.includes(name) ? (more.PATH ?? enginePath) : path;
    const { exitCode, all } = await execa(join(ownPath, "sh"), [join(scripts, name)], {
      env: { ...here, ...more, PATH: ownPath },
      extendEnv: false,
      reject: false,
      all: true,
    });
    return { code: exitCode ?? -1, output: all };
  };
  const inTurn = async (first: string, second: string, more: Variables) => {
    newPod();
    const outcome = await script(first, more);
    if (outcome.code !== 0) return outcome;
    const next = await script(second, more);
    return { code: next.code, output: `${outcome.output}\n${next.output}` };
  };
  return {
    directory,
    work,
    server,
    store,
    path: enginePath,
    backups,
    script,
    newPod,
    backUp: (job, more = {}) => inTurn("dump.sh", "upload.sh", { JOB_NAME: job, ...more }),
    restore: (file, mode, more = {}) =>
      inTurn("fetch.sh", "restore.sh", { BACKUP_FILE: file, MODE: mode, ...more }),
    names: () =>
      (existsSync(backups) ? readdirSync(backups) : [])
        .filter((name) => name.endsWith(".json"))
        .map((name) => name.slice(0, -5))
        .sort(),
    stop: async () => {
      await server.stop();
      await stopServers();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
