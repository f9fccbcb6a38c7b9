// Owns: whether every alert on SQL datastores fires when it should, and only then, as Prometheus' own unit tests see it.
// Promises: an alert of these families without a firing and a quiet case fails.
// Must not: look at how expressions are written.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { rulesOf } from "../../src/stack/alerts.js";
import type { Case } from "./alert-cases.js";
import { MYSQL_CASES } from "./alert-cases-mysql.js";
import { SQL_CASES as POSTGRESQL_CASES } from "./alert-cases-sql.js";
import { runTool } from "./prometheus-tools.js";
import { resolved, SQL } from "./stacks.js";

const SQL_CASES = { ...POSTGRESQL_CASES, ...MYSQL_CASES };
const production = resolved(SQL).environments.find(({ name }) => name === "prod");
const groups = production === undefined ? [] : rulesOf(resolved(SQL), production);
const alerts = groups.flatMap((group) => group.alerts);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sql-rules-"));
  const rules = groups.map(({ name, recordings, alerts: own }) => ({
    name,
    rules: [
      ...recordings.map(({ record, expr, labels }) => ({ record, expr, labels })),
      ...own.map(({ name: alert, expr, for: pending, labels }) => ({ alert, expr, for: pending, labels })),
    ],
  }));
  writeFileSync(join(folder, "rules.yaml"), stringify({ groups: rules }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("[MON-11] every alert of these families has cases, and every case an alert", () => {
  const names = alerts.map(({ name }) => name).filter((name) => /^(Postgres|Mysql)/.test(name));
  expect(
    Object.keys(SQL_CASES)
      .filter((name) => name !== "DatastoreDown")
      .sort(),
  ).toEqual(names.sort());
});

function testOf(alert: string, { series, at, labels }: Case) {
  const firing = (more: string) => `count(ALERTS{alertname="${alert}",alertstate="firing"${more}})`;
  const count = (expr: string, value: number) => ({
    expr,
    eval_time: at,
    exp_samples: value === 0 ? [] : [{ labels: "{}", value }],
  });
  return {
    interval: "1m",
    input_series: series,
    promql_expr_test: [
      count(firing(""), labels?.length ?? 0),
      ...(labels ?? []).map(({ service }) => count(firing(`,service="${service}"`), 1)),
    ],
  };
}

test.each(Object.keys(SQL_CASES))("%s fires and keeps quiet as it should", async (alert) => {
  const cases = SQL_CASES[alert];
  const tests = [...(cases?.fires ?? []), ...(cases?.quiet ?? [])].map((item) => testOf(alert, item));
  expect(tests.length).toBeGreaterThan(1);
  writeFileSync(
    join(folder, `${alert}.test.yaml`),
    stringify({
      rule_files: ["rules.yaml"],
      evaluation_interval: "1m",
      group_eval_order: groups.map(({ name }) => name),
      tests,
    }),
  );
  const { output, exitCode } = await runTool("promtool", ["test", "rules", `${alert}.test.yaml`], folder);
  expect(output).toContain("SUCCESS");
  expect(exitCode).toBe(0);
});
