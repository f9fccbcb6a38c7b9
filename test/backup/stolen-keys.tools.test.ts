// Proves what docs/backup.md promises of a versioned bucket: whoever has the job's keys can hide backups, and not destroy them.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, startBench } from "./backup-bench.js";

let bench: Bench;
const PLACE = "store:backups/rate-limiter/prod/redis";

beforeAll(async () => {
  bench = await startBench();
}, 600_000);
afterAll(() => bench?.stop());

async function rclone(...args: string[]): Promise<string> {
  const { code, output } = await bench.rclone(...args);
  expect(code, output).toBe(0);
  return output;
}

test("overwritten and deleted, the versions of before are still there, whole", async () => {
  await rclone("backend", "versioning", "store:backups", "Enabled");
  await bench.redis.run(["SET precious 1"]);
  const { code, output } = await bench.backUp("redis-backup-1");
  expect(code, output).toBe(0);
  const [name = ""] = bench.names();
  const original = sha256(readFileSync(join(bench.backups, `${name}.rdb`)));

  const garbage = join(bench.directory, "garbage");
  writeFileSync(garbage, "gone");
  await rclone("copyto", garbage, `${PLACE}/${name}.rdb`);
  // rclone names a version by the second in which the next one took its place.
  await sleep(1_100);
  await rclone("deletefile", `${PLACE}/${name}.rdb`);
  bench.newPod();
  expect((await bench.script("fetch.sh", { BACKUP_FILE: `${name}.rdb` })).code).not.toBe(0);

  const copies = join(bench.directory, "copies");
  await rclone("copy", "--s3-versions", "--max-depth", "1", "--include", "*.rdb", PLACE, copies);
  const contents = readdirSync(copies).map((file) => sha256(readFileSync(join(copies, file))));
  expect(contents).toContain(original);
});

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
