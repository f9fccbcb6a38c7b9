// Owns: whether the dashboards are what Grafana and its linter ask for.
// Promises: every panel explains itself and asks only for what exists.
// Must not: start Grafana.
import { describe, expect, test } from "vitest";
import { rulesOf } from "../../src/stack/alerts.js";
import { knownMetrics, unknownIn } from "../evidence/metrics/known-metrics.js";
import { rendered, resolved, STACKS } from "./stacks.js";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
  readonly datasource: { readonly uid: string };
  readonly targets: readonly {
    readonly expr: string;
    readonly refId: string;
    readonly datasource: { readonly uid: string };
  }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: unknown;
      readonly refresh?: number;
    }[];
  };
}

/** Grafana puts the chosen data source here. */
const CHOSEN_SOURCE = "$" + "{datasource}";
const known = knownMetrics();

function dashboardsOf(spec: string): { path: string; contents: string; dashboard: Dashboard }[] {
  return [...rendered(spec)]
    .filter(([path]) => path.includes("monitoring/grafana/dashboards/"))
    .map(([path, contents]) => ({ path, contents, dashboard: JSON.parse(contents) }));
}

function recordedIn(spec: string): Set<string> {
  const stack = resolved(spec);
  return new Set([
    "ALERTS",
    ...stack.environments.flatMap((environment) =>
      rulesOf(stack, environment).flatMap(({ recordings }) => recordings.map(({ record }) => record)),
    ),
  ]);
}

describe.each(Object.entries(STACKS))("dashboards of %s", (_name, spec) => {
  const dashboards = dashboardsOf(spec);

  test("have unique ids and titles, and fit into a ConfigMap", () => {
    expect(dashboards.length).toBeGreaterThanOrEqual(2);
    expect(new Set(dashboards.map(({ dashboard }) => dashboard.uid)).size).toBe(dashboards.length);
    expect(new Set(dashboards.map(({ dashboard }) => dashboard.title)).size).toBe(dashboards.length);
    for (const { contents, dashboard } of dashboards) {
      expect(dashboard.uid.length).toBeLessThanOrEqual(40);
      expect(dashboard.description).toMatch(/\.$/);
      expect(contents.length).toBeLessThan(2 ** 20);
    }
  });

  test("ask the chosen data source, in the chosen namespace, with the variables that they have", () => {
    for (const { dashboard, path } of dashboards) {
      const variables = dashboard.templating.list.map(({ name }) => name);
      expect(dashboard.templating.list[0]).toMatchObject({
        name: "datasource",
        type: "datasource",
        query: "prometheus",
      });
      expect(variables).toContain("namespace");
      const used = new Set<string>();
      for (const { targets, datasource } of dashboard.panels) {
        expect(datasource.uid).toBe(CHOSEN_SOURCE);
        for (const { expr, datasource: own } of targets) {
          expect(own.uid).toBe(CHOSEN_SOURCE);
          expect(expr, path).toContain('namespace="$namespace"');
          for (const [, name = ""] of expr.matchAll(/\$([a-z]\w*)/g)) used.add(name);
        }
      }
      expect([...used].filter((name) => !variables.includes(name))).toEqual([]);
      expect(variables.filter((name) => name !== "datasource" && name !== "job" && !used.has(name))).toEqual(
        [],
      );
    }
  });

  test("have panels with title, description, unit and a place of their own", () => {
    for (const { dashboard, path } of dashboards) {
      const titles = dashboard.panels.map(({ title }) => title);
      expect(new Set(titles).size, path).toBe(titles.length);
      const cells = new Set<string>();
      for (const { title, description, fieldConfig, gridPos, targets } of dashboard.panels) {
        expect(title).toMatch(/\S/);
        expect(description, title).toMatch(/\.$/);
        expect(fieldConfig.defaults.unit, title).toMatch(/\S/);
        expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
        expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect(cells.has(`${x},${y}`), `${path}: ${title} covers another panel`).toBe(false);
            cells.add(`${x},${y}`);
          }
      }
    }
  });

  test("ask only for what something exports or the rules record", () => {
    const recorded = recordedIn(spec);
    const faults = dashboards.flatMap(({ dashboard }) =>
      dashboard.panels.flatMap(({ title, targets }) =>
        targets.flatMap(({ expr }) =>
          unknownIn(expr, known, recorded).map((fault) => `${dashboard.title} / ${title}: ${fault}`),
        ),
      ),
    );
    expect(faults).toEqual([]);
  });

  test("take rates over $__rate_interval, and increases over a time that their text names", () => {
    const panels = dashboards.flatMap(({ dashboard }) => dashboard.panels);
    const windows = (expr: string, of: string) =>
      [...expr.matchAll(new RegExp(`\\b${of}\\([^[]*\\[([^\\]]+)\\]`, "g"))].map(([, window]) => window);
    for (const { title, description, targets } of panels) {
      const exprs = targets.map(({ expr }) => expr);
      expect(new Set(exprs.flatMap((expr) => windows(expr, "rate"))), title).toSatisfy(
        (found: Set<string>) => found.size === 0 || [...found].join() === "$__rate_interval",
      );
      for (const window of exprs.flatMap((expr) => windows(expr, "increase"))) {
        expect(`${title} ${description}`, title).toMatch(window === "1h" ? /1 h|hour/ : /ten minutes/);
      }
    }
  });
});

test("one environment per cluster carries them, since Grafana refuses two with one uid", () => {
  const files = rendered(STACKS.SHOP);
  const carries = (environment: string) =>
    (files.get(`stacks/shop/overlays/${environment}/managed/kustomization.yaml`) ?? "").includes(
      "monitoring/grafana",
    );
  expect([carries("dev"), carries("staging"), carries("prod")]).toEqual([false, true, true]);
});

test("there is one for the runtime that reports requests, and one per engine", () => {
  expect(
    dashboardsOf(STACKS.SHOP)
      .map(({ path }) => path.replace(/^.*\//, ""))
      .sort(),
  ).toEqual(["overview.json", "redis.json", "services.json", "spring-boot.json", "valkey.json"]);
  expect(
    dashboardsOf(STACKS.WORKER)
      .map(({ path }) => path.replace(/^.*\//, ""))
      .sort(),
  ).toEqual(["overview.json", "services.json"]);
});
