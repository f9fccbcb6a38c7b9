// Proves redis-backup.sh and redis-recovery.sh whole: the real kubectl and API server, the scripts from the ConfigMap, a real
// redis-server and object store. What kubelet and controllers would do is played (play-cluster.ts).
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applicationObject, type Cluster, namespaceObject, startCluster } from "../delivery/cluster.js";
import { createWorkingTree, type Outcome, type WorkingTree } from "../delivery/working-tree.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { type PlayedCluster, playCluster } from "./play-cluster.js";
import { RATE_LIMITER } from "./render-stack.js";
import { KEY_ID, type ObjectStore, SECRET_KEY, startObjectStore, stopServers } from "./servers.js";
import { alpinePath } from "./test-programs.js";

let cluster: Cluster;
let played: PlayedCluster;
let store: ObjectStore;
let tree: WorkingTree;
let backups: string;
const NAMESPACE = "rate-limiter";

beforeAll(async () => {
  cluster = await startCluster();
  store = await startObjectStore(join(cluster.directory, "s3"));
  backups = join(store.bucket("backups"), "rate-limiter/prod/redis");
  store.bucket("elsewhere");
  tree = await createWorkingTree(
    RATE_LIMITER.replace("https://s3.example.com", store.endpoint),
    await ensureTool("kustomize"),
  );
  await cluster.apply(namespaceObject(NAMESPACE));
  const deployed = await tree.script("deploy.sh", ["prod", "--no-wait"], cluster.environment);
  expect(deployed.code, deployed.output).toBe(0);
  const path = await alpinePath(store.directory);
  played = await playCluster(cluster, NAMESPACE, path);
  await secret("redis", { password: played.redis().password });
  for (const name of ["backup-store", "restore-only"])
    await secret(name, { "access-key-id": KEY_ID, "secret-access-key": SECRET_KEY });
  await secret("wrong", { "access-key-id": KEY_ID, "secret-access-key": "wrong" });
  await fill();
}, 900_000);
afterAll(async () => {
  await played?.stop();
  await stopServers();
  tree?.remove();
  await cluster?.stop();
});

const secret = (name: string, stringData: Record<string, string>) =>
  cluster.apply({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: NAMESPACE }, stringData });
const fill = () =>
  played
    .redis()
    .run([
      ...Array.from({ length: 500 }, (_, index) => `SET key:${index} ${index}`),
      "SET lasting 1 EX 100000",
    ]);
const wipe = () => played.redis().run(["FLUSHALL", "SET newer 1"]);
const backUp = (args: string[] = [], more: Record<string, string> = {}) =>
  tree.script("backup/redis-backup.sh", ["-e", "prod", ...args], { ...played.environment, ...more });
const recover = (args: string[], more: Record<string, string> = {}): Promise<Outcome> =>
  tree.script("backup/redis-recovery.sh", ["-e", "prod", ...args], { ...played.environment, ...more });
const names = () =>
  (existsSync(backups) ? readdirSync(backups) : []).filter((name) => name.endsWith(".rdb")).sort();
const newest = () => names().at(-1) ?? "";
const replicas = () =>
  cluster.kubectl(
    "-n",
    NAMESPACE,
    "get",
    "statefulset",
    "redis",
    "-o",
    "jsonpath={.spec.replicas} {.metadata.generation}",
  );
const owners = async (kind: string) => {
  const { items } = JSON.parse(await cluster.kubectl("-n", NAMESPACE, "get", "jobs", "-o", "json"));
  const found = items
    .filter(({ metadata }: { metadata: { name: string } }) => metadata.name.startsWith(`redis-${kind}-`))
    .at(-1);
  return found?.metadata.ownerReferences?.[0]?.name ?? "none";
};

describe("redis-backup.sh", () => {
  test("makes a backup with the CronJob's own job, which counts as one", async () => {
    const { code, output } = await backUp();
    expect(code, output).toBe(0);
    expect(output).toContain("dumped 501 keys");
    expect(names()).toHaveLength(1);
    expect(await owners("backup")).toBe("redis-backup");
  });

  test("lists backups with a job that does not count as one", async () => {
    const { code, output } = await backUp(["--list"]);
    expect(code, output).toBe(0);
    expect(output).toContain(`${newest()}\t`);
    expect(await owners("list")).toBe("none");
  });

  test("puts a backup elsewhere, and deletes nothing there", async () => {
    const { code, output } = await backUp([], { S3_BUCKET: "elsewhere", S3_PREFIX: "before/upgrade" });
    expect(code, output).toBe(0);
    expect(
      readdirSync(join(store.bucket("elsewhere"), "before/upgrade")).filter((name) => name.endsWith(".json")),
    ).toHaveLength(1);
    expect(names()).toHaveLength(1);
  });

  test("fails when the backup fails, and with what it cannot take", async () => {
    expect((await backUp([], { S3_BUCKET: "nowhere" })).code).toBe(1);
    expect((await backUp([], { S3_BUCKET: 'x"},{"op":"remove' })).output).toContain("is not a name");
    expect(
      (await tree.script("backup/redis-backup.sh", ["-n", "default"], played.environment)).output,
    ).toContain("has no CronJob redis-backup; give -e ENVIRONMENT (dev prod)");
  });
});

describe("redis-recovery.sh touches nothing", () => {
  const untouched = async (args: string[], says: string, more: Record<string, string> = {}) => {
    const before = await replicas();
    const { code, output } = await recover(args, more);
    expect(output).toContain(says);
    expect(await replicas()).toBe(before);
    expect(readdirSync(played.redis().directory).filter((name) => name.startsWith("before-restore"))).toEqual(
      [],
    );
    return code;
  };

  test("in a dry run, which proves the backup", async () => {
    expect(await untouched(["-f", newest(), "--dry-run"], "the backup is good")).toBe(0);
    expect(await owners("check")).toBe("none");
  });

  test("when nobody confirms", async () => {
    expect(await untouched(["-f", newest()], "nobody is there to confirm")).toBe(1);
  });

  test("when there is no such backup, or no such file", async () => {
    expect(
      await untouched(["-f", "redis_backup_20200101_000000_x.rdb", "--force"], "there is no backup"),
    ).toBe(1);
    expect(await untouched(["-f", "./none.rdb", "--force"], "is not there")).toBe(1);
    expect(await untouched(["--force"], "-f FILE is missing")).toBe(1);
    expect(await untouched(["-f", "$(id).rdb", "--force"], "is not the name of a backup")).toBe(1);
  });

  test("when the backup is damaged", async () => {
    const [damaged] = names();
    const good = readFileSync(join(backups, damaged ?? ""));
    writeFileSync(join(backups, damaged ?? ""), good.subarray(0, good.length - 9));
    expect(await untouched(["-f", damaged ?? "", "--force"], "cannot be fetched")).toBe(1);
    writeFileSync(join(backups, damaged ?? ""), good);
  });

  test("when the given credentials may not read", async () => {
    expect(await untouched(["-f", newest(), "--force", "--credentials", "wrong"], "cannot be fetched")).toBe(
      1,
    );
  });

  test("under automated sync", async () => {
    await cluster.apply(namespaceObject("argocd"));
    await cluster.apply(applicationObject("rate-limiter-prod", NAMESPACE));
    expect(await untouched(["-f", newest(), "--force"], "--pause-argocd")).toBe(1);
  });
});

describe("redis-recovery.sh restores", () => {
  const automated = () =>
    cluster.kubectl(
      "-n",
      "argocd",
      "get",
      "application",
      "rate-limiter-prod",
      "-o",
      "jsonpath={.spec.syncPolicy.automated.enabled}",
    );
  const restored = async () =>
    (await played.redis().run(["EXISTS newer", "GET key:499", "DBSIZE", "CONFIG GET appendonly"])).split(
      "\n",
    );

  test("a backup of the store, with Argo CD paused meanwhile and a reader's credentials", async () => {
    await wipe();
    const { code, output } = await recover([
      "-f",
      newest(),
      "--force",
      "--pause-argocd",
      "--credentials",
      "restore-only",
    ]);
    expect(code, output).toBe(0);
    expect(output).toContain("redis has 501 keys; the backup has 501");
    expect(await restored()).toEqual(["0", "499", "501", "appendonly", "yes"]);
    expect(await replicas()).toMatch(/^1 /);
    expect(await automated()).toBe("true");
    await cluster.kubectl("-n", "argocd", "delete", "application", "rate-limiter-prod");
    expect(
      readdirSync(played.redis().directory).filter((name) => name.startsWith("before-restore")),
    ).toHaveLength(1);
  });

  test("a file of the operator's machine", async () => {
    const file = join(tree.root, "dump.rdb");
    copyFileSync(join(backups, newest()), file);
    await wipe();
    const { code, output } = await recover(["-f", file, "--force"]);
    expect(code, output).toBe(0);
    expect(await restored()).toEqual(["0", "499", "501", "appendonly", "yes"]);
  });

  test("a backup of another place", async () => {
    const [name = ""] = readdirSync(join(store.bucket("elsewhere"), "before/upgrade")).filter((file) =>
      file.endsWith(".rdb"),
    );
    await wipe();
    const { code, output } = await recover(["-f", name, "--force"], {
      S3_BUCKET: "elsewhere",
      S3_PREFIX: "before/upgrade",
    });
    expect(code, output).toBe(0);
    expect((await restored())[1]).toBe("499");
  });

  test("nothing when the job fails: the old data is back, the server runs, the exit code says so", async () => {
    await wipe();
    const good = played.path;
    const broken = join(cluster.directory, "broken");
    mkdirSync(broken);
    writeFileSync(join(broken, "redis-server"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    symlinkSync(join(good, "sh"), join(broken, "sh"));
    played.path = `${broken}:${good}`;
    const { code, output } = await recover(["-f", newest(), "--force"]);
    played.path = good;
    expect(code).not.toBe(0);
    expect(output).toContain("the old data is back in its place");
    expect(output).toContain("starting redis again");
    await expect.poll(async () => replicas()).toMatch(/^1 /);
    await expect
      .poll(async () => played.redis().run(["GET newer"]).catch(String), { timeout: 20_000 })
      .toBe("1");
  });
});
