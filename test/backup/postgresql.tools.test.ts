// Proves PostgreSQL's own scripts with a real server: set up with least privilege, backed up whole, restored beside the old data.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SqlBench, startSqlBench } from "./sql-bench.js";
import { HOSTILE, postgresqlBin, startPostgresql } from "./sql-servers.js";

const SPEC = `
apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop-deploy }
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.2.3, ports: { http: 8080 }, uses: { orders: {} } }
datastores: { orders: { engine: postgresql, version: "17", database: shop-db, username: shop-app } }
environments: { prod: { tier: production, domain: example.com } }
backup: { store: { s3: { bucket: backups, region: eu-central-1, endpoint: "https://s3.example.com" } } }
`;

let bench: SqlBench;
const run = (...args: Parameters<SqlBench["server"]["run"]>) => bench.server.run(...args);

beforeAll(async () => {
  const bin = await postgresqlBin();
  bench = await startSqlBench({
    spec: SPEC,
    datastore: "orders",
    start: (tree, directory) => startPostgresql(tree, "orders", directory),
    programs: ["psql", "pg_dump", "pg_restore"].map((program) => join(bin, program)),
    variables: ({ passwords }) => ({ PGPASSWORD: passwords.admin }),
  });
}, 600_000);
afterAll(() => bench?.stop());

describe("a server that was started for the first time", () => {
  test("lets the services' user in, with any password, and no further than its database", async () => {
    const app = { user: "shop-app" };
    await run("CREATE TABLE t (a INT); INSERT INTO t VALUES (1); DROP TABLE t", app);
    await expect(run("CREATE ROLE other", app)).rejects.toThrow(/permission denied/);
    await expect(run("CREATE DATABASE other", app)).rejects.toThrow(/permission denied/);
    await expect(run("SELECT pg_read_file('/etc/passwd')", app)).rejects.toThrow(/permission denied/);
    await expect(run("SELECT 1", { ...app, password: "wrong" })).rejects.toThrow(/authentication failed/);
  });

  test("lets the exporter read statistics, and no data", async () => {
    const exporter = { user: "monitoring", password: bench.server.passwords.exporter };
    await run("CREATE TABLE secret AS SELECT 1 AS a", { user: "shop-app" });
    expect(await run("SELECT count(*) > 0 FROM pg_stat_activity WHERE query <> ''", exporter)).toBe("t");
    await expect(run("SELECT * FROM secret", exporter)).rejects.toThrow(/permission denied/);
    await run("DROP TABLE secret", { user: "shop-app" });
  });

  test("keeps no password that could be read, and says none in its log", async () => {
    expect(await run("SELECT DISTINCT left(rolpassword, 13) FROM pg_authid WHERE rolcanlogin")).toBe(
      "SCRAM-SHA-256",
    );
    expect(await run("SHOW data_checksums")).toBe("on");
    expect(bench.server.log()).not.toContain(HOSTILE.slice(0, 8));
  });

  test("takes rotated passwords over when it starts again, and keeps its data", async () => {
    await run("CREATE TABLE kept AS SELECT 42 AS answer", { user: "shop-app" });
    const old = bench.server.passwords.app;
    await bench.server.restart({ app: `new ${HOSTILE}` });
    expect(await run("SELECT answer FROM kept", { user: "shop-app" })).toBe("42");
    await expect(run("SELECT 1", { user: "shop-app", password: old })).rejects.toThrow(
      /authentication failed/,
    );
    await run("DROP TABLE kept", { user: "shop-app" });
  }, 120_000);
});

const filling = `
CREATE TABLE orders (id SERIAL PRIMARY KEY, "a (strange) name" TEXT, placed TIMESTAMPTZ DEFAULT now());
INSERT INTO orders ("a (strange) name") SELECT 'order ' || n || E'\\nsecond line\\t\\\\.' FROM generate_series(1, 5000) n;
CREATE SCHEMA "Other (one)";
CREATE TABLE "Other (one)"."COPY x FROM stdin;" (a INT);
INSERT INTO "Other (one)"."COPY x FROM stdin;" SELECT generate_series(1, 7);
CREATE TABLE empty (a INT);
CREATE TABLE no_columns ();
INSERT INTO no_columns DEFAULT VALUES;
CREATE TABLE parted (a INT) PARTITION BY RANGE (a);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
INSERT INTO parted SELECT generate_series(0, 9);
CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM orders;
`;
const questions = `
SELECT count(*), md5(string_agg(id || "a (strange) name", '' ORDER BY id)) FROM orders;
SELECT sum(a) FROM "Other (one)"."COPY x FROM stdin;";
SELECT count(*) FROM empty; SELECT count(*) FROM no_columns; SELECT sum(a) FROM parted; SELECT * FROM totals;
SELECT nextval('orders_id_seq') > 5000;
SELECT tableowner FROM pg_tables WHERE tablename = 'orders';
`;

describe("[BAK-01] a database that was backed up and then lost", () => {
  let answers: string;

  test("is dumped, proved, uploaded and named", async () => {
    await run(filling, { user: "shop-app" });
    answers = await run(questions);
    const { code, output } = await bench.backUp("orders-backup-29384920");
    expect(output).toContain("dumped 5018 rows of 5 tables");
    expect(output).toContain("is in s3://backups/shop/prod/orders");
    expect(code).toBe(0);
    expect(bench.names()).toHaveLength(1);
    expect(readdirSync(bench.backups)).toContain(`${bench.names()[0]}.dump`);
  });

  test("is only proved by a check", async () => {
    const before = await run("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database");
    const { code, output } = await bench.restore(`${bench.names()[0]}.dump`, "check");
    expect(output).toContain("the dump is whole: 5018 rows in 5 tables");
    expect(code).toBe(0);
    expect(await run("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database")).toBe(before);
  });

  test("comes back whole under the eyes of a client, with the old data aside", async () => {
    await run("TRUNCATE orders; CREATE TABLE written_since (a INT)", { user: "shop-app" });
    // A client that sits in a transaction: it is disconnected, not waited for.
    const client = run("BEGIN; SELECT 1; SELECT pg_sleep(600)", { user: "shop-app" }).catch(String);
    const { code, output } = await bench.restore(`${bench.names()[0]}.dump`, "apply");
    expect(output).toContain("the old data is in the database shop-db_before_restore_");
    expect(code, output).toBe(0);
    expect(await client).toMatch(/terminating connection/);
    expect(await run(questions)).toBe(answers);
    await run("INSERT INTO orders DEFAULT VALUES", { user: "shop-app" });
    await expect(run("SELECT * FROM written_since")).rejects.toThrow(/does not exist/);
    const aside = await run("SELECT datname FROM pg_database WHERE datname LIKE '%before%'", {
      database: "postgres",
    });
    await run(`ALTER DATABASE "${aside}" ALLOW_CONNECTIONS true`, { database: "postgres" });
    expect(await run("SELECT count(*) FROM written_since", { database: aside })).toBe("0");
    // The services' user owns it as before, and nobody else may in.
    expect(await run("SELECT datacl::text FROM pg_database WHERE datname = 'shop-db'")).not.toMatch(/[{,]=/);
    await run(`DROP DATABASE "${aside}"`, { database: "postgres" });
  }, 120_000);
});

describe("a backup fails, and leaves nothing, when", () => {
  test.each([
    ["the server is down", { PORT: "1" }, /does not answer/],
    ["the password is wrong", { PGPASSWORD: "wrong" }, /refuses the password/],
    ["there is no password", { PGPASSWORD: "" }, /refuses the password/],
    ["there is no such database", { DATABASE: "nothing" }, /has no database nothing/],
    ["the bucket does not exist", { S3_BUCKET: "nowhere" }, /NoSuchBucket|the upload failed/],
  ])("%s", async (_why, more, says) => {
    const before = bench.names();
    const { code, output } = await bench.backUp("orders-backup-1", more);
    expect(code).not.toBe(0);
    expect(output).toMatch(says);
    expect(bench.names()).toEqual(before);
  });

  test("the dump ends half-way", async () => {
    const path = brokenPath(
      "pg_dump",
      `#!/bin/sh\nfor arg; do case "$arg" in --file=*) file=\${arg#--file=};; esac; done\n${await real("pg_dump")} "$@" && head -c 2000 "$file" >"$file.cut" && mv "$file.cut" "$file"\n`,
    );
    const { code, output } = await bench.backUp("orders-backup-2", { PATH: path });
    expect(code).not.toBe(0);
    expect(output).toMatch(/pg_restore finds the dump damaged|cannot be read to its end/);
  });
});

describe("[BAK-01] a restore changes nothing when", () => {
  const state = () =>
    run("SELECT count(*) FROM orders; SELECT datname, datallowconn FROM pg_database ORDER BY 1");

  test.each(["its last byte is missing", "a byte in it has changed"])("%s", async (what) => {
    const before = await state();
    bench.newPod();
    const name = bench.names()[0] ?? "";
    expect((await bench.script("fetch.sh", { BACKUP_FILE: `${name}.dump` })).code).toBe(0);
    const dump = join(bench.work, "dump.dump");
    const bytes = readFileSync(dump);
    if (what.startsWith("its")) truncateSync(dump, bytes.length - 1);
    else {
      bytes[Math.floor(bytes.length / 2)] = ((bytes[Math.floor(bytes.length / 2)] ?? 0) + 1) % 256;
      writeFileSync(dump, bytes);
    }
    const { code, output } = await bench.script("restore.sh", { MODE: "apply" });
    expect(code).not.toBe(0);
    expect(output).toMatch(/bytes, its metadata says|checksum is not/);
    expect(await state()).toBe(before);
  });

  test.each([
    ["the dump cannot be loaded to its end", "pg_restore", "the dump cannot be restored"],
    ["a table has lost a row on the way", "pg_restore-and-delete", "has not as many rows as the dump"],
    ["the exchange of the names fails", "psql", "could not change their names"],
  ])(
    "%s",
    async (_why, fault, says) => {
      const before = await state();
      const restore = await real("pg_restore");
      const psql = await real("psql");
      const scripts: Record<string, [string, string]> = {
        pg_restore: [
          "pg_restore",
          `#!/bin/sh\ncase "$*" in *--dbname*) ${restore} --section=pre-data "$@"; echo broken >&2; exit 1;; esac\nexec ${restore} "$@"\n`,
        ],
        "pg_restore-and-delete": [
          "pg_restore",
          `#!/bin/sh\ncase "$*" in *--dbname=*) ${restore} "$@" || exit 1; for arg; do case "$arg" in --dbname=*) ${psql} -X -q -d "\${arg#--dbname=}" -c 'DELETE FROM orders WHERE id = 1';; esac; done; exit 0;; esac\nexec ${restore} "$@"\n`,
        ],
        psql: [
          "psql",
          `#!/bin/sh\ninput=$(cat)\ncase "$input" in *RENAME*) input=$(printf '%s' "$input" | sed 's/^COMMIT;/SELECT 1\\/0; COMMIT;/');; esac\nprintf '%s\\n' "$input" | ${psql} "$@"\n`,
        ],
      };
      const [program, text] = scripts[fault] ?? ["", ""];
      const path = brokenPath(program, text);
      const { code, output } = await bench.restore(`${bench.names()[0]}.dump`, "apply", {
        PATH: path,
        SWAP_TRIES: "2",
      });
      expect(code, output).not.toBe(0);
      expect(output).toContain(says);
      expect(output).toContain("the old data is untouched and in its place");
      expect(await state()).toBe(before);
      await run("SELECT 1", { user: "shop-app" });
    },
    120_000,
  );
});

async function real(program: string): Promise<string> {
  return join(await postgresqlBin(), program);
}

let broken = 0;
/** The pods' PATH with another program in one place. */
function brokenPath(program: string, text: string): string {
  broken += 1;
  const path = join(bench.directory, `broken-${broken}`);
  mkdirSync(path);
  for (const name of readdirSync(bench.path))
    if (name !== program) symlinkSync(join(bench.path, name), join(path, name));
  writeFileSync(join(path, program), text, { mode: 0o755 });
  return path;
}
