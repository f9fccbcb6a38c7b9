// Owns: what holds of the rules of every stack: names, labels, places, severities.
// Promises: a metric that nothing exports, a rule beyond its namespace or an alert without a page fails here.
// Must not: evaluate rules; rules.tools.test.ts does.
import { describe, expect, test } from "vitest";
import { type AlertRule, alertsOf, dashboardUid, rulesOf } from "../../src/stack/alerts.js";
import { engines } from "../../src/stack/engines/index.js";
import { RUNTIME_DROPS } from "../../src/stack/presets/metrics.js";
import { browsable } from "../../src/stack/runbook-address.js";
import { longestGapSeconds } from "../../src/stack/schedule.js";
import { knownMetrics, metricNamesIn, unknownIn } from "../evidence/metrics/known-metrics.js";
import { MANY, RATE_LIMITER, REDUCED, rendered, resolved, SHOP, STACKS, WORKER } from "./stacks.js";

const known = knownMetrics();

function recordedIn(spec: string): Set<string> {
  const stack = resolved(spec);
  return new Set(
    stack.environments.flatMap((environment) =>
      rulesOf(stack, environment).flatMap(({ recordings }) => recordings.map(({ record }) => record)),
    ),
  );
}

function alertsAt(spec: string, environment: string): AlertRule[] {
  const stack = resolved(spec);
  const place = stack.environments.find(({ name }) => name === environment);
  return place === undefined ? [] : rulesOf(stack, place).flatMap(({ alerts }) => alerts);
}

/** Label matchers by which a selector is bound to one environment, per family of metrics. */
const BOUND =
  /(^|[{,])(namespace|exported_namespace|dest_namespace)="|envoy_cluster_name=~"\(http\|grpc\)route\//;
/** Counters without a namespace of their own, joined with argocd_app_info, which has one. */
const JOINED = ["argocd_app_sync_total"];

describe.each(Object.entries(STACKS))("%s", (_name, spec) => {
  const stack = resolved(spec);
  const rules = stack.environments.flatMap((environment) =>
    rulesOf(stack, environment).flatMap(({ recordings, alerts }) =>
      [...recordings, ...alerts].map((rule) => ({ environment, rule })),
    ),
  );

  test("asks only for metrics and labels that something exports, or that it records", () => {
    const recorded = recordedIn(spec);
    expect(rules.flatMap(({ rule }) => unknownIn(rule.expr, known, recorded))).toEqual([]);
  });

  test("stays in the namespace of its environment", () => {
    const loose = rules.flatMap(({ environment, rule }) =>
      [...rule.expr.matchAll(/([a-z_][a-z0-9_:]*)\{([^}]*)\}/g)]
        .filter(([, metric = ""]) => !JOINED.includes(metric))
        .filter(
          ([selector, , matchers = ""]) =>
            !BOUND.test(`{${matchers}`) ||
            (matchers.includes('namespace="') &&
              !selector.includes(`="${environment.namespace}"`) &&
              !selector.includes(`name="${stack.name}-${environment.name}"`)),
        )
        .map(([selector]) => selector),
    );
    expect(loose).toEqual([]);
    expect(
      rules.flatMap(({ rule }) =>
        metricNamesIn(rule.expr).names.filter((name) => !rule.expr.includes(`${name}{`)),
      ),
    ).toEqual([]);
  });

  test("names recordings level:metric:operations, each with its namespace", () => {
    for (const { environment, rule } of rules) {
      if (!("record" in rule)) continue;
      expect(rule.record).toMatch(/^[a-z]+:[a-z_]+:[a-z0-9_]+$/);
      expect(rule.labels.namespace).toBe(environment.namespace);
    }
  });

  test("gives each alert its routing labels, its texts and a page that exists", () => {
    const files = rendered(spec);
    const prefix = stack.source.path === "." ? "" : `${stack.source.path}/`;
    for (const { environment, rule } of rules) {
      if ("record" in rule) continue;
      expect(rule.labels).toMatchObject({
        team: stack.owner,
        stack: stack.name,
        environment: environment.name,
        namespace: environment.namespace,
      });
      expect(rule.annotations.summary).toMatch(/\S/);
      expect(rule.annotations.description).toMatch(/\.$/);
      expect(rule.annotations.runbook_url).toContain(`docs/runbook/alerts/${rule.name}.md`);
      expect(files.has(`${prefix}docs/runbook/alerts/${rule.name}.md`), rule.name).toBe(true);
      const dashboard = /^\/d\/([^?]+)/.exec(rule.annotations.dashboard ?? "")?.[1];
      expect(
        [...files].some(
          ([path, contents]) =>
            path.endsWith(".json") && contents.includes(`"uid": ${JSON.stringify(dashboard)}`),
        ),
        `${rule.name}: ${dashboard}`,
      ).toBe(true);
    }
  });

  test("pages in production only, and has one name for one alert", () => {
    for (const { environment, rule } of rules) {
      if ("record" in rule || environment.tier === "production") continue;
      expect(rule.labels.severity, rule.name).toBe("ticket");
    }
    for (const environment of stack.environments) {
      const names = rulesOf(stack, environment).flatMap(({ alerts }) => alerts.map(({ name }) => name));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe("the rate limiter", () => {
  test("has more than 20 alerts in groups", () => {
    const alerts = alertsAt(RATE_LIMITER, "prod");
    expect(alerts.length).toBeGreaterThan(20);
    const groups = new Set(alerts.map(({ labels }) => labels.group));
    expect([...groups].sort()).toEqual([
      "backup",
      "datastores",
      "delivery",
      "edge",
      "infrastructure",
      "monitoring",
      "security",
      "services",
      "slo",
    ]);
  });

  test("has the numbers of the seeds", () => {
    const find = (name: string) => alertsAt(RATE_LIMITER, "prod").find((alert) => alert.name === name);
    expect(find("ServiceErrorRatioHigh")).toMatchObject({
      for: "5m",
      expr: expect.stringContaining("> 0.05"),
    });
    expect(find("ServiceLatencyHigh")?.for).toBe("5m");
    expect(find("ServiceDown")?.for).toBe("1m");
    expect(find("ContainerCpuHigh")).toMatchObject({
      for: "10m",
      severity: "ticket",
      expr: expect.stringContaining("> 0.85"),
    });
    expect(find("ContainerMemoryHigh")).toMatchObject({
      for: "10m",
      severity: "ticket",
      expr: expect.stringContaining("> 0.85"),
    });
    const stack = resolved(RATE_LIMITER);
    const recordings = rulesOf(stack, stack.environments[1] as never).flatMap((group) => group.recordings);
    expect(recordings).toContainEqual(
      expect.objectContaining({ record: "service:slo_availability:objective", expr: "vector(0.999)" }),
    );
    expect(recordings).toContainEqual(
      expect.objectContaining({ record: "service:slo_latency_seconds:objective", expr: "vector(2)" }),
    );
    expect(recordings).toContainEqual(
      expect.objectContaining({ record: "backup:max_age_seconds:objective", expr: `vector(${26 * 3600})` }),
    );
  });

  test("promises nothing in development", () => {
    expect(alertsAt(RATE_LIMITER, "dev").filter(({ labels }) => labels.group === "slo")).toEqual([]);
  });
});

describe("what a stack does without", () => {
  test("what is switched off is not missed", () => {
    const names = alertsAt(REDUCED, "prod").map(({ name }) => name);
    for (const name of ["BackupJobMissing", "EndpointProbeFailing", "NetworkPoliciesMissing"]) {
      expect(names).not.toContain(name);
    }
    expect(alertsAt(REDUCED, "prod").find(({ name }) => name === "MetricsSourceMissing")?.expr).not.toMatch(
      /probe|envoy/,
    );
  });

  test("a worker alone has no alerts on requests, datastores, backups or endpoints", () => {
    const groups = new Set(alertsAt(WORKER, "prod").map(({ labels }) => labels.group));
    expect([...groups].sort()).toEqual(["delivery", "infrastructure", "monitoring", "security", "services"]);
    expect(alertsAt(WORKER, "prod").map(({ name }) => name)).not.toContain("ServiceScrapeFailing");
  });

  test("an environment in another cluster has none on Argo CD, whose metrics are not there", () => {
    expect(alertsAt(SHOP, "staging").filter(({ labels }) => labels.group === "delivery")).toEqual([]);
    expect(alertsAt(SHOP, "prod").filter(({ labels }) => labels.group === "delivery")).toHaveLength(4);
  });

  test("fifty services have as many alerts as one: each rule speaks of all", () => {
    expect(alertsAt(MANY, "prod").length).toBeLessThanOrEqual(alertsAt(SHOP, "prod").length);
    expect(
      JSON.stringify(rulesOf(resolved(MANY), resolved(MANY).environments[1] as never)).length,
    ).toBeLessThan(500_000);
  });
});

describe("what is dropped", () => {
  const drops = [
    ...Object.entries(RUNTIME_DROPS),
    ...Object.entries(engines).map(([name, { monitoring }]) => [name, monitoring.drops] as const),
  ];
  test.each(drops)("of %s exists", (_source, list) => {
    for (const { regex } of list) {
      expect(
        [...known.keys()].filter((name) => new RegExp(`^(?:${regex})$`).test(name)),
        regex,
      ).not.toEqual([]);
    }
  });

  test("nobody asks for", () => {
    const asked = new Set(
      Object.values(STACKS).flatMap((spec) =>
        alertsOf(resolved(spec)).flatMap(({ places }) =>
          places.flatMap(({ rule }) => metricNamesIn(rule.expr).names),
        ),
      ),
    );
    for (const contents of [...rendered(SHOP)]
      .filter(([path]) => path.endsWith(".json") && path.includes("dashboards"))
      .map(([, text]) => text)) {
      for (const [, expr = ""] of contents.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g))
        for (const name of metricNamesIn(JSON.parse(expr)).names) asked.add(name);
    }
    for (const { regex } of drops.flatMap(([, list]) => list)) {
      expect(
        [...asked].filter((name) => new RegExp(`^(?:${regex})$`).test(name)),
        regex,
      ).toEqual([]);
    }
  });
});

test.each([
  ["https://github.com/org/repo.git", "https://github.com/org/repo"],
  ["https://token@github.com/org/repo", "https://github.com/org/repo"],
  ["git@gitlab.example.com:teams/deploys.git", "https://gitlab.example.com/teams/deploys"],
  ["ssh://git@git.example.com:2222/teams/hello.git", "https://git.example.com/teams/hello"],
])("%s is browsed at %s", (url, address) => {
  expect(browsable(url)).toBe(address);
});

test("the address of a page follows the host's way of naming a file", () => {
  const address = (spec: string) => alertsOf(resolved(spec))[0]?.places[0]?.rule.annotations.runbook_url;
  expect(address(RATE_LIMITER)).toBe(
    "https://github.com/example-org/rate-limiter-deploy/blob/main/docs/runbook/alerts/ServiceDown.md",
  );
  expect(address(SHOP)).toBe(
    "https://gitlab.example.com/teams/deploys/-/blob/release/stacks/shop/docs/runbook/alerts/ServiceDown.md",
  );
  expect(
    address(
      RATE_LIMITER.replace(
        "backup: { store",
        "monitoring: { runbooks: https://wiki.example.com/runbook/ }\nbackup: { store",
      ),
    ),
  ).toBe("https://wiki.example.com/runbook/alerts/ServiceDown.md");
});

test.each([
  ["0 2 * * *", 24],
  ["@hourly", 1],
  ["*/30 * * * *", 0.5],
  ["0 2,14 * * *", 12],
  ["0 2 * * mon", 24 * 7],
  ["0 2 * * 1-5", 24 * 3],
  ["0 2 1 * *", 24 * 31],
  ["30 1 1 1 *", 24 * 366],
  ["0 0 13 * 5", 24 * 7],
])("%s pauses for %d hours at most", (schedule, hours) => {
  expect(longestGapSeconds(schedule)).toBe(hours * 3600);
});

test("uids of dashboards are unique and fit Grafana's 40 characters", () => {
  const long = "a".repeat(53);
  expect(dashboardUid("shop", "overview")).toBe("shop-overview");
  expect(dashboardUid(long, "overview")).toHaveLength(40);
  expect(dashboardUid(long, "overview")).not.toBe(dashboardUid(long, "services"));
});
