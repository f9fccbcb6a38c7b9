// Proves backup and restore with a real server, a real object store and the generated scripts: what was lost comes back whole.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./backup-bench.js";
import { startRedis } from "./servers.js";

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
}, 600_000);
afterAll(() => bench?.stop());

const filling = [
  ...Array.from({ length: 10_000 }, (_, index) => `SET key:${index} value:${index}`),
  "HSET a-hash one 1 two 2",
  "RPUSH a-list a b c a",
  "SADD a-set x y z",
  "ZADD a-ranking 1 first 2.5 second",
  'SET "a key with spaces" "zwölf \\x00 Boxkämpfer"',
  "SET lasting forever EX 100000",
  "SET fleeting gone PX 1",
  "SELECT 3",
  "SET elsewhere 3",
];
const questions = [
  "EXISTS fleeting",
  "DBSIZE",
  "GET key:0",
  "GET key:9999",
  "HGETALL a-hash",
  "LRANGE a-list 0 -1",
  "SORT a-set ALPHA",
  "ZRANGE a-ranking 0 -1 WITHSCORES",
  'GET "a key with spaces"',
  "GET lasting",
  "SELECT 3",
  "GET elsewhere",
];

describe("a store that was backed up and then lost", () => {
  let answers: string;

  test("is dumped, uploaded and named", async () => {
    await bench.redis.run(filling);
    answers = await bench.redis.run(questions);
    const { code, output } = await bench.backUp("redis-backup-29384920");
    expect(output).toContain("is in s3://backups/rate-limiter/prod/redis");
    expect(code).toBe(0);
    expect(bench.names()).toEqual([
      expect.stringMatching(/^redis_backup_\d{8}_\d{6}_redis-backup-29384920$/),
    ]);
    expect(
      readdirSync(bench.backups).filter(
        (name) => name === ".incoming" && readdirSync(join(bench.backups, name)).length > 0,
      ),
    ).toEqual([]);
  });

  test("a second run of the same job adds nothing", async () => {
    const before = readdirSync(bench.backups);
    const { code, output } = await bench.backUp("redis-backup-29384920");
    expect(code).toBe(0);
    expect(output).toContain("already made its backup");
    expect(readdirSync(bench.backups)).toEqual(before);
  });

  test("is listed, as is what is not a backup", async () => {
    bench.newPod();
    const { code, output } = await bench.script("list.sh");
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`${bench.names()[0]}\\.rdb\\s+\\d+ bytes\\s+ok`));
  });

  test("comes back whole, through an AOF, with the old data aside", async () => {
    await bench.redis.run(["FLUSHALL", "SET written-since 1"]);
    await bench.redis.stop();
    bench.newPod();
    const fetched = await bench.script("fetch.sh", { BACKUP_FILE: `${bench.names()[0]}.rdb` });
    expect(fetched.code, fetched.output).toBe(0);
    const restored = await bench.script("restore.sh", { MODE: "apply", DATA: bench.redis.directory });
    expect(restored.code, restored.output).toBe(0);
    const server = await startRedis(bench.redis.directory, { port: bench.redis.port });
    const ttl = Number(await server.run(["TTL lasting"]));
    expect(await server.run(questions)).toBe(answers);
    expect(ttl).toBeGreaterThan(99_000);
    expect(ttl).toBeLessThanOrEqual(100_000);
    expect(await server.run(["EXISTS written-since", "CONFIG GET appendonly"])).toBe("0\nappendonly\nyes");
    // What it writes now must survive a restart, too.
    await server.run(["SET after-restore 1"]);
    await server.stop();
    const again = await startRedis(bench.redis.directory);
    expect(await again.run(["GET after-restore", "GET key:9999"])).toBe("1\nvalue:9999");
    await again.stop();
    const aside = readdirSync(bench.redis.directory).filter((name) => name.startsWith("before-restore-"));
    expect(aside).toHaveLength(1);
    const old = await startRedis(join(bench.redis.directory, aside[0] ?? ""));
    expect(await old.run(["GET written-since", "DBSIZE"])).toBe("1\n1");
    await old.stop();
  }, 120_000);

  test("would have come back empty from the dump alone: the AOF is needed", async () => {
    const directory = join(bench.directory, "naive");
    const first = await startRedis(directory);
    await first.stop();
    copyFileSync(join(bench.work, "dump.rdb"), join(directory, "dump.rdb"));
    const server = await startRedis(directory);
    expect(await server.run(["DBSIZE"])).toBe("0");
    await server.stop();
  });
});

describe("a restore that fails", () => {
  test("puts the old data back", async () => {
    const directory = join(bench.directory, "failing");
    const first = await startRedis(directory);
    await first.run(["SET precious 1", "SAVE"]);
    await first.stop();
    const before = files(directory);
    // The server of this path cannot start: as with a wrong architecture, or memory that is too small.
    const path = join(bench.directory, "broken-bin");
    mkdirSync(path);
    for (const name of readdirSync(join(bench.directory, "bin")))
      if (name !== "redis-server") symlinkSync(join(bench.directory, "bin", name), join(path, name));
    writeFileSync(join(path, "redis-server"), "#!/bin/sh\necho no memory\nexit 1\n", { mode: 0o755 });
    const { code, output } = await bench.script("restore.sh", { MODE: "apply", DATA: directory, PATH: path });
    expect(code).not.toBe(0);
    expect(output).toContain("the old data is back in its place");
    expect(files(directory)).toEqual(before);
    const again = await startRedis(directory);
    expect(await again.run(["GET precious"])).toBe("1");
    await again.stop();
  });

  test("touches nothing when it only checks", async () => {
    const before = files(bench.redis.directory);
    const { code } = await bench.script("restore.sh", { MODE: "check", DATA: bench.redis.directory });
    expect(code).toBe(0);
    expect(files(bench.redis.directory)).toEqual(before);
  });
});

function files(directory: string): string[] {
  return (readdirSync(directory, { recursive: true }) as string[])
    .filter((name) => existsSync(join(directory, name)) && statSync(join(directory, name)).isFile())
    .map((name) => `${name} ${readFileSync(join(directory, name)).toString("base64")}`)
    .sort();
}
