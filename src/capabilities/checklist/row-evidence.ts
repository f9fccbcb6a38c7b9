// Owns: by what of a stack each row of the checklist is met, and how to ask for what nobody asked for.
// Promises: a row without an entry is met by every file of its capabilities, since nothing of it is optional.
// Must not: know rendered text; nouns of the stack and names of templates say it.

import type { Environment } from "../../stack/stack.js";
import { hasCertificate } from "../exposure/implementation.js";
import {
  BALANCING,
  BUDGETS,
  backupOf,
  everywhere,
  exposing,
  IDENTITIES,
  inTier,
  isBackedUp,
  isExposed,
  isReplicated,
  isRunHere,
  PODS,
  REPLICATED,
  type RowEvidence,
  RULES,
  TRAFFIC,
  without,
  withoutData,
  withoutExposure,
  withoutTier,
} from "./evidence-terms.js";

export const ROW_EVIDENCE: Readonly<Record<string, RowEvidence>> = {
  "LAY-05": {
    foreign: (stack) =>
      everywhere(stack).some(({ services }) => services.length > 1) ? undefined : "one service alone",
    service: () => true,
    templates: PODS,
  },
  "GIT-01": {
    view: ({ settings }) => settings.argocd.mode === "application-set",
    templates: /application-set\.yaml$/,
    ask: "argocd.mode: application-set",
  },
  "GIT-02": { templates: /project\.yaml$/ },
  "GIT-03": {
    view: ({ settings }) => settings.argocd.mode === "application",
    templates: /application\.yaml$/,
    ask: "argocd.mode: application",
  },
  "GIT-04": { templates: /(promote|release-).*/ },
  "GIT-05": { templates: /(rollback|argocd-sync)\.sh$|delivery\.md$/ },
  "GIT-06": { templates: /codeowners$|pull-request-template|workflow|gitlab/ },
  "ENV-01": { service: isReplicated, templates: REPLICATED },
  "ENV-02": {
    view: inTier("development"),
    templates: /namespace\.yaml$|kustomization\.yaml$|replicated\.patch\.yaml$/,
    foreign: withoutTier("development"),
  },
  "ENV-03": {
    view: inTier("staging"),
    service: isReplicated,
    templates: /replicated\.patch\.yaml$/,
    foreign: withoutTier("staging"),
  },
  "ENV-04": {
    view: (view) =>
      inTier("production")(view) && view.settings.gateway.https && view.settings.network.policies,
    service: ({ scaling }) => scaling !== undefined,
    templates: /autoscaler\.yaml$|scaled-object\.yaml$|network-policies\.yaml$/,
    ask: "gateway.https, network.policies and services.NAME.scaling in production",
    foreign: withoutTier("production"),
  },
  "ENV-05": {
    service: ({ config, files }) => config.length + files.length > 0,
    templates: /kustomization\.yaml$|workload\/content$/,
    ask: "services.NAME.env or services.NAME.files",
  },
  "SEC-01": { templates: PODS },
  "SEC-02": { templates: PODS },
  "SEC-03": { templates: PODS },
  "SEC-04": {
    view: ({ settings }) => settings.namespaces === "managed",
    templates: /namespace\.yaml$/,
    ask: "namespaces: managed; external ones are labelled by the platform",
  },
  "SEC-05": { templates: IDENTITIES },
  "SEC-06": { view: ({ settings }) => settings.network.policies, ask: "network.policies: true" },
  "SEC-07": {
    view: ({ secrets }) => secrets.length > 0,
    foreign: (stack) =>
      everywhere(stack).some(({ secrets }) => secrets.length > 0) ? undefined : "no secret is used",
  },
  "SEC-08": {
    view: ({ secrets, settings }) => secrets.length > 0 && settings.reloader === "present",
    templates: /external-secret\.(patch\.)?yaml$|runbook\/(README|rotation)\.md$/,
    ask: "reloader: present",
    foreign: (stack) =>
      everywhere(stack).some(({ secrets }) => secrets.length > 0) ? undefined : "no secret is used",
  },
  "SEC-09": { templates: /encryption-at-rest\.md$/ },
  "SEC-11": {
    view: (view) => view.tier !== undefined && hasCertificate(view as Environment),
    service: isExposed,
    templates: /(certificate|issuer)\.yaml$/,
    ask: "gateway.https: true and certManager.mode: present",
    foreign: withoutExposure,
  },
  "SEC-13": {
    view: ({ settings }) => settings.policy.engine !== "none",
    templates: /policies\.yaml$/,
    ask: "policy.engine",
  },
  "SEC-14": {
    service: ({ pullSecrets }) => pullSecrets.length > 0,
    templates: PODS,
    ask: "pullSecrets, or services.NAME.pullSecrets",
  },
  "SEC-15": { templates: /access\.md$/ },
  "SEC-16": { templates: /audit\.md$/ },
  "SEC-17": { templates: /privacy\.md$/ },
  "RES-01": { templates: PODS },
  "RES-02": {
    view: ({ settings }) => settings.namespaces === "managed",
    templates: /resource-quota\.yaml$/,
    ask: "namespaces: managed; external ones get theirs from the platform",
  },
  "RES-03": { templates: /limit-range\.yaml$/ },
  "RES-04": {
    datastore: isRunHere,
    templates: PODS,
    foreign: without("datastore that the stack runs itself", isRunHere),
  },
  "RES-05": {
    service: ({ scaling, kind }) =>
      scaling !== undefined && scaling.triggers.length === 0 && kind !== "InferenceService",
    ask: "services.NAME.scaling; production has it by default",
  },
  "RES-06": {
    service: ({ scaling }) => scaling !== undefined && scaling.triggers.length > 0,
    ask: "services.NAME.scaling.triggers",
  },
  "RES-07": { service: ({ vertical }) => vertical !== undefined, ask: "services.NAME.vertical" },
  "RES-08": { templates: BUDGETS },
  "RES-09": { service: isReplicated, templates: REPLICATED, ask: "a service that is no job" },
  "RES-10": { service: isReplicated, templates: REPLICATED, ask: "a service that is no job" },
  "RES-11": {
    service: ({ probes }) => Object.values(probes).some((probe) => probe !== undefined),
    templates: PODS,
    ask: "services.NAME.probes",
  },
  "RES-12": {
    service: exposing(({ affinity }) => affinity !== undefined),
    templates: BALANCING,
    ask: "services.NAME.expose.affinity: cookie or client-ip",
    foreign: withoutExposure,
  },
  "RES-13": {
    parts: {
      "spot nodes": ({ placement }) => placement.spot !== undefined,
      "priority classes": ({ priorityClass }) => priorityClass !== undefined,
    },
    templates: /priority-classes\.yaml$|(deployment|replicated|cron-job|job)\.(patch\.)?yaml$/,
    ask: "services.NAME.placement.spot with nodes.spot; priorityClasses and services.NAME.priorityClass",
  },
  "NET-01": {
    service: isExposed,
    templates: /(route|gateway|listener-set)\.yaml$/,
    foreign: withoutExposure,
  },
  "NET-02": {
    service: exposing(({ rateLimit }) => rateLimit !== undefined),
    templates: TRAFFIC,
    ask: "services.NAME.expose.rateLimit, such as 100/min",
    foreign: withoutExposure,
  },
  "NET-03": {
    service: exposing(({ headers }) => headers.length > 0),
    templates: /(envoy-gateway\/route|traefik\/middlewares|ingress-nginx\/headers)\.yaml$/,
    ask: "services.NAME.expose.headers",
    foreign: withoutExposure,
  },
  "NET-04": {
    service: exposing(({ cors }) => cors !== undefined),
    templates: /(envoy-gateway\/route|traefik\/middlewares|ingress-nginx\/route)\.yaml$/,
    ask: "services.NAME.expose.cors",
    foreign: withoutExposure,
  },
  "NET-05": {
    service: exposing(({ allow }) => allow.length > 0),
    templates: /(envoy-gateway\/allow-list|traefik\/middlewares|ingress-nginx\/route)\.yaml$/,
    ask: "services.NAME.expose.allow",
    foreign: withoutExposure,
  },
  "NET-06": {
    view: ({ settings }) => settings.gateway.loadBalancer?.internal !== undefined,
    service: isExposed,
    templates: /envoy-proxy\.yaml$/,
    ask: "gateway.mode: own and gateway.loadBalancer.internal: aws, azure or gcp",
    foreign: withoutExposure,
  },
  "NET-07": {
    parts: {
      timeouts: exposing(({ timeout, idleTimeout }) => (timeout ?? idleTimeout) !== undefined),
      buffering: exposing(({ buffering }) => buffering !== undefined),
      compression: exposing(({ compression }) => compression),
      "body size": exposing(({ maxBodyBytes }) => maxBodyBytes !== undefined),
    },
    templates: /(envoy-gateway\/(route|traffic)|traefik\/(route|middlewares)|ingress-nginx\/route)\.yaml$/,
    ask: "services.NAME.expose.timeout, buffering, compression and maxBody",
    foreign: withoutExposure,
  },
  "NET-08": {
    view: ({ cluster }) => cluster !== undefined,
    templates: /cluster(-mesh)?\/|kustomize\/cluster\.yaml$/,
    ask: "environments.NAME.clusters, and mesh for failover",
  },
  "MON-01": { templates: /monitoring\/(service-monitors|prometheus)\.yaml$/ },
  "MON-02": { templates: RULES },
  "MON-03": { templates: /monitoring\/(rules|rule-file)\.yaml$|runbook\/alerts\// },
  "MON-04": { templates: /monitoring\/(rules|rule-file|service-monitors|prometheus)\.yaml$/ },
  "MON-05": {
    view: ({ tier }) => tier !== undefined && tier !== "development",
    templates: RULES,
    ask: "an environment of tier staging or production; development has no objectives",
  },
  "MON-06": { templates: /dashboard\.json$/ },
  "MON-10": {
    service: isExposed,
    templates: /monitoring\/(probes|prometheus)\.yaml$/,
    foreign: withoutExposure,
  },
  "MON-11": {
    datastore: ({ exporter, metrics }) => (exporter ?? metrics) !== undefined,
    templates:
      /(monitoring\/(service-monitors|prometheus|rules|rule-file|dashboard)|datastore\/statefulset)\./,
    ask: "a datastore that the stack runs itself; who runs an external one watches it",
    foreign: without("datastore", () => true),
  },
  "MON-13": {
    view: ({ settings }) => Object.keys(settings.monitoring.receivers ?? {}).length > 0,
    templates: /monitoring\/alertmanager(-config)?\.yaml$/,
    ask: "monitoring.receivers; without them the platform's own route decides",
  },
  "MON-14": { templates: /monitoring\/README\.md$/ },
  "BAK-01": backupOf("PostgreSQL", "postgresql"),
  "BAK-02": backupOf("Redis or Valkey store", "redis"),
  "BAK-03": backupOf("MySQL, MariaDB or MongoDB", "mysql", "mongodb"),
  "BAK-07": { datastore: isBackedUp, ask: "backup.store", foreign: withoutData },
  "BAK-08": { datastore: isBackedUp, ask: "backup.store", foreign: withoutData },
  "DEL-01": { templates: /delivery\/(deploy|rollout|stack)\.sh$/ },
  "DEL-03": { templates: /workflow|gitlab/ },
  "OPS-01": { templates: /runbook\/(README\.md$|alerts\/)/ },
  "OPS-02": { templates: /troubleshooting\.md$/ },
  "OPS-05": { templates: /runbook\/README\.md$/ },
};
