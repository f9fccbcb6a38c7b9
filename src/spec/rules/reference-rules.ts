// Owns: rules about names that must exist somewhere else in the spec.
// Promises: an unknown name is reported with the nearest known one.
// Must not: check the form of names; the schema does.

import type { Problem } from "../../stack-error.js";
import type { StackSpec } from "../schema/spec-types.js";
import { didYouMean, oneOf } from "../schema-errors.js";
import type { Path, SpecDocument } from "../spec-document.js";
import type { SpecRule } from "./check-rules.js";
import { layersOf, servicesOf } from "./layers.js";

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
function targetsOf(spec: StackSpec): string[] {
  return [spec.services, spec.datastores, spec.externals].flatMap((map) => Object.keys(map ?? {}));
}

const usesExist: SpecRule = (spec, source) => {
  const targets = targetsOf(spec);
  return servicesOf(spec).flatMap(({ path, name, value }) =>
    Object.keys(value.uses ?? {}).flatMap((target) => {
      const place = [...path, "uses", target];
      if (target === name) return [source.problem(place, "a service cannot use itself", { at: "key" })];
      return targets.includes(target)
        ? []
        : [unknownName(source, place, "service, datastore or external", target, targets, "key")];
    }),
  );
};

const overridesExist: SpecRule = (spec, source) =>
  layersOf(spec)
    .slice(1)
    .flatMap(({ path, value }) =>
      MAPS.flatMap((map) => {
        const known = Object.keys(spec[map] ?? {});
        return Object.keys(value[map] ?? {})
          .filter((name) => !known.includes(name))
          .map((name) => unknownName(source, [...path, map, name], map.slice(0, -1), name, known, "key"));
      }),
    );

const portsExist: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, name, value }) => {
    const ports = Object.keys({ ...spec.services[name]?.ports, ...value.ports });
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
      const service = spec.services[target];
      if (port === undefined || service === undefined) return [];
      const ports = Object.keys(service.ports ?? {});
      return ports.includes(port)
        ? []
        : [unknownName(source, [...path, "uses", target, "port"], "port", port, ports, "value")];
    }),
  );

const secretsExist: SpecRule = (spec, source) => {
  const problems: Problem[] = [];
  const check = (path: Path, name: string | undefined, key: string | undefined) => {
    if (name === undefined) return;
    const secret = spec.secrets?.[name];
    if (secret === undefined)
      problems.push(
        unknownName(source, [...path, "secret"], "secret", name, Object.keys(spec.secrets ?? {}), "value"),
      );
    else if (key !== undefined && secret.keys.length > 0 && !secret.keys.includes(key))
      problems.push(
        unknownName(source, [...path, "key"], `key of secret ${name}`, key, secret.keys, "value"),
      );
  };
  for (const { path, value } of servicesOf(spec)) {
    for (const [variable, item] of Object.entries(value.env ?? {})) {
      if (typeof item !== "string") check([...path, "env", variable], item.secret, item.key);
    }
  }
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
