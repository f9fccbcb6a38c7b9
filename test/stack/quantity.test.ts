// Owns: arithmetic with quantities and durations.
// Promises: exact for what the schema takes; what is formatted parses to no less than the amount.
// Must not: know who calculates.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytes, cpu, formatBytes, formatCpu, goDuration, seconds } from "../../src/stack/quantity.js";
import { fuzzOptions } from "../spec/fuzz-options.js";

describe("CPU in millicores", () => {
  test.each<[string | number, number]>([
    ["100m", 100],
    ["1", 1000],
    [2, 2000],
    [0.1, 100],
    ["0.25", 250],
    ["1.5", 1500],
    ["1k", 1e6],
    ["0", 0],
    [1e-7, 0],
  ])("%s is %d", (quantity, millicores) => expect(cpu(quantity)).toBe(millicores));
});

describe("memory in bytes", () => {
  test.each<[string | number, number]>([
    ["1Ki", 1024],
    ["128Mi", 2 ** 27],
    ["1Gi", 2 ** 30],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["2Ti", 2 ** 41],
    ["1k", 1000],
    ["5M", 5e6],
    ["1G", 1e9],
    ["1T", 1e12],
    [1024, 1024],
    ["1024", 1024],
    ["0.5Ki", 512],
    ["500m", 1],
    [1e21, 1e21],
  ])("%s is %d", (quantity, amount) => expect(bytes(quantity)).toBe(amount));
});

test("what is formatted is no less than the amount, and less than a mebibyte more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), fc.nat(1e6), (amount, millicores) => {
      expect(bytes(formatBytes(amount)) - amount).toBeGreaterThanOrEqual(0);
      expect(bytes(formatBytes(amount)) - amount).toBeLessThan(2 ** 20);
      expect(cpu(formatCpu(millicores))).toBe(millicores);
    }),
    fuzzOptions(5),
  );
});

test.each<[string, number]>([
  ["500ms", 0.5],
  ["30s", 30],
  ["5m", 300],
  ["1h", 3600],
  ["30d", 2592000],
  ["2w", 1209600],
])("%s lasts %d seconds", (duration, length) => expect(seconds(duration)).toBe(length));

test.each([
  ["1d", "24h"],
  ["2w", "336h"],
  ["90s", "90s"],
  ["1h", "1h"],
  ["10ms", "10ms"],
])("%s is %s in Go", (duration, go) => {
  expect(goDuration(duration)).toBe(go);
});
