// Owns: where alerts go and which of them keep quiet while a greater one speaks.
// Promises: both Alertmanager flavours read the same tables.
// Must not: hold addresses; receivers name the secret in which one lives.

import type { SecretRef } from "./container.js";
import type { Environment } from "./stack.js";

export type Severity = "page" | "ticket";

export interface Receiver {
  readonly severity: Severity;
  readonly webhook: SecretRef;
  /** Time after which an alert that still fires is sent again. */
  readonly repeat: string;
}

const REPEAT: Readonly<Record<Severity, string>> = { page: "4h", ticket: "24h" };

/** Receivers of an environment; alerts of a severity without one are left to the platform's own route. */
export function receiversOf({ settings }: Environment): Receiver[] {
  const given = settings.monitoring.receivers;
  return (["page", "ticket"] as const).flatMap((severity) => {
    const receiver = given?.[severity];
    return receiver === undefined ? [] : [{ severity, webhook: receiver.webhook, repeat: REPEAT[severity] }];
  });
}

export interface Inhibition {
  readonly reason: string;
  /** Regular expressions over alert names. */
  readonly source: string;
  readonly target: string;
  /** Labels in which both must agree. */
  readonly equal: readonly string[];
}

export const INHIBITIONS: readonly Inhibition[] = [
  {
    reason: "A service that is down also fails, is slow and burns its budget: one page is enough.",
    source: "ServiceDown",
    target: "ServiceErrorRatioHigh|ServiceLatencyHigh|ServiceScrapeFailing|ErrorBudgetBurn.*",
    equal: ["namespace", "service"],
  },
  {
    reason: "The error ratio has paged already; the burn rates say the same, later.",
    source: "ServiceErrorRatioHigh",
    target: "ErrorBudgetBurn.*",
    equal: ["namespace", "service"],
  },
  {
    reason: "The fastest burn speaks for the slower ones.",
    source: "ErrorBudgetBurn14x",
    target: "ErrorBudgetBurn(6|3|1)x",
    equal: ["namespace", "service"],
  },
  {
    reason: "A datastore that is down has no other news.",
    source: "DatastoreDown",
    target: "Redis.*|DatastoreScrapeFailing",
    equal: ["namespace", "service"],
  },
  {
    reason: "Almost full includes filling up.",
    source: "VolumeAlmostFull",
    target: "VolumeFillingUp",
    equal: ["namespace", "persistentvolumeclaim"],
  },
  {
    reason: "The page on three days speaks for the ticket on fourteen.",
    source: "CertificateExpiring",
    target: "CertificateExpiringSoon",
    equal: ["namespace", "instance"],
  },
  {
    reason: "Why a backup is old is known then.",
    source: "BackupJobMissing|BackupSuspended|BackupFailed",
    target: "BackupStale",
    equal: ["namespace", "cronjob"],
  },
];
