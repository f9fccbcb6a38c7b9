// Owns: rules about names that a layer's null took away although something still refers to them.
// Promises: runs on merged values, before anything is derived from them, so that derivations may rely on every name.
// Must not: repeat src/spec/rules, which looks at what is declared.

import type { SpecDocument } from "../../spec/spec-document.js";
import type { Problem } from "../../stack-error.js";
import type { EffectiveService, EffectiveSpec } from "../effective.js";
import { type PlaceName, pathOf } from "../stack-layers.js";

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
      ...danglingSecrets(service, effective).map(({ variable, secret }) =>
        problem(
          ["env", variable],
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
    const ports = Object.keys(used.ports ?? {});
    if (ports.length === 0) return [{ target, message: `${name} uses ${target}, which has no port` }];
    return port === undefined || ports.includes(port)
      ? []
      : [{ target, message: `${name} uses port ${port} of ${target}, which has no such port` }];
  });
}

function danglingPorts({ ports, expose, metrics, probes }: EffectiveService): {
  path: readonly string[];
  message: string;
}[] {
  const known = Object.keys(ports ?? {});
  const named: [readonly string[], string | undefined][] = [
    [["expose", "port"], expose?.port],
    [["metrics", "port"], metrics?.port],
    ...Object.entries(probes ?? {}).map(([which, probe]): [readonly string[], string | undefined] => [
      ["probes", which, "port"],
      probe?.port,
    ]),
  ];
  const dangling = named.flatMap(([path, port]) =>
    port === undefined || known.includes(port) ? [] : [{ path, message: `there is no port "${port}"` }],
  );
  return expose !== undefined && known.length === 0
    ? [...dangling, { path: ["expose"], message: "what is exposed has no port" }]
    : dangling;
}

function danglingSecrets(
  { env }: EffectiveService,
  { secrets }: EffectiveSpec,
): { variable: string; secret: string }[] {
  return Object.entries(env ?? {}).flatMap(([variable, value]) =>
    typeof value === "string" || secrets[value.secret] !== undefined
      ? []
      : [{ variable, secret: value.secret }],
  );
}
