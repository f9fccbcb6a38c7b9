// Owns: what the expressions of one environment have in common, and the shape of an alert before its labels.
// Promises: `inNamespace` is in every selector that has a namespace label.
// Must not: hold an alert.

import { backupName } from "../backup-name.js";
import type { Datastore } from "../datastore.js";
import { endsByItself } from "../presets/service-types.js";
import { longestGapSeconds } from "../schedule.js";
import type { Service } from "../service.js";
import type { Environment, Stack } from "../stack.js";

export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** How long the expression must hold; undefined: at once. */
  readonly for: string | undefined;
  /** page: somebody is woken up; ticket: somebody looks at it on the next working day. */
  readonly severity: "page" | "ticket";
  readonly summary: string;
  readonly description: string;
  /** The dashboard to open; the overview without it. */
  readonly dashboard?: string;
  /** The family of engines that it is about. */
  readonly family?: string;
}

export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface RecordingGroup {
  readonly name: string;
  readonly interval: string | undefined;
  readonly recordings: readonly Recording[];
}

export interface Scope {
  readonly stack: Stack;
  readonly environment: Environment;
  readonly namespace: string;
  /** Label matcher of the environment. */
  readonly inNamespace: string;
  /** Services that run until they are replaced; jobs are in `schedules`. */
  readonly services: readonly Service[];
  readonly schedules: readonly { readonly cronJob: string; readonly maxAgeSeconds: number }[];
  /** Datastores that are measured here. */
  readonly datastores: readonly Datastore[];
  /** Services whose own metrics count requests. */
  readonly measured: readonly Service[];
  /** Exposed services without such metrics: the gateway counts their requests. */
  readonly measuredAtGateway: readonly Service[];
  readonly backups: readonly {
    readonly datastore: string;
    readonly cronJob: string;
    readonly maxAgeSeconds: number;
  }[];
  /** Argo CD runs in this cluster, so that its metrics can be seen here. */
  readonly argoHere: boolean;
}

/** Time that a backup may be late before somebody is told: the seeds' 26 h for a daily one. */
const BACKUP_SLACK_SECONDS = 2 * 3600;

/** Age from which the newest backup of a schedule is too old. */
export function maxBackupAgeSeconds(schedule: string): number {
  return longestGapSeconds(schedule) + BACKUP_SLACK_SECONDS;
}

/** The cluster of Argo CD, by its address and by the name that Argo CD gives it. */
const ARGO_CD_ITSELF: readonly string[] = ["https://kubernetes.default.svc", "in-cluster"];

const known = new WeakMap<Stack, Map<Environment, Scope>>();

/** Worked out once for an environment of a stack. */
export function scopeOf(stack: Stack, environment: Environment): Scope {
  const scopes = known.get(stack) ?? new Map<Environment, Scope>();
  known.set(stack, scopes);
  const scope = scopes.get(environment) ?? deriveScope(stack, environment);
  scopes.set(environment, scope);
  return scope;
}

function deriveScope(stack: Stack, environment: Environment): Scope {
  const { namespace } = environment;
  const services = environment.services.filter(({ kind }) => !endsByItself(kind));
  const datastores = environment.datastores.filter(
    ({ metrics, operator }) => metrics !== undefined || operator?.metrics !== undefined,
  );
  // What a user has switched off is not missing.
  const isOn = (capability: string) => !stack.disabled.includes(capability);
  return {
    stack,
    environment,
    namespace,
    inNamespace: `namespace="${namespace}"`,
    services,
    schedules: environment.services.flatMap(schedulesOf),
    datastores,
    measured: services.filter(isMeasured),
    measuredAtGateway: services.filter(
      (service) =>
        !isMeasured(service) &&
        service.exposure !== undefined &&
        isOn("exposure") &&
        // The names of its metrics are known; Traefik's and NGINX's count by other words.
        environment.settings.gateway.implementation === "envoy-gateway",
    ),
    backups: datastores.flatMap(({ name, backup }) =>
      backup === undefined || !isOn("backup")
        ? []
        : [
            {
              datastore: name,
              cronJob: backupName(name),
              maxAgeSeconds: maxBackupAgeSeconds(backup.schedule),
            },
          ],
    ),
    argoHere: ARGO_CD_ITSELF.includes(environment.server),
  };
}

/** Time that a run may be late beside its own: the clock is changed by an hour twice a year, and the queue has to move. */
const RUN_SLACK_SECONDS = 3600 + 900;

function schedulesOf({ name, kind, schedules, run }: Service): Scope["schedules"] {
  if (kind !== "CronJob") return [];
  return schedules
    .filter(({ suspend }) => !suspend)
    .map((schedule) => ({
      cronJob: `${name}-${schedule.name}`,
      maxAgeSeconds: longestGapSeconds(schedule.cron) + run.deadlineSeconds + RUN_SLACK_SECONDS,
    }));
}

function isMeasured({ metrics, requestMetrics }: Service): boolean {
  return metrics !== undefined && requestMetrics !== undefined;
}

/** A PromQL expression written over several lines of source: its common indentation goes. */
export function promql(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  const lines = String.raw({ raw: parts }, ...values).split("\n");
  const written = lines.filter((line) => line.trim() !== "");
  const indent = Math.min(...written.map((line) => line.length - line.trimStart().length));
  return written.map((line) => line.slice(indent).trimEnd()).join("\n");
}

/** A regular expression that matches these names and no other. */
export function oneOf(names: readonly string[]): string {
  return [...names].sort().join("|");
}

/** Both forms of an operator's metric: with and without honorLabels its own namespace label is renamed. */
export function honoredOrNot(metric: string, namespace: string, matchers: string): string {
  const more = matchers === "" ? "" : `,${matchers}`;
  return `${metric}{namespace="${namespace}"${more}} or ${metric}{exported_namespace="${namespace}"${more}}`;
}
