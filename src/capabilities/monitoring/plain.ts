// Owns: the flavour without the Prometheus Operator: configuration files for a Prometheus and an Alertmanager.
// Promises: the same targets, rules and routes as the operator's objects; discovery is limited to the stack's namespaces.
// Must not: hold rules or receivers.

import { INHIBITIONS, receiversOf } from "../../stack/alert-routing.js";
import { endpointsOf, HEALTH_JOB, REACH_JOB } from "../../stack/endpoints.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { type About, type FileSpec, file } from "../capability.js";
import { oncePerEnvironment } from "../places.js";
import { ruleGroups } from "./rule-groups.js";
import { type Target, targetsOf } from "./targets.js";

const CHANGE = "monitoring in prod-stack.yaml";

export function plainFiles(stack: Stack): FileSpec[] {
  const environments = stack.environments.filter(
    ({ settings }) => settings.monitoring.prometheus === "plain",
  );
  if (environments.length === 0) return [];
  const about = (what: string, why: string, standard: string): About => ({
    what,
    why,
    standard,
    change: CHANGE,
  });
  return [
    ...clusters(environments).map(({ name, members }) =>
      file(
        `monitoring/prometheus/${name}`,
        "monitoring/prometheus.yaml",
        prometheusView(stack, members),
        about(
          "The configuration of Prometheus.",
          "Finds the targets of the stack's namespaces and of the platform by itself.",
          "Prometheus docs, Configuration",
        ),
      ),
    ),
    ...environments.map((environment) =>
      file(
        `monitoring/prometheus/rules/${environment.id}.yaml`,
        "monitoring/rule-file.yaml",
        { environment: environment.name, groups: ruleGroups(stack, environment) },
        about(
          `Recording and alerting rules of ${environment.label}.`,
          "The same rules as in the operator's flavour.",
          "Prometheus docs, Alerting rules",
        ),
      ),
    ),
    file(
      "monitoring/prometheus/cluster-role.yaml",
      "monitoring/cluster-role.yaml",
      clusterRoleView(stack, environments),
      about(
        "What Prometheus needs cluster-wide: nodes and their metrics.",
        "The platform team applies it once; the stack's own project may not hold cluster-wide objects.",
        "Kubernetes docs, RBAC Good Practices",
      ),
    ),
    file(
      "monitoring/alertmanager/alertmanager.yaml",
      "monitoring/alertmanager.yaml",
      alertmanagerView(stack, environments),
      about(
        "The configuration of Alertmanager.",
        "Routes by team and severity; addresses are read from mounted secrets.",
        "Prometheus docs, Alertmanager configuration",
      ),
    ),
  ];
}

/** One Prometheus per cluster: it sees only what runs there. */
function clusters(environments: readonly Environment[]): { name: string; members: readonly Environment[] }[] {
  const servers = [...new Set(environments.map(({ server }) => server))];
  return servers.map((server) => {
    const members = environments.filter((environment) => environment.server === server);
    return {
      name: servers.length === 1 ? "prometheus.yaml" : `prometheus.${members.at(-1)?.id}.yaml`,
      members,
    };
  });
}

/** Targets that are scraped alike share one job, so that 50 services do not open 50 watches. */
function jobsOf(stack: Stack, environments: readonly Environment[]) {
  const jobs = new Map<string, { target: Target; places: string[]; namespaces: Set<string> }>();
  for (const environment of environments) {
    for (const target of targetsOf(stack, environment)) {
      const { port, path, interval, sampleLimit, drops, by } = target;
      const own = by === "pods" ? [target.name, target.selector] : [];
      const key = JSON.stringify([port, path, interval, sampleLimit, drops, by, ...own]);
      const job = jobs.get(key) ?? { target, places: [], namespaces: new Set<string>() };
      job.places.push(`${environment.namespace};${target.name}`);
      job.namespaces.add(environment.namespace);
      jobs.set(key, job);
    }
  }
  return [...jobs.values()].map(({ target, places, namespaces }, index) => ({
    ...target,
    byPods: target.by === "pods",
    podLabels: Object.entries(target.selector).map(([label, value]) => ({
      label: `__meta_kubernetes_pod_label_${label.replace(/[^a-zA-Z0-9_]/g, "_")}`,
      value,
    })),
    job: `${stack.name}-targets-${index + 1}`,
    places: `(${places.join("|")});${target.port}`,
    namespaces: [...namespaces],
    partOf: stack.name,
  }));
}

function probesOf(stack: Stack, environments: readonly Environment[], job: string) {
  return environments.flatMap((environment) =>
    endpointsOf(stack, environment)
      .filter((endpoint) => endpoint.job === job)
      .map(({ service, url }) => ({ service, url, namespace: environment.namespace })),
  );
}

function prometheusView(stack: Stack, environments: readonly Environment[]) {
  const settings = environments.at(-1)?.settings ?? stack.base.settings;
  const { monitoring, argocd, gateway } = settings;
  const namespaces = [...new Set(environments.map(({ namespace }) => namespace))];
  return {
    stack: stack.name,
    interval: monitoring.interval.standard,
    ruleFiles: environments.map(({ id }) => `rules/${id}.yaml`),
    jobs: jobsOf(stack, environments),
    namespaces,
    namespaceRegex: namespaces.join("|"),
    probes: [HEALTH_JOB, REACH_JOB]
      .map((job) => ({ job, blackbox: monitoring.blackbox, endpoints: probesOf(stack, environments, job) }))
      .filter(({ endpoints }) => endpoints.length > 0),
    monitoringNamespace: monitoring.namespace,
    platformNamespaces: [
      ...new Set([
        monitoring.namespace,
        argocd.namespace,
        "cert-manager",
        "external-secrets",
        gateway.proxyNamespace,
      ]),
    ].sort(),
    alertmanager: `alertmanager.${monitoring.namespace}.svc:9093`,
  };
}

function clusterRoleView(stack: Stack, environments: readonly Environment[]) {
  const { serviceAccount, namespace } = (environments.at(-1)?.settings ?? stack.base.settings).monitoring;
  return { name: `${stack.name}-prometheus`, serviceAccount, namespace, stack: stack.name };
}

function alertmanagerView(stack: Stack, environments: readonly Environment[]) {
  const receivers = oncePerEnvironment({ environments }).flatMap((environment) =>
    receiversOf(environment).map((receiver) => ({
      ...receiver,
      name: `${environment.name}-${receiver.severity}`,
      environment: environment.name,
      stack: stack.name,
      team: stack.owner,
      urlFile: `/etc/alertmanager/secrets/${receiver.webhook.secret}/${receiver.webhook.key}`,
    })),
  );
  return { stack: stack.name, receivers, inhibitions: INHIBITIONS };
}
