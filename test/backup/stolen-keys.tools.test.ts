// Proves what docs/backup.md promises of a versioned bucket: whoever has the job's keys can hide backups, and not destroy them.
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, startBench } from "./backup-bench.js";
import { KEY_ID, REGION, SECRET_KEY } from "./servers.js";
import { programPath } from "./test-programs.js";

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
}, 600_000);
afterAll(() => bench?.stop());

/** A signed request to the store. */
async function s3(path: string, ...options: string[]): Promise<Buffer> {
  const { stdout } = await execa(
    programPath("curl"),
    [
      "--silent",
      "--show-error",
      "--fail",
      "--aws-sigv4",
      `aws:amz:${REGION}:s3`,
      "--user",
      `${KEY_ID}:${SECRET_KEY}`,
      ...options,
      `${bench.store.endpoint}/backups${path}`,
    ],
    { encoding: "buffer" },
  );
  return Buffer.from(stdout);
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

test("overwritten and deleted, the versions of before are still there, whole", async () => {
  const enabled =
    '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>';
  await s3("?versioning=", "--request", "PUT", "--data", enabled);
  await bench.redis.run(["SET precious 1"]);
  const { code, output } = await bench.backUp("redis-backup-1");
  expect(code, output).toBe(0);
  const [name = ""] = bench.names();
  const original = sha256(readFileSync(join(bench.backups, `${name}.rdb`)));

  const garbage = join(bench.directory, "garbage");
  writeFileSync(garbage, "gone");
  const key = `/rate-limiter/prod/redis/${name}.rdb`;
  await s3(key, "--upload-file", garbage);
  await s3(key, "--request", "DELETE");
  bench.newPod();
  expect((await bench.script("fetch.sh", { BACKUP_FILE: `${name}.rdb` })).code).not.toBe(0);

  const versions = (await s3("?versions=")).toString();
  const ids = [...versions.matchAll(/<Version>.*?<\/Version>/gs)]
    .filter(([text]) => text.includes(`${name}.rdb</Key>`) && !text.includes(".incoming"))
    .map(([text]) => /<VersionId>(.*?)<\/VersionId>/.exec(text)?.[1]);
  const contents = await Promise.all(ids.map((id) => s3(`${key}?versionId=${id}`)));
  expect(contents.map(sha256)).toContain(original);
  rmSync(garbage);
});
