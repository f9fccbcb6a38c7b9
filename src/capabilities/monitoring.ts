// Owns: what watches the stack: scrapes, probes, rules, alert routing, dashboards, and the rights of Prometheus.
// Promises: objects of the Prometheus Operator or plain configuration, from the same rules and targets; nothing cluster-wide is synced.
// Must not: hold rules or thresholds; src/stack/alerts does.

import { INHIBITIONS, receiversOf } from "../stack/alert-routing.js";
import { isClusterHome } from "../stack/cluster-home.js";
import { endpointsOf } from "../stack/endpoints.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type About, type Capability, type FileSpec, file, type GeneratedConfigMap } from "./capability.js";
import { stackLabels } from "./labels.js";
import { dashboardView } from "./monitoring/dashboard-view.js";
import { dashboardsOf } from "./monitoring/dashboards.js";
import { plainFiles } from "./monitoring/plain.js";
import { readmeView } from "./monitoring/readme.js";
import { ruleGroups } from "./monitoring/rule-groups.js";
import { targetsOf } from "./monitoring/targets.js";
import { monitoringDirectory } from "./places.js";

const GROUP = "monitoring.coreos.com";
const CHANGE = "monitoring and slo in prod-stack.yaml";

/** A file of monitoring/ENV, which overlays/ENV/managed includes. */
function member(
  environment: Environment,
  name: string,
  view: object,
  kinds: readonly string[],
  about: Omit<About, "change">,
): FileSpec {
  const kustomization = monitoringDirectory(environment);
  return file(
    `${kustomization}/${name}`,
    `monitoring/${name}`,
    view,
    { ...about, change: CHANGE },
    { member: { kustomization, as: "resources" }, kinds },
  );
}

function operatorFiles(stack: Stack, environment: Environment): FileSpec[] {
  const { monitoring } = environment.settings;
  const shared = {
    stack: stack.name,
    environment: environment.name,
    labels: { ...stackLabels(stack, "monitoring"), ...monitoring.labels },
  };
  const targets = targetsOf(stack, environment).map((target) => ({
    ...target,
    byPods: target.by === "pods",
    labels: { ...target.labels, ...monitoring.labels },
  }));
  const endpoints = endpointsOf(stack, environment).map((endpoint) => ({
    ...endpoint,
    labels: shared.labels,
    blackbox: monitoring.blackbox,
    interval: monitoring.interval.standard,
  }));
  const files = [
    member(
      environment,
      "rules.yaml",
      { ...shared, groups: ruleGroups(stack, environment) },
      [`${GROUP}/PrometheusRule`],
      {
        what: `Recording and alerting rules of ${environment.name}.`,
        why: "Alerts on what users notice page; causes are tickets; each has its page in docs/runbook/alerts.",
        standard: "Google SRE workbook, ch. 5, multi-window multi-burn-rate alerts",
      },
    ),
  ];
  if (targets.length > 0) {
    files.push(
      member(environment, "service-monitors.yaml", { ...shared, targets }, monitorKinds(targets), {
        what: `What Prometheus scrapes in ${environment.name}.`,
        why: "One monitor per service and datastore, with a limit on samples, so that one of them cannot flood Prometheus.",
        standard: "Prometheus Operator, monitoring.coreos.com/v1",
      }),
    );
  }
  if (endpoints.length > 0) {
    files.push(
      member(environment, "probes.yaml", { ...shared, endpoints }, [`${GROUP}/Probe`], {
        what: `Which addresses of ${environment.name} are probed from outside.`,
        why: "What runs inside may still be unreachable: DNS, gateway, certificate and route are only seen from there.",
        standard: "Prometheus Operator, monitoring.coreos.com/v1; blackbox exporter",
      }),
    );
  }
  return [...files, ...routing(stack, environment, shared)];
}

function monitorKinds(targets: readonly { readonly byPods: boolean }[]): string[] {
  const kinds = targets.map(({ byPods }) => `${GROUP}/${byPods ? "PodMonitor" : "ServiceMonitor"}`);
  return [...new Set(kinds)];
}

function routing(stack: Stack, environment: Environment, shared: object): FileSpec[] {
  const receivers = receiversOf(environment);
  if (receivers.length === 0) return [];
  const view = {
    ...shared,
    name: stack.name,
    team: stack.owner,
    receivers,
    first: receivers[0]?.severity,
    severities: receivers.map(({ severity }) => severity).join("|"),
    inhibitions: INHIBITIONS,
  };
  return [
    member(environment, "alertmanager-config.yaml", view, [`${GROUP}/AlertmanagerConfig`], {
      what: `Where alerts of ${environment.name} go.`,
      why: "Pages and tickets have different receivers; a greater alert silences those that follow from it. Addresses are in secrets.",
      standard: "Prometheus Operator, monitoring.coreos.com/v1alpha1",
    }),
  ];
}

function accessFile(stack: Stack, environment: Environment): FileSpec {
  const { serviceAccount, namespace } = environment.settings.monitoring;
  const view = {
    environment: environment.name,
    name: `${stack.name}-prometheus`,
    labels: stackLabels(stack, "monitoring"),
    serviceAccount,
    namespace,
    // Kustomize rewrites the namespace of a subject called "default" (api/filters/namespace, "DefaultSubjectsOnly").
    user: serviceAccount === "default" ? `system:serviceaccount:${namespace}:default` : undefined,
  };
  return member(
    environment,
    "access.yaml",
    view,
    ["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/RoleBinding"],
    {
      what: `What Prometheus may see in ${environment.name}: where its targets are.`,
      why: "Rights for one namespace, to read four kinds, instead of a ClusterRole.",
      standard: "Kubernetes docs, RBAC Good Practices",
    },
  );
}

function dashboardFiles(stack: Stack): FileSpec[] {
  return dashboardsOf(stack).map((dashboard) =>
    file(
      `monitoring/grafana/dashboards/${dashboard.name}.json`,
      "monitoring/dashboard.json",
      dashboardView(stack, dashboard),
      {
        what: `Grafana dashboard: ${dashboard.title}.`,
        why: dashboard.description,
        standard: "Grafana dashboard JSON model; Google SRE book, the four golden signals",
        change: "nothing by hand: copy it under another uid to make your own",
      },
    ),
  );
}

/** Grafana refuses two dashboards with one uid: one environment per cluster carries them (kustomizations.ts). */
function dashboardMaps(stack: Stack): GeneratedConfigMap[] {
  const home = stack.environments.filter((environment) => isClusterHome(stack, environment)).at(-1);
  const label = home?.settings.monitoring.grafanaLabel ?? {};
  return dashboardsOf(stack).map(({ name }) => ({
    kustomization: "monitoring/grafana",
    name: `${stack.name}-dashboard-${name}`,
    behavior: "create",
    literals: [],
    files: [`dashboards/${name}.json`],
    labels: { ...stackLabels(stack, "dashboard"), ...label },
  }));
}

export const monitoring: Capability = {
  id: "monitoring",
  title: "Monitoring",
  summary:
    "Scrapes, probes, recording rules, alerts with objectives and runbook pages, alert routing and dashboards.",
  rows: [
    "LAY-03",
    "MON-01",
    "MON-02",
    "MON-03",
    "MON-04",
    "MON-05",
    "MON-06",
    "MON-10",
    "MON-11",
    "MON-13",
    "MON-14",
  ],
  withoutIt: "nobody is told when the stack fails, and nothing shows how it does",
  files: (stack) => [
    ...stack.environments.flatMap((environment) => [
      accessFile(stack, environment),
      ...(environment.settings.monitoring.prometheus === "operator" ? operatorFiles(stack, environment) : []),
    ]),
    ...plainFiles(stack),
    ...dashboardFiles(stack),
    file("monitoring/README.md", "monitoring/README.md", readmeView(stack), {
      what: "How the stack is watched.",
      why: "Which rules there are, what the platform must bring, where alerts go, how long data is kept.",
      change: CHANGE,
    }),
  ],
  configMaps: dashboardMaps,
};
