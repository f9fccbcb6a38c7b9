// Owns: rules about names that must exist somewhere else in the spec.
// Promises: an unknown name is reported with the nearest known one.
// Must not: check the form of names; the schema does.

import type { Problem } from "../../stack-error.js";
import type { StackSpec } from "../schema/spec-types.js";
import { didYouMean, oneOf } from "../schema-errors.js";
import type { Path, SpecDocument } from "../spec-document.js";
import type { SpecRule } from "./check-rules.js";
import {
  declaredPorts,
  environmentsOf,
  isService,
  layersOf,
  type ServiceFields,
  serviceNames,
  servicesOf,
} from "./layers.js";

const MAPS = ["services", "datastores", "externals", "secrets"] as const;

function unknownName(
  source: SpecDocument,
  path: Path,
  kind: string,
  name: string,
  known: readonly string[],
  at: "key" | "value",
): Problem {
  const expected = known.length === 0 ? `a declared ${kind}; there is none` : oneOf(known);
  const shown = name.length > 53 ? "…" : name;
  return source.problem(path, `no ${kind} is called "${shown}"`, {
    at,
    expected,
    suggestion: didYouMean(name, known),
  });
}

/** Everything that a service may use, by name. */
function targetsOf(spec: StackSpec, path: Path): string[] {
  // What the stack itself uses must be there everywhere; an environment may use what only environments have.
  const services = path.length === 2 ? Object.keys(spec.services) : serviceNames(spec);
  return [...services, ...[spec.datastores, spec.externals].flatMap((map) => Object.keys(map ?? {}))];
}

const usesExist: SpecRule = (spec, source) => {
  const ofStack = targetsOf(spec, ["services", ""]);
  const ofLayers = targetsOf(spec, []);
  const known = { ofStack: new Set(ofStack), ofLayers: new Set(ofLayers) };
  return servicesOf(spec).flatMap(({ path, name, value }) => {
    const isStack = path.length === 2;
    const targets = isStack ? ofStack : ofLayers;
    return Object.keys(value.uses ?? {}).flatMap((target) => {
      const place = [...path, "uses", target];
      if (target === name) return [source.problem(place, "a service cannot use itself", { at: "key" })];
      return known[isStack ? "ofStack" : "ofLayers"].has(target)
        ? []
        : [unknownName(source, place, "service, datastore or external", target, targets, "key")];
    });
  });
};

/** A layer may declare a service of its own; src/spec/rules/workload-rules.ts asks for its image. */
function isDeclaration(map: (typeof MAPS)[number], item: object): boolean {
  return map === "services" && "type" in item;
}

const overridesExist: SpecRule = (spec, source) =>
  layersOf(spec)
    .slice(1)
    .flatMap(({ path, value }) =>
      MAPS.flatMap((map) => {
        const known = Object.keys(spec[map] ?? {});
        return Object.entries(value[map] ?? {})
          .filter(([name, item]) => !known.includes(name) && !isDeclaration(map, item))
          .map(([name]) => name)
          .map((name) => unknownName(source, [...path, map, name], map.slice(0, -1), name, known, "key"));
      }),
    );

const portsExist: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, name, value }) => {
    const ports = declaredPorts(spec, name);
    const named: [Path, string | undefined][] = [
      [["expose", "port"], value.expose?.port],
      [["metrics", "port"], value.metrics?.port],
      ...(["startup", "readiness", "liveness"] as const).map((probe): [Path, string | undefined] => [
        ["probes", probe, "port"],
        value.probes?.[probe]?.port,
      ]),
    ];
    return named.flatMap(([place, port]) =>
      port === undefined || ports.includes(port)
        ? []
        : [unknownName(source, [...path, ...place], "port", port, ports, "value")],
    );
  });

const usedPortsExist: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, value }) =>
    Object.entries(value.uses ?? {}).flatMap(([target, { port }]) => {
      if (port === undefined || !isService(spec, target)) return [];
      const ports = declaredPorts(spec, target);
      return ports.includes(port)
        ? []
        : [unknownName(source, [...path, "uses", target, "port"], "port", port, ports, "value")];
    }),
  );

type CheckSecret = (path: Path, name: string | undefined, key: string | undefined, field?: string) => void;

/** Every secret that a service names: in variables of all its containers, as volumes, as credentials. */
function serviceSecrets(path: Path, value: ServiceFields, check: CheckSecret): void {
  for (const [place, env] of environmentsOf(value))
    for (const [variable, item] of Object.entries(env))
      if (typeof item !== "string") check([...path, ...place, variable], item.secret, item.key);
  for (const [volume, { secret }] of Object.entries(value.volumes ?? {}))
    check([...path, "volumes", volume], secret, undefined);
  check(path, value.storageSecret, undefined, "storageSecret");
}

const secretsExist: SpecRule = (spec, source) => {
  const problems: Problem[] = [];
  const check: CheckSecret = (path, name, key, field = "secret") => {
    if (name === undefined) return;
    const secret = spec.secrets?.[name];
    if (secret === undefined)
      problems.push(
        unknownName(source, [...path, field], "secret", name, Object.keys(spec.secrets ?? {}), "value"),
      );
    else if (key !== undefined && secret.keys.length > 0 && !secret.keys.includes(key))
      problems.push(
        unknownName(source, [...path, "key"], `key of secret ${name}`, key, secret.keys, "value"),
      );
  };
  for (const { path, value } of servicesOf(spec)) serviceSecrets(path, value, check);
  for (const { path, value } of layersOf(spec)) {
    for (const [name, { password }] of Object.entries(value.datastores ?? {}))
      check([...path, "datastores", name, "password"], password?.secret, password?.key);
    for (const [severity, receiver] of Object.entries(value.monitoring?.receivers ?? {}))
      check(
        [...path, "monitoring", "receivers", severity, "webhook"],
        receiver.webhook.secret,
        receiver.webhook.key,
      );
  }
  return problems;
};

/** Services, datastores and externals share one space of names: `uses` names them all, and so do object names. */
const namesDiffer: SpecRule = (spec, source) => {
  const seen = new Map<string, string>();
  return (["services", "datastores", "externals"] as const).flatMap((map) =>
    Object.keys(spec[map] ?? {}).flatMap((name) => {
      const other = seen.get(name);
      seen.set(name, map);
      return other === undefined
        ? []
        : [source.problem([map, name], `"${name}" is also the name of one of the ${other}`, { at: "key" })];
    }),
  );
};

export const referenceRules: readonly SpecRule[] = [
  usesExist,
  overridesExist,
  portsExist,
  usedPortsExist,
  secretsExist,
  namesDiffer,
];
