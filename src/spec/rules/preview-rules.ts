// Owns: rules about previews: where they run, and whose pull requests they follow.
// Promises: a pull request never gets an environment in a cluster of production.
// Must not: look at resolved values; src/stack/rules does.

import type { StackSpec } from "../schema/spec-types.js";
import { didYouMean, oneOf } from "../schema-errors.js";
import type { SpecRule } from "./check-rules.js";
import { serviceNames } from "./layers.js";

/** Where Argo CD itself runs, by both of its names. */
const IN_CLUSTER = "https://kubernetes.default.svc";

function clusterOf({ name, server }: { readonly name?: string; readonly server?: string }): string {
  return name === undefined || name === "in-cluster" ? (server ?? IN_CLUSTER) : name;
}

/** The clusters that environments of the production tier run in, with the environment. */
function productionClusters({ environments }: StackSpec): Map<string, string> {
  const production = Object.entries(environments).filter(([, { tier }]) => tier === "production");
  return new Map(
    production.flatMap(([name, { clusters, server }]) =>
      Object.values(clusters ?? { only: server === undefined ? {} : { server } }).map(
        (cluster): [string, string] => [clusterOf(cluster), name],
      ),
    ),
  );
}

const clusterIsNotProduction: SpecRule = (spec, source) => {
  const { previews } = spec;
  if (previews === undefined) return [];
  const { name, server } = previews;
  if ((name === undefined) === (server === undefined))
    return [
      source.problem(
        ["previews"],
        name === undefined
          ? "nothing says in which cluster previews run"
          : "says twice in which cluster previews run",
        { at: "key", expected: "name (as Argo CD knows the cluster) or server (its address), one of them" },
      ),
    ];
  const other = productionClusters(spec).get(clusterOf(previews));
  return other === undefined
    ? []
    : [
        source.problem(
          ["previews", name === undefined ? "server" : "name"],
          `previews would run in the cluster of ${other}, whose tier is production`,
          { expected: "another cluster: what a pull request brings must not run beside production" },
        ),
      ];
};

const repositoriesAreOne: SpecRule = ({ previews }, source) =>
  Object.entries(previews?.repositories ?? {}).flatMap(([name, { github, gitlab }]) =>
    (github === undefined) === (gitlab === undefined)
      ? [
          source.problem(
            ["previews", "repositories", name],
            github === undefined
              ? "nothing says where this repository is"
              : "says twice where this repository is",
            { expected: "github or gitlab, one of them" },
          ),
        ]
      : [],
  );

const builtServicesExist: SpecRule = (spec, source) =>
  Object.entries(spec.previews?.repositories ?? {}).flatMap(([name, { services }]) =>
    services.flatMap((service, index) => {
      const known = serviceNames(spec);
      if (known.includes(service)) return [];
      const path = ["previews", "repositories", name, "services", String(index)];
      return [
        source.problem(path, `no service is called "${service.slice(0, 53)}"`, {
          expected: oneOf(known),
          suggestion: didYouMean(service, [...known]),
        }),
      ];
    }),
  );

export const previewRules: readonly SpecRule[] = [
  clusterIsNotProduction,
  repositoriesAreOne,
  builtServicesExist,
];
