// Owns: ways to make a valid spec wrong at a known place.
// Promises: each breakage says where the parser must find it.
// Must not: know the parser.

import fc from "fast-check";
import type { Data } from "./arbitrary-service.js";

export interface Breakage {
  readonly what: string;
  /** Changes a deep copy of a valid spec in place; returns the path of the mistake. */
  readonly act: (spec: Data) => readonly string[];
}

const first = (map: unknown): string => Object.keys(map as Data)[0] ?? "";
const service = (spec: Data): Data => (spec.services as Record<string, Data>)[first(spec.services)] ?? {};
const environment = (spec: Data): Data =>
  (spec.environments as Record<string, Data>)[first(spec.environments)] ?? {};

function inService(what: string, key: string, value: unknown, ...below: string[]): Breakage {
  return {
    what,
    act: (spec) => {
      service(spec)[key] = value;
      return ["services", first(spec.services), key, ...below];
    },
  };
}

export const BREAKAGES: readonly Breakage[] = [
  inService("a type that is none", "type", "website"),
  inService("an image that is none", "image", "not an image"),
  inService("replicas below one", "replicas", 0),
  inService("a port out of range", "ports", { http: 70000 }, "http"),
  inService("a use of nobody", "uses", { "nobody-at-all": {} }, "nobody-at-all"),
  inService("a use of itself by another name", "uses", 7),
  inService("an unknown key", "imagePolicy", "x"),
  inService("a number as a variable", "env", { N: 1 }, "N"),
  inService("a credential", "env", { N: `ghp_${"a1".repeat(20)}` }, "N"),
  inService("a secret that is not declared", "env", { N: { secret: "nowhere", key: "k" } }, "N", "secret"),
  inService("a list as a command", "command", "run"),
  inService("root", "user", 0),
  inService("a wrong duration", "shutdown", { grace: "soon" }, "grace"),
  inService(
    "a probe of a port that is not there",
    "probes",
    { startup: { port: "nowhere" } },
    "startup",
    "port",
  ),
  inService("an upside-down range", "scaling", { min: 5, max: 2, cpu: 50 }, "min"),
  {
    what: "a tier that is none",
    act: (spec) => {
      environment(spec).tier = "testing";
      return ["environments", first(spec.environments), "tier"];
    },
  },
  {
    what: "a promotion from nowhere",
    act: (spec) => {
      environment(spec).promotesFrom = "nowhere";
      return ["environments", first(spec.environments), "promotesFrom"];
    },
  },
  {
    what: "an override of nothing",
    act: (spec) => {
      environment(spec).services = { "nobody-at-all": { replicas: 1 } };
      return ["environments", first(spec.environments), "services", "nobody-at-all"];
    },
  },
  {
    what: "no name",
    act: (spec) => {
      delete spec.name;
      return [];
    },
  },
  {
    what: "a schedule that is none",
    act: (spec) => {
      spec.backup = { schedule: "61 * * * *" };
      return ["backup", "schedule"];
    },
  },
];

export const breakage: fc.Arbitrary<Breakage> = fc.constantFrom(...BREAKAGES);
