// Proves what a backup does when something fails: it says so, leaves nothing that looks like a backup, and takes no good one away.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./backup-bench.js";
import { startRedis } from "./servers.js";

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
  await bench.redis.run(
    Array.from({ length: 2000 }, (_, index) => `SET key:${index} ${"x".repeat(50)}${index}`),
  );
}, 600_000);
afterAll(() => bench?.stop());
beforeEach(() => {
  rmSync(bench.backups, { recursive: true, force: true });
});

const DAY = 86_400;
const TODAY = 1_800_000_000;

/** Everything in the environment's prefix. */
function objects(): string[] {
  if (!existsSync(bench.backups)) return [];
  return (readdirSync(bench.backups, { recursive: true }) as string[]).filter((name) =>
    /\.(rdb|json)$/.test(name),
  );
}

async function isWhole(name: string): Promise<boolean> {
  bench.newPod();
  // Without rclone's own comparison with the ETag, which not every store has, and not for large uploads.
  const fetched = await bench.script("fetch.sh", {
    BACKUP_FILE: `${name}.rdb`,
    RCLONE_IGNORE_CHECKSUM: "true",
    RCLONE_IGNORE_SIZE: "true",
  });
  return fetched.code === 0 && (await bench.script("restore.sh", { MODE: "check" })).code === 0;
}

describe("a backup fails, and leaves nothing, when", () => {
  const causes = {
    "the server is down": { variables: { PORT: "1" }, says: /does not answer/ },
    "the password is wrong": { variables: { REDISCLI_AUTH: "wrong" }, says: /refuses the password/ },
    "there is no password": { variables: { REDISCLI_AUTH: "" }, says: /refuses the password/ },
    "the bucket does not exist": {
      variables: { S3_BUCKET: "nowhere" },
      says: /NoSuchBucket|the upload failed/,
    },
    "the store's key is wrong": {
      variables: { RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: "wrong" },
      says: /cannot be listed/,
    },
    "the store is down": {
      variables: { RCLONE_CONFIG_STORE_ENDPOINT: "http://127.0.0.1:1" },
      says: /cannot be listed/,
    },
  };
  for (const [cause, { variables, says }] of Object.entries(causes)) {
    test(cause, async () => {
      const { code, output } = await bench.backUp("redis-backup-1", variables);
      expect(code).not.toBe(0);
      expect(output).toMatch(says);
      expect(objects()).toEqual([]);
    });
  }

  test("the pod's disk is full", async () => {
    const path = withProgram("redis-cli", 'ulimit -f 8\nexec "$REAL" "$@"');
    const { code } = await bench.backUp("redis-backup-1", { PATH: path });
    expect(code).not.toBe(0);
    expect(existsSync(join(bench.work, "dump.rdb"))).toBe(false);
    expect(objects()).toEqual([]);
  });

  test("the server cannot save", async () => {
    const directory = join(bench.directory, "unwritable");
    const server = await startRedis(directory, { appendonly: false });
    await server.run(["SET a 1"]);
    rmSync(directory, { recursive: true });
    await server.run(["BGSAVE"]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { code, output } = await bench.backUp("redis-backup-1", { PORT: String(server.port) });
    await server.stop();
    expect(code).not.toBe(0);
    expect(output).toContain("rdb_last_bgsave_status:err");
    expect(objects()).toEqual([]);
  });

  for (const share of [0, 0.01, 0.5, 0.99]) {
    test(`the dump is cut at ${share * 100} %`, async () => {
      const path = withProgram(
        "redis-cli",
        `"$REAL" "$@" || exit 1\ncase "$*" in *--rdb*) f=$(echo "$*" | sed 's/.*--rdb //'); head -c $(($(wc -c <"$f") * ${share * 100} / 100)) "$f" >"$f.cut"; mv "$f.cut" "$f" ;; esac`,
      );
      const { code, output } = await bench.backUp("redis-backup-1", { PATH: path });
      expect(code).not.toBe(0);
      expect(output).toMatch(/the dump is empty|finds the dump damaged/);
      expect(objects()).toEqual([]);
    });
  }

  test("the store gives back other bytes than it got", async () => {
    const path = withProgram("rclone", '"$REAL" "$@" | if [ "$1" = cat ]; then tr x y; else cat; fi');
    const { code, output } = await bench.backUp("redis-backup-1", { PATH: path });
    expect(code).not.toBe(0);
    expect(output).toContain("not what was uploaded");
    expect(bench.names()).toEqual([]);
  });
});

test("killed at any call of rclone, it leaves whole backups or none, and a retry makes one", async () => {
  for (let call = 1; ; call += 1) {
    rmSync(bench.backups, { recursive: true, force: true });
    const counter = join(bench.directory, "calls");
    writeFileSync(counter, "0");
    // Every other time after the call has done its work, so that both sides of each are tried.
    for (const moment of ["before", "after"]) {
      const kill = `[ "$n" -lt ${call} ] || kill -9 "$PPID"`;
      const path = withProgram(
        "rclone",
        `n=$(($(cat ${counter}) + 1)); echo $n >${counter}\n${moment === "before" ? kill : ""}\n"$REAL" "$@"; c=$?\n${moment === "after" ? kill : ""}\nexit $c`,
      );
      const { code } = await bench.backUp("redis-backup-7", { PATH: path });
      for (const name of bench.names())
        expect(await isWhole(name), `killed ${moment} call ${call}`).toBe(true);
      if (code === 0) {
        expect(call).toBeGreaterThan(6);
        return;
      }
    }
    const retried = await bench.backUp("redis-backup-7");
    expect(retried.code, retried.output).toBe(0);
    expect(bench.names()).toHaveLength(1);
  }
});

describe("a restore refuses a backup", () => {
  let name: string;
  let good: Buffer;

  beforeEach(async () => {
    const { code, output } = await bench.backUp("redis-backup-1");
    expect(code, output).toBe(0);
    [name = ""] = bench.names();
    good = readFileSync(join(bench.backups, `${name}.rdb`));
    expect(await isWhole(name)).toBe(true);
  });

  const flipped = (at: number) => (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(Math.floor(copy.length * at)) ^ 1, Math.floor(copy.length * at));
    return copy;
  };
  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    "cut at 1 %": (bytes) => bytes.subarray(0, bytes.length * 0.01),
    "cut at 50 %": (bytes) => bytes.subarray(0, bytes.length / 2),
    "cut at 99 %": (bytes) => bytes.subarray(0, bytes.length * 0.99),
    "cut by one byte": (bytes) => bytes.subarray(0, -1),
    "that is empty": () => Buffer.alloc(0),
    "with a bit flipped at its start": flipped(0),
    "with a bit flipped in the middle": flipped(0.5),
    "with a bit flipped at its end": flipped(0.9999),
    "with bytes after its end": (bytes) => Buffer.concat([bytes, Buffer.from("more")]),
    "that is another file": (bytes) => Buffer.alloc(bytes.length, "x"),
  };
  for (const [damage, change] of Object.entries(damages)) {
    test(damage, async () => {
      writeFileSync(join(bench.backups, `${name}.rdb`), change(good));
      expect(await isWhole(name)).toBe(false);
    });
  }

  test("without metadata, or with that of another", async () => {
    const other = await bench.backUp("redis-backup-2", { NOW: String(TODAY) });
    expect(other.code).toBe(0);
    await bench.redis.run(["SET changed 1"]);
    expect((await bench.backUp("redis-backup-3", { NOW: String(TODAY + 60) })).code).toBe(0);
    await bench.redis.run(["DEL changed"]);
    const third = bench.names().find((candidate) => candidate.endsWith("-3")) ?? "";
    copyFileSync(join(bench.backups, `${third}.json`), join(bench.backups, `${name}.json`));
    expect(await isWhole(name)).toBe(false);
    rmSync(join(bench.backups, `${name}.json`));
    expect(await isWhole(name)).toBe(false);
  });

  test("that does not exist", async () => {
    bench.newPod();
    const { code, output } = await bench.script("fetch.sh", {
      BACKUP_FILE: "redis_backup_20200101_000000_x.rdb",
    });
    expect(code).not.toBe(0);
    expect(output).toContain("there is no backup");
  });

  test("that a dump sent by hand does not match", async () => {
    bench.newPod();
    writeFileSync(join(bench.work, "dump.rdb"), good.subarray(1));
    writeFileSync(join(bench.work, "received"), "");
    const { code } = await bench.script("receive.sh", {
      EXPECTED_SIZE: String(good.length),
      EXPECTED_SHA256: "0".repeat(64),
    });
    expect(code).not.toBe(0);
  });
});

describe("old backups", () => {
  const backUpOn = async (day: number, more: Record<string, string> = {}) =>
    bench.backUp(`redis-backup-${day + 1000}`, { NOW: String(TODAY + day * DAY), ...more });
  const days = () => bench.names().map((name) => Number(name.slice(name.lastIndexOf("-") + 1)) - 1000);

  test("are deleted after the retention, but never the newest three", async () => {
    for (const day of [-100, -90, -80, -70, -60]) expect((await backUpOn(day, { PRUNE: "no" })).code).toBe(0);
    expect((await backUpOn(0)).code).toBe(0);
    expect(days()).toEqual([-70, -60, 0]);
    expect((await backUpOn(1)).code).toBe(0);
    expect((await backUpOn(2)).code).toBe(0);
    expect((await backUpOn(3)).code).toBe(0);
    expect(days()).toEqual([0, 1, 2, 3]);
  });

  test("stay through ten failing days, of every kind of failure", async () => {
    for (const day of [-60, -59, -58]) expect((await backUpOn(day)).code).toBe(0);
    const broken = withProgram(
      "redis-cli",
      '"$REAL" "$@" || exit 1\ncase "$*" in *--rdb*) echo "" >"$WORK/dump.rdb.part" ;; esac',
    );
    const failures: Record<string, string>[] = [
      { PORT: "1" },
      { REDISCLI_AUTH: "wrong" },
      { PATH: broken },
      { S3_BUCKET: "nowhere" },
      { RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: "wrong" },
    ];
    for (let day = 0; day < 10; day += 1)
      expect((await backUpOn(day, failures[day % failures.length])).code).not.toBe(0);
    expect(days()).toEqual([-60, -59, -58]);
    for (const name of bench.names()) expect(await isWhole(name)).toBe(true);
  });

  test("that are damaged do not count as good ones", async () => {
    for (const day of [-60, -59, -58, -57, -56]) expect((await backUpOn(day, { PRUNE: "no" })).code).toBe(0);
    const [, , , cut, lone] = bench.names();
    writeFileSync(join(bench.backups, `${cut}.rdb`), "cut");
    rmSync(join(bench.backups, `${lone}.json`));
    expect((await backUpOn(0)).code).toBe(0);
    expect(days()).toEqual([-59, -58, -57, 0]);
  });

  test("of others in the same place are not looked at", async () => {
    mkdirSync(bench.backups, { recursive: true });
    const others = ["notes.rdb", "sessions_backup_20200101_000000_x.rdb", "redis_backup_yesterday.rdb"];
    for (const other of others) writeFileSync(join(bench.backups, other), "x");
    for (const day of [-60, -59, -58, 0, 1, 2]) expect((await backUpOn(day)).code).toBe(0);
    expect(
      readdirSync(bench.backups)
        .filter((name) => others.includes(name))
        .sort(),
    ).toEqual([...others].sort());
  });
});

let programs = 0;

/** A PATH in which one program is wrapped by a script; $REAL is the program. */
function withProgram(name: string, script: string): string {
  const folder = join(bench.directory, `wrapped-${programs++}`);
  mkdirSync(folder);
  writeFileSync(
    join(folder, name),
    `#!${join(bench.directory, "bin/sh")}\nset -o pipefail\nREAL=${join(bench.directory, "bin", name)}\n${script}\n`,
    { mode: 0o755 },
  );
  return `${folder}:${join(bench.directory, "bin")}`;
}

test("the tools of this machine are as those of the images where it counts", async () => {
  const { stdout } = await execa(join(bench.directory, "bin/sh"), [
    "-c",
    "set -o pipefail; false | true; echo $?",
  ]);
  expect(stdout).toBe("1");
});
