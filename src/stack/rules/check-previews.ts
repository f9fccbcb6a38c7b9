// Owns: rules that keep production's secrets, data and rights out of previews, and previews' names within their bounds.
// Promises: compares resolved values, so that no layer can bring in what another left out.
// Must not: change the stack.

import type { SpecDocument } from "../../spec/spec-document.js";
import type { Problem } from "../../stack-error.js";
import { NUMBER_LENGTH, PREVIEW_NUMBER, type PreviewRepository, type Previews } from "../previews.js";
import type { Environment, Stack } from "../stack.js";

interface Comparison {
  readonly previews: Previews;
  readonly production: readonly Environment[];
  readonly stack: Stack;
  readonly source: SpecDocument;
}

type PreviewRule = (comparison: Comparison) => Problem[];

const storesDiffer: PreviewRule = ({ previews, production, source }) =>
  previews.place.secrets.flatMap(({ name, store, path }) => {
    const taken = production.flatMap(({ secrets }) => secrets);
    const sameStore = taken.some((secret) => secret.store === store);
    const samePath = taken.some((secret) => secret.path === path);
    if (!sameStore && !samePath) return [];
    const what = sameStore ? `the store ${store}` : `the path ${path}`;
    return [
      source.problem(
        ["previews", "secrets", name],
        `previews would read secret ${name} from ${what} of production`,
        {
          at: "key",
          expected: sameStore
            ? `previews.secrets.${name}.store, or previews.secretStore.name: a store of their own`
            : `previews.secrets.${name}.path: a path of their own`,
        },
      ),
    ];
  });

const dataDiffers: PreviewRule = ({ previews, production, source }) => {
  const hosts = production.flatMap(({ datastores }) =>
    datastores.flatMap(({ mode, host }) => (mode === "external" ? [host] : [])),
  );
  return previews.place.datastores
    .filter(({ mode, host }) => mode === "external" && hosts.includes(host))
    .map(({ name, host }) =>
      source.problem(
        ["previews", "datastores", name],
        `previews would use ${name} at ${host}, which production uses`,
        {
          at: "key",
          expected: `previews.datastores.${name}.host, or mode: statefulset`,
        },
      ),
    );
};

const rightsDiffer: PreviewRule = ({ previews, production, source }) => {
  const taken = production.flatMap(({ services }) =>
    services.flatMap(({ identity }) => identity?.value ?? []),
  );
  return previews.place.services
    .filter(({ identity }) => identity !== undefined && taken.includes(identity.value))
    .map(({ name }) =>
      source.problem(
        ["previews", "services", name, "identity"],
        `previews of ${name} would have production's rights in the cloud`,
        {
          expected: "an identity of their own, or none",
        },
      ),
    );
};

const nothingIsSaved: PreviewRule = ({ previews: { place }, source }) =>
  place.settings.backup.store === undefined
    ? []
    : [
        source.problem(["previews", "backup"], "previews have no backups: their data ends with them", {
          expected: "no backup here",
        }),
      ];

const trafficIsDenied: PreviewRule = ({ previews: { place }, stack, source }) => [
  ...(place.settings.network.policies
    ? []
    : [
        source.problem(
          ["previews", "network", "policies"],
          "previews run what nobody has reviewed, so that all traffic but the declared is denied",
          {
            expected: "true",
          },
        ),
      ]),
  ...(stack.disabled.includes("network-policy")
    ? [
        source.problem(["capabilities", "network-policy"], "previews need network policies", {
          expected: "true, or no previews",
        }),
      ]
    : []),
];

const gatewayIsShared: PreviewRule = ({ previews: { place }, source }) => {
  const { mode } = place.settings.gateway;
  const isExposed = place.services.some(({ exposure }) => exposure !== undefined);
  return mode === "shared" || !isExposed
    ? []
    : [
        source.problem(
          ["previews", "gateway", "mode"],
          "each preview would bring a load balancer and a certificate",
          {
            expected: "shared: one Gateway with a wildcard certificate for all of them",
          },
        ),
      ];
};

/** The mesh's rules name service accounts with their namespace, and each preview has another one. */
const meshIsNone: PreviewRule = ({ previews: { place }, source }) =>
  place.settings.network.mtls === "off"
    ? []
    : [
        source.problem(["previews", "network", "mtls"], "previews are in no mesh", {
          expected: "off",
        }),
      ];

/** An address with the namespace in it would be that of no preview. */
const nothingScalesOnEvents: PreviewRule = ({ previews: { place }, source }) =>
  place.services
    .filter(({ scaling }) => (scaling?.triggers.length ?? 0) > 0)
    .map(({ name }) =>
      source.problem(["previews", "services", name, "scaling"], `previews of ${name} would scale on events`, {
        expected: "replicas, or cpu and memory",
      }),
    );

/** Seconds: nothing looks more often than hourly whether a preview is past its time. */
const LEAST_LIFETIME = 3600;

const lifetimeIsLong: PreviewRule = ({ previews: { lifetimeSeconds }, source }) =>
  lifetimeSeconds >= LEAST_LIFETIME
    ? []
    : [
        source.problem(["previews", "lifetime"], "previews would end before they are looked at", {
          expected: "1h or more",
        }),
      ];

const namesFit: PreviewRule = ({ previews, stack, source }) => {
  const digits = "9".repeat(NUMBER_LENGTH);
  return previews.repositories.flatMap((repository) => {
    const path = ["previews", "repositories", repository.name];
    const numbered = `${stack.name}-${repository.name}-pr-${digits}`;
    const hosts = previews.place.services.flatMap(({ exposure }) => exposure?.hosts ?? []);
    const labels = hosts.map((host) =>
      (host.split(".")[0] ?? "").replace(PREVIEW_NUMBER, `${repository.name}-pr-${digits}`),
    );
    return [numbered, ...labels]
      .filter((label) => label.length > 63)
      .slice(0, 1)
      .map((label) =>
        source.problem(path, `"${label}" would be longer than the 63 characters of a name`, {
          at: "key",
          expected: "a shorter name of the repository",
        }),
      );
  });
};

const imagesAreKnown: PreviewRule = ({ previews, source }) => {
  const unbuilt = ({ services, images }: PreviewRepository) => services.length > 0 && images.length === 0;
  return previews.repositories.filter(unbuilt).map(({ name }) =>
    source.problem(
      ["previews", "repositories", name, "services"],
      "none of these services has an image in previews",
      {
        expected: "services with an image",
      },
    ),
  );
};

const RULES: readonly PreviewRule[] = [
  storesDiffer,
  dataDiffers,
  rightsDiffer,
  nothingIsSaved,
  trafficIsDenied,
  gatewayIsShared,
  meshIsNone,
  nothingScalesOnEvents,
  lifetimeIsLong,
  namesFit,
  imagesAreKnown,
];

export function checkPreviews(stack: Stack, source: SpecDocument): Problem[] {
  const { previews, environments } = stack;
  if (previews === undefined) return [];
  const production = environments.filter(({ tier }) => tier === "production");
  return RULES.flatMap((rule) => rule({ previews, production, stack, source }));
}
