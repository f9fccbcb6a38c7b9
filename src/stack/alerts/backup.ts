// Owns: alerts about backups.
// Promises: a backup that is old, failed, switched off or not there at all is told, and never one that is merely running.
// Must not: know how backups are made.

import { type AlertGroup, oneOf, promql, type Scope } from "./scope.js";
import { kubeStateIsKnown } from "./services.js";

export function backupAlerts({ backups, inNamespace }: Scope): AlertGroup {
  if (backups.length === 0) return { name: "backup", alerts: [] };
  const names = oneOf(backups.map(({ cronJob }) => cronJob));
  const wanted = `backup:max_age_seconds:objective{${inNamespace}}`;
  return {
    name: "backup",
    alerts: [
      {
        name: "BackupStale",
        severity: "ticket",
        for: "5m",
        // Without any success the age counts from the creation of the CronJob.
        expr: promql`
          time() - (
            max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{${inNamespace},cronjob=~"${names}"})
            or
            max by (namespace, cronjob) (kube_cronjob_created{${inNamespace},cronjob=~"${names}"})
          )
          > on (namespace, cronjob) ${wanted}`,
        summary: "The newest backup by {{ $labels.cronjob }} is too old",
        description:
          "{{ $labels.cronjob }} last succeeded {{ $value | humanizeDuration }} ago. What was written since would be lost.",
      },
      {
        name: "BackupJobMissing",
        severity: "ticket",
        for: "15m",
        expr: promql`
          ${wanted}
          unless on (namespace, cronjob) kube_cronjob_info{${inNamespace}}
          and ${kubeStateIsKnown(inNamespace)}`,
        summary: "There is no CronJob {{ $labels.cronjob }}",
        description: "The CronJob {{ $labels.cronjob }} is not in the namespace: nothing is backed up.",
      },
      {
        name: "BackupSuspended",
        severity: "ticket",
        for: "1h",
        expr: `max by (namespace, cronjob) (kube_cronjob_spec_suspend{${inNamespace},cronjob=~"${names}"}) == 1`,
        summary: "{{ $labels.cronjob }} is suspended",
        description: "{{ $labels.cronjob }} has been suspended for an hour: nothing is backed up.",
      },
      {
        name: "BackupFailed",
        severity: "ticket",
        for: undefined,
        // A failed Job is kept for diagnosis; the alert ends with the next backup that succeeds.
        expr: promql`
          max by (namespace, cronjob) (
            label_replace(
              kube_job_created{${inNamespace},job_name=~"(${names})-.*"}
              and on (namespace, job_name) kube_job_failed{${inNamespace},condition="true"} == 1,
              "cronjob", "$1", "job_name", "(${names})-.*"
            )
          )
          > on (namespace, cronjob) (
            max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{${inNamespace}})
            or
            max by (namespace, cronjob) (kube_cronjob_created{${inNamespace}})
          )`,
        summary: "The last run of {{ $labels.cronjob }} failed",
        description: "A job of {{ $labels.cronjob }} failed, and none has succeeded since.",
      },
    ],
  };
}
