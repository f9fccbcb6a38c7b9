// Owns: rules about names that a layer's null took away although something still refers to them.
// Promises: runs on merged values, before anything is derived from them, so that derivations may rely on every name.
// Must not: repeat src/spec/rules, which looks at what is declared.

import type { SpecDocument } from "../../spec/spec-document.js";
import type { Problem } from "../../stack-error.js";
import type { EffectiveService, EffectiveSpec } from "../effective.js";
import { portsOf } from "../named-port.js";
import { type PlaceName, pathOf } from "../stack-layers.js";
import { unwholeParts } from "./check-parts.js";

/** Every dangling name of one environment. */
export function checkReferences(effective: EffectiveSpec, place: PlaceName, source: SpecDocument): Problem[] {
  const { name: environment } = place;
  return Object.entries(effective.services).flatMap(([name, service]) => {
    const problem = (path: readonly string[], message: string, expected: string) =>
      source.problem([...pathOf(place), "services", name, ...path], message, { expected });
    return [
      ...danglingUses(name, service, effective).map(({ target, message }) =>
        problem(["uses", target], `${message} in ${environment}`, `uses: { ${target}: null } there too`),
      ),
      ...danglingPorts(service).map(({ path, message }) =>
        problem(path, `${message} in ${environment}`, `one of the ports of ${name} there`),
      ),
      ...unwholeParts(name, service).map(({ path, message, expected }) =>
        problem(path, `${message} in ${environment}`, expected),
      ),
      ...danglingSecrets(service, effective).map(({ path, variable, secret }) =>
        problem(
          path,
          `${variable} refers to secret ${secret}, which is not there in ${environment}`,
          `env: { ${variable}: null } there too`,
        ),
      ),
    ];
  });
}

function danglingUses(
  name: string,
  { uses }: EffectiveService,
  { services, datastores, externals }: EffectiveSpec,
): { target: string; message: string }[] {
  return Object.entries(uses ?? {}).flatMap(([target, { port }]) => {
    if (datastores[target] !== undefined || externals[target] !== undefined) return [];
    const used = services[target];
    if (used === undefined) return [{ target, message: `${name} uses ${target}, which is not there` }];
    const ports = portsOf(used).map((candidate) => candidate.name);
    if (ports.length === 0) return [{ target, message: `${name} uses ${target}, which has no port` }];
    return port === undefined || ports.includes(port)
      ? []
      : [{ target, message: `${name} uses port ${port} of ${target}, which has no such port` }];
  });
}

function danglingPorts(service: EffectiveService): { path: readonly string[]; message: string }[] {
  const { ports, expose, metrics, probes, containers } = service;
  const known = portsOf(service).map(({ name }) => name);
  const named: [readonly string[], string | undefined][] = [
    [["expose", "port"], expose?.port],
    [["metrics", "port"], metrics?.port],
  ];
  const asked = [
    ...probePorts([], ports, probes),
    ...Object.entries(containers ?? {}).flatMap(([name, container]) =>
      probePorts(["containers", name], container.ports, container.probes),
    ),
  ];
  const dangling = named.flatMap(([path, port]) =>
    port === undefined || known.includes(port) ? [] : [{ path, message: `there is no port "${port}"` }],
  );
  return expose !== undefined && known.length === 0
    ? [...dangling, ...asked, { path: ["expose"], message: "what is exposed has no port" }]
    : [...dangling, ...asked];
}

/** A probe asks a port of its own container. */
function probePorts(
  place: readonly string[],
  ports: EffectiveService["ports"],
  probes: EffectiveService["probes"],
): { path: readonly string[]; message: string }[] {
  return Object.entries(probes ?? {}).flatMap(([which, probe]) =>
    probe?.port === undefined || Object.hasOwn(ports ?? {}, probe.port)
      ? []
      : [{ path: [...place, "probes", which, "port"], message: `there is no port "${probe.port}"` }],
  );
}

function danglingSecrets(
  { env, containers, volumes, storageSecret }: EffectiveService,
  { secrets }: EffectiveSpec,
): { path: readonly string[]; variable: string; secret: string }[] {
  const all: [readonly string[], NonNullable<EffectiveService["env"]>][] = [
    [["env"], env ?? {}],
    ...Object.entries(containers ?? {}).map(
      ([name, container]): [readonly string[], NonNullable<EffectiveService["env"]>] => [
        ["containers", name, "env"],
        container.env ?? {},
      ],
    ),
  ];
  const wanted = [
    ...all.flatMap(([path, variables]) =>
      Object.entries(variables).flatMap(([variable, value]) =>
        typeof value === "string" ? [] : [{ path: [...path, variable], variable, secret: value.secret }],
      ),
    ),
    ...Object.entries(volumes ?? {}).flatMap(([name, { secret }]) =>
      secret === undefined ? [] : [{ path: ["volumes", name], variable: `volume ${name}`, secret }],
    ),
    ...(storageSecret === undefined
      ? []
      : [{ path: ["storageSecret"], variable: "storageSecret", secret: storageSecret }]),
  ];
  return wanted.filter(({ secret }) => secrets[secret] === undefined);
}
