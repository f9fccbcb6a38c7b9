// Owns: arithmetic with Kubernetes quantities and durations.
// Promises: exact for every value that the schema takes; millicores for CPU, bytes for memory and storage.
// Must not: format for people.

import type { Amounts } from "./container.js";

const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
const SECONDS: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

function parse(quantity: string | number): number {
  // A bare number may be so small or large that JavaScript writes it with an exponent.
  const match = /^([0-9.]+(?:e[+-]?[0-9]+)?)([A-Za-z]*)$/.exec(String(quantity));
  return Number(match?.[1]) * (FACTORS[match?.[2] ?? ""] ?? Number.NaN);
}

/** Millicores. */
export function cpu(quantity: string | number): number {
  return Math.round(parse(quantity) * 1000);
}

/** Bytes. */
export function bytes(quantity: string | number): number {
  return Math.ceil(parse(quantity));
}

export function formatCpu(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/** The largest binary unit that divides the amount; at least mebibytes. */
export function formatBytes(amount: number): string {
  const mebibytes = Math.ceil(amount / 2 ** 20);
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** The same duration in Go's words, which know no days and weeks: Gateway API and External Secrets read those. */
export function goDuration(duration: string): string {
  return /[dw]$/.test(duration) ? `${seconds(duration) / 3600}h` : duration;
}

/** Seconds of a duration such as 5m. */
export function seconds(duration: string): number {
  const match = /^([0-9]+)(ms|s|m|h|d|w)$/.exec(duration);
  return Number(match?.[1]) * (SECONDS[match?.[2] ?? ""] ?? Number.NaN);
}

/** Which requests are larger than their limits. */
export function exceeds(requests: Amounts, limits: Amounts): string[] {
  const checks: [string, boolean][] = [
    ["cpu", cpu(requests.cpu) > cpu(limits.cpu)],
    ["memory", bytes(requests.memory) > bytes(limits.memory)],
    ["ephemeral-storage", bytes(requests.ephemeralStorage) > bytes(limits.ephemeralStorage)],
  ];
  return checks.filter(([, isOver]) => isOver).map(([what]) => what);
}
