// Owns: whether every alert fires when it should, and only then, as Prometheus' own unit tests see it.
// Promises: an alert without a firing and a quiet case fails; a healthy stack is silent, an absent one is not.
// Must not: look at how expressions are written.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { ALERT_CASES, type Case, HEALTHY } from "./alert-cases.js";
import { BROKER_CASES } from "./alert-cases-brokers.js";
import { runTool } from "./prometheus-tools.js";
import { BROKERS, rendered, SHOP, STACKS } from "./stacks.js";

interface Rule {
  readonly alert?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Groups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rules-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rule groups of each environment, out of a PrometheusRule or a rule file. */
function groupsOf(spec: string): Map<string, Groups> {
  const found = new Map<string, Groups>();
  for (const [path, contents] of rendered(spec)) {
    const environment = /monitoring\/(?:prometheus\/rules\/([^/]+)\.yaml|([^/]+)\/rules\.yaml)$/.exec(path);
    if (environment === null) continue;
    const document = parseAllDocuments(contents)[0]?.toJS() as Groups & { spec?: Groups };
    found.set(environment[1] ?? environment[2] ?? "", document.spec ?? document);
  }
  return found;
}

function alertsIn(groups: Groups | undefined): Rule[] {
  return groups?.groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined)) ?? [];
}

/** Labels that the texts of an alert ask for. */
function askedLabels({ annotations }: Rule): string[] {
  return [...JSON.stringify(annotations).matchAll(/\$labels\.([a-z_]+)/g)].map(([, label = ""]) => label);
}

function firing(alert: string, more: string): string {
  return `ALERTS{alertname="${alert}",alertstate="firing"${more}}`;
}

/** One promtool test group: which alerts of one name fire, with which labels. */
function group(rule: Rule, { series, at, labels }: Case) {
  const alert = rule.alert ?? "";
  const count = (expr: string, value: number | undefined) => ({
    expr: `count(${expr})`,
    eval_time: at,
    exp_samples: value === undefined ? [] : [{ labels: "{}", value }],
  });
  const asked = askedLabels(rule)
    .map((label) => `,${label}!=""`)
    .join("");
  return {
    interval: "1m",
    input_series: series,
    promql_expr_test:
      labels === undefined
        ? [count(firing(alert, ""), undefined)]
        : [
            count(firing(alert, asked), labels.length),
            ...labels.map((wanted) =>
              count(
                firing(
                  alert,
                  Object.entries(wanted)
                    .map(([name, value]) => `,${name}="${value}"`)
                    .join(""),
                ),
                1,
              ),
            ),
          ],
  };
}

/** One alert with all recordings that it may build on: 55 others would only take time. */
function only(alert: string, { groups }: Groups): Groups {
  const kept = groups.map((item) => ({
    ...item,
    rules: item.rules.filter((rule) => rule.alert === undefined || rule.alert === alert),
  }));
  return { groups: kept.filter(({ rules }) => rules.length > 0) };
}

/** Long stories are told in larger steps. */
function stepOf(cases: readonly Case[]): string {
  const hours = Math.max(...cases.map(({ at }) => Number(/^([0-9]+)h/.exec(at)?.[1] ?? 0)));
  return hours >= 20 ? "10m" : hours >= 6 ? "5m" : "1m";
}

/** Recordings before alerts, as they stand in the file: promtool takes any order where none is given. */
async function promtoolTest(
  name: string,
  groups: Groups,
  tests: readonly object[],
  step = "1m",
): Promise<{ exitCode: number; output: string }> {
  writeFileSync(join(folder, `${name}.rules.yaml`), stringify(groups));
  writeFileSync(
    join(folder, `${name}.test.yaml`),
    stringify({
      rule_files: [`${name}.rules.yaml`],
      evaluation_interval: step,
      group_eval_order: groups.groups.map(({ name }) => name),
      tests,
    }),
  );
  return runTool("promtool", ["test", "rules", `${name}.test.yaml`], folder);
}

describe("promtool check rules", () => {
  test.each(Object.keys(STACKS))("takes the rules of %s", async (stack) => {
    for (const [environment, groups] of groupsOf(STACKS[stack as keyof typeof STACKS])) {
      const name = `${stack}-${environment}.yaml`;
      writeFileSync(join(folder, name), stringify(groups));
      const { exitCode, output } = await runTool(
        "promtool",
        ["check", "rules", "--lint=all", "--lint-fatal", name],
        folder,
      );
      expect(output).toContain("SUCCESS");
      expect(exitCode).toBe(0);
    }
  });
});

const production = groupsOf(SHOP).get("prod") as Groups;

describe("every alert", () => {
  test("has a firing and a quiet case, and every case an alert", () => {
    const alerts = alertsIn(production)
      .map(({ alert }) => alert)
      .sort();
    expect(Object.keys(ALERT_CASES).sort()).toEqual(alerts);
    for (const [alert, { fires, quiet }] of Object.entries(ALERT_CASES)) {
      expect(fires.length, `${alert} fires`).toBeGreaterThan(0);
      expect(quiet.length, `${alert} is quiet`).toBeGreaterThan(0);
      expect(
        fires.every(({ labels }) => labels !== undefined && labels.length > 0),
        `${alert} names labels`,
      ).toBe(true);
    }
  });

  test.each(alertsIn(production).map((rule) => [rule.alert ?? "", rule] as const))(
    "%s fires and keeps quiet as it should",
    async (alert, rule) => {
      const cases = ALERT_CASES[alert];
      if (cases === undefined) throw new Error(`test/monitoring/alert-cases.ts has no case for ${alert}`);
      const all = [...cases.fires, ...cases.quiet];
      const tests = all.map((item) => group(rule, item));
      const { exitCode, output } = await promtoolTest(alert, only(alert, production), tests, stepOf(all));
      expect(output, all.map(({ why }) => why).join("; ")).toContain("SUCCESS");
      expect(exitCode).toBe(0);
    },
  );
});

/** What other stacks have beyond that one: alerts of engines that it does not run. */
describe.each([["brokers", BROKERS, BROKER_CASES]] as const)("every alert of %s", (_name, spec, cases) => {
  const groups = groupsOf(spec).get("prod") as Groups;
  const shared = new Set(alertsIn(production).map(({ alert }) => alert));
  const own = alertsIn(groups).filter(({ alert }) => !shared.has(alert));

  test("has a firing and a quiet case, and every case an alert", () => {
    expect(Object.keys(cases).sort()).toEqual(own.map(({ alert }) => alert).sort());
    for (const { fires, quiet } of Object.values(cases))
      expect(Math.min(fires.length, quiet.length)).toBeGreaterThan(0);
  });

  test.each(own.map((rule) => [rule.alert ?? "", rule] as const))(
    "%s fires and keeps quiet as it should",
    async (alert, rule) => {
      const all = [...(cases[alert]?.fires ?? []), ...(cases[alert]?.quiet ?? [])];
      const tests = all.map((item) => group(rule, item));
      const { exitCode, output } = await promtoolTest(alert, only(alert, groups), tests, stepOf(all));
      expect(output, all.map(({ why }) => why).join("; ")).toContain("SUCCESS");
      expect(exitCode).toBe(0);
    },
  );
});

describe("the rules as a whole", () => {
  const all = (series: Case["series"], at: string, names: readonly string[]) => ({
    interval: "1m",
    input_series: series,
    promql_expr_test: [
      {
        // At any time, not only in the end.
        expr: 'group by (alertname) (count_over_time(ALERTS{alertstate="firing"}[3h]))',
        eval_time: at,
        exp_samples: names.map((name) => ({ labels: `{alertname="${name}"}`, value: 1 })),
      },
    ],
  });

  test("are silent while the stack is well", async () => {
    const { output } = await promtoolTest("healthy", production, [all(HEALTHY, "180m", [])]);
    expect(output).toContain("SUCCESS");
  });

  test("are not silent where there are no metrics at all", async () => {
    const { output } = await promtoolTest("absent", production, [
      all([], "60m", ["DatastoreScrapeFailing", "MetricsSourceMissing", "ServiceScrapeFailing"]),
    ]);
    expect(output).toContain("SUCCESS");
  });

  test("do not hear other namespaces", async () => {
    const elsewhere = Object.values(ALERT_CASES)
      .flatMap(({ fires }) => fires[0]?.series ?? [])
      .map(({ series, values }) => ({
        series: series
          .replaceAll('"shop"', '"elsewhere"')
          .replaceAll("httproute/shop/", "httproute/elsewhere/")
          .replaceAll('"gateways"', '"elsewhere"')
          .replaceAll("shop-prod", "elsewhere-prod"),
        values,
      }));
    const unique = elsewhere.filter(
      ({ series }, index) => elsewhere.findIndex((other) => other.series === series) === index,
    );
    const mine = new Set(HEALTHY.map(({ series }) => series));
    const { output } = await promtoolTest("elsewhere", production, [
      all([...HEALTHY, ...unique.filter(({ series }) => !mine.has(series))], "180m", []),
    ]);
    expect(output).toContain("SUCCESS");
  });
});
