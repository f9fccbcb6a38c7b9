// Proves MariaDB's own scripts with a real server: set up with least privilege, backed up whole, restored beside the old data.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMariadb } from "./mariadb-server.js";
import { type SqlBench, startSqlBench } from "./sql-bench.js";
import { HOSTILE } from "./sql-servers.js";
import { programPath } from "./test-programs.js";

const SPEC = `
apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop-deploy }
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.2.3, ports: { http: 8080 }, uses: { orders: {} } }
datastores: { orders: { engine: mariadb, database: shop_db, username: shop-app } }
environments: { prod: { tier: production, domain: example.com, datastores: { orders: { resources: { limits: { memory: 512Mi }, requests: { memory: 512Mi } } } } } }
backup: { store: { s3: { bucket: backups, region: eu-central-1, endpoint: "https://s3.example.com" } } }
`;

let bench: SqlBench;
const run = (...args: Parameters<SqlBench["server"]["run"]>) => bench.server.run(...args);
const APP = { user: "shop-app" };

beforeAll(async () => {
  bench = await startSqlBench({
    spec: SPEC,
    datastore: "orders",
    start: (tree, directory) => startMariadb(tree, "orders", directory),
    programs: [programPath("mariadb"), programPath("mariadb-dump")],
    image: "debian",
    variables: ({ passwords }) => ({ MYSQL_PWD: passwords.admin }),
  });
}, 600_000);
afterAll(() => bench?.stop());

describe("a server that was started for the first time", () => {
  test("lets the services' user in, with any password, and no further than its database", async () => {
    await run("CREATE TABLE t (a INT); INSERT INTO t VALUES (1); DROP TABLE t", APP);
    await expect(run("CREATE USER other", APP)).rejects.toThrow(/Access denied/);
    // "_" in a grant stands for any character, unless it is escaped.
    await expect(run("CREATE DATABASE shopXdb", APP)).rejects.toThrow(/Access denied/);
    await expect(run("SELECT load_file('/etc/passwd') IS NULL", APP)).resolves.toBe("1");
    await expect(run("SELECT 1", { ...APP, password: "wrong" })).rejects.toThrow(/Access denied/);
  });

  test("has no user without a password, and none but its own three", async () => {
    const users = await run(
      "SELECT concat(user, '@', host) FROM mysql.user WHERE user <> 'mariadb.sys' ORDER BY 1",
    );
    expect(users.split("\n")).toEqual(["monitoring@%", "root@%", "root@localhost", "shop-app@%"]);
    await expect(run("SELECT 1", { user: "root", password: "" })).rejects.toThrow(/Access denied/);
    await expect(run("SELECT 1", { user: "nobody", password: "" })).rejects.toThrow(/Access denied/);
  });

  test("lets the exporter see what the server does, and no data", async () => {
    const exporter = {
      user: "monitoring",
      password: bench.server.passwords.exporter,
      database: "information_schema",
    };
    await run("CREATE TABLE secret AS SELECT 1 AS a", APP);
    expect(Number(await run("SELECT count(*) FROM processlist", exporter))).toBeGreaterThan(0);
    await expect(run("SELECT * FROM shop_db.secret", exporter)).rejects.toThrow(/denied/);
    await run("DROP TABLE secret", APP);
  });

  test("says no password in its log, and keeps none in a file", async () => {
    expect(bench.server.log()).not.toContain(HOSTILE.slice(0, 8));
  });

  test("takes rotated passwords over when it starts again, and keeps its data", async () => {
    await run("CREATE TABLE kept AS SELECT 42 AS answer", APP);
    const old = bench.server.passwords.app;
    await bench.server.restart({ app: `new ${HOSTILE}` });
    expect(await run("SELECT answer FROM kept", APP)).toBe("42");
    await expect(run("SELECT 1", { ...APP, password: old })).rejects.toThrow(/Access denied/);
    await run("DROP TABLE kept", APP);
  }, 120_000);
});

/** Names and values that SQL, the shell and a count of rows could be tripped up by. */
const filling = `
CREATE TABLE customers (id INT PRIMARY KEY AUTO_INCREMENT, name TEXT) ENGINE=InnoDB;
INSERT INTO customers (name) SELECT concat('customer ', seq) FROM seq_1_to_50;
CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, customer INT NOT NULL, \`a (strange) 'name'\` TEXT, half INT AS (id / 2) VIRTUAL,
  body BLOB, CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers (id));
INSERT INTO orders (customer, \`a (strange) 'name'\`, body)
  SELECT 1 + seq % 50, concat('(''), (', seq, '\\\\', '\\n-- create-prod-stack: end\\n', '"\`', repeat('(', 20)), unhex('00275C0A28') FROM seq_1_to_5000;
CREATE TABLE \`Other (one) \`\`VALUES\` (a INT);
INSERT INTO \`Other (one) \`\`VALUES\` SELECT seq FROM seq_1_to_7;
CREATE TABLE empty (a INT);
CREATE TABLE log (what TEXT);
CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2;
CREATE VIEW \`totals of\` AS SELECT count(*) AS n, twice(count(*)) AS doubled FROM orders;
CREATE EVENT cleanup ON SCHEDULE EVERY 1 DAY DO DELETE FROM log;
DELIMITER //
CREATE TRIGGER noted AFTER INSERT ON customers FOR EACH ROW BEGIN INSERT INTO log VALUES (new.name); END//
DELIMITER ;
`;
const questions = `
SELECT count(*), md5(group_concat(id, customer, \`a (strange) 'name'\`, hex(body), half ORDER BY id)) FROM orders;
SELECT count(*) FROM customers; SELECT sum(a) FROM \`Other (one) \`\`VALUES\`; SELECT count(*) FROM empty; SELECT * FROM \`totals of\`;
SELECT trigger_name, event_object_table FROM information_schema.triggers WHERE trigger_schema = 'shop_db';
SELECT event_name FROM information_schema.events WHERE event_schema = 'shop_db';
SELECT constraint_name, unique_constraint_schema, referenced_table_name FROM information_schema.referential_constraints WHERE constraint_schema = 'shop_db';
SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = 'shop_db';
`;
const databases = () => run("SELECT group_concat(schema_name ORDER BY 1) FROM information_schema.schemata");

describe("[BAK-03] a database that was backed up and then lost", () => {
  let answers: string;

  test("is dumped, proved, uploaded and named", async () => {
    await run("ALTER DATABASE shop_db COLLATE = utf8mb4_bin", { user: "root" });
    await run(filling, APP);
    answers = await run(questions);
    const { code, output } = await bench.backUp("orders-backup-29384920");
    expect(output).toContain("dumped 5057 rows of 5 tables");
    expect(output).toContain("is in s3://backups/shop/prod/orders");
    expect(code).toBe(0);
    expect(bench.names()).toHaveLength(1);
    expect(readdirSync(bench.backups)).toContain(`${bench.names()[0]}.sql.gz`);
  });

  test("is only proved by a check", async () => {
    const before = await databases();
    const { code, output } = await bench.restore(`${bench.names()[0]}.sql.gz`, "check");
    expect(output).toContain("the dump is whole: 5057 rows in 5 tables");
    expect(code).toBe(0);
    expect(await databases()).toBe(before);
  });

  test("comes back whole under the eyes of a client, with the old data aside", async () => {
    await run(
      "DELETE FROM orders; DROP VIEW `totals of`; DROP TRIGGER noted; CREATE TABLE written_since (a INT); CREATE TRIGGER since AFTER INSERT ON written_since FOR EACH ROW INSERT INTO log VALUES ('since')",
      APP,
    );
    // A client that sits in a transaction: it is disconnected, not waited for.
    const client = run("BEGIN; SELECT * FROM customers FOR UPDATE; SELECT sleep(600)", APP).catch(String);
    const { code, output } = await bench.restore(`${bench.names()[0]}.sql.gz`, "apply");
    expect(output).toContain("the old data is in the database shop_db_before_restore_");
    expect(code, output).toBe(0);
    expect(await client).toMatch(/Lost connection|gone away|killed/);
    expect(await run(questions)).toBe(answers);
    await run("INSERT INTO customers (name) VALUES ('another')", APP);
    expect(await run("SELECT what FROM log", APP)).toBe("another");
    await run("DELETE FROM log; DELETE FROM customers WHERE name = 'another'", APP);
    await expect(run("SELECT * FROM written_since")).rejects.toThrow(/doesn't exist/);
    const aside = /shop_db_before_restore_\w+/.exec(await databases())?.[0] ?? "";
    expect(await databases()).not.toMatch(/shop_db_restore/);
    expect(
      await run("SELECT count(*) FROM orders; SELECT count(*) FROM written_since", { database: aside }),
    ).toBe("0\n0");
    // What was around the old tables is around them still.
    expect(
      await run(`SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = '${aside}'`),
    ).toBe("since");
    await expect(run("SELECT 1", { ...APP, database: aside })).rejects.toThrow(/Access denied/);
    await run(`DROP DATABASE \`${aside}\``);
  }, 120_000);
});

describe("a backup fails, and leaves nothing, when", () => {
  test.each([
    ["the server is down", { PORT: "1" }, /does not answer/],
    ["the password is wrong", { MYSQL_PWD: "wrong" }, /refuses the password/],
    ["there is no password", { MYSQL_PWD: "" }, /refuses the password/],
    ["there is no such database", { DATABASE: "nothing" }, /has no database nothing/],
    ["the bucket does not exist", { S3_BUCKET: "nowhere" }, /NoSuchBucket|the upload failed/],
  ])("%s", async (_why, more, says) => {
    const before = bench.names();
    const { code, output } = await bench.backUp("orders-backup-1", more);
    expect(code).not.toBe(0);
    expect(output).toMatch(says);
    expect(bench.names()).toEqual(before);
  });

  test.each([
    ["the dump ends half-way without a word", `"$@" | head -c 20000`],
    ["the dump fails after its last byte", `"$@"; exit 3`],
  ])("%s", async (_why, rest) => {
    const path = brokenPath("mariadb-dump", `#!/bin/sh\n${programPath("mariadb-dump")} ${rest}\n`);
    const { code, output } = await bench.backUp("orders-backup-2", { PATH: path });
    expect(code).not.toBe(0);
    expect(output).toMatch(/not taken as a whole|cannot be read to its end/);
  });
});

describe("[BAK-03] a restore changes nothing when", () => {
  const state = async () => `${await run(questions)}\n${await databases()}`;

  test.each(["its last byte is missing", "a byte in it has changed"])("%s", async (what) => {
    const before = await state();
    bench.newPod();
    const name = bench.names()[0] ?? "";
    expect((await bench.script("fetch.sh", { BACKUP_FILE: `${name}.sql.gz` })).code).toBe(0);
    const dump = join(bench.work, "dump.sql.gz");
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

  const client = programPath("mariadb");
  const seen = (pattern: string, then: string) =>
    `#!/bin/sh\ncase "$*" in *--execute*) exec ${client} "$@";; esac\ninput=$(cat; echo x); input=\${input%x}\ncase "$input" in ${pattern}) ${then};; esac\nprintf '%s' "$input" | ${client} "$@"\n`;
  test.each([
    [
      "the dump cannot be loaded to its end",
      seen("*'INSERT INTO'*", "exit 1"),
      "the dump cannot be restored",
    ],
    [
      "a table has lost a row on the way",
      seen("*'INSERT INTO'*", `input="$input DELETE FROM orders WHERE id = 1;"`),
      "has not as many rows as the dump",
    ],
    ["the exchange fails", seen("*'RENAME TABLE'*", "exit 1"), "the tables could not change their places"],
    [
      "what cannot move cannot be taken down",
      seen("'DROP '*", `printf '%s' "$input" | ${client} "$@"; exit 1`),
      "what cannot move could not be taken down",
    ],
  ])(
    "%s",
    async (_why, text, says) => {
      const before = await state();
      const { code, output } = await bench.restore(`${bench.names()[0]}.sql.gz`, "apply", {
        PATH: brokenPath("mariadb", text),
        SWAP_TRIES: "2",
        LOCK_SECONDS: "2",
      });
      expect(code, output).not.toBe(0);
      expect(output).toContain(says);
      expect(output).toContain("the old data is untouched and in its place");
      expect(await state()).toBe(before);
      await run("SELECT 1", APP);
    },
    120_000,
  );
});

let broken = 0;
/** The engine's PATH with another program in one place. */
function brokenPath(program: string, text: string): string {
  broken += 1;
  const path = join(bench.directory, `broken-${broken}`);
  mkdirSync(path);
  for (const name of readdirSync(bench.path))
    if (name !== program) symlinkSync(join(bench.path, name), join(path, name));
  writeFileSync(join(path, program), text, { mode: 0o755 });
  return path;
}
