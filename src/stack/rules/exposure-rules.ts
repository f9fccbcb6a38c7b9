// Owns: rules about what is exposed: routes that would meet, answers that do not fit together or that the gateway cannot keep.
// Promises: no answer is dropped in silence: what a gateway does otherwise stands in docs/exposure.md, what it cannot do is refused here.
// Must not: know manifests.

import { type Exposed, exposedIn } from "../exposed.js";
import { gatewayPreset } from "../presets/gateways.js";
import type { Service } from "../service.js";
import type { Environment } from "../stack.js";
import type { StackRule } from "./stack-rule.js";

/** What is wrong with one exposure in one environment, and what would be right. */
interface Fault {
  /** Below `expose`. */
  readonly at: readonly string[];
  readonly message: string;
  readonly expected: string;
}
type Fit = (service: Exposed, environment: Environment) => (Fault | false)[];

const isGrpc = ({ type }: Service) => type === "grpc-service";
const withoutSlash = (path: string) => path.replace(/(.)\/$/, "$1");

const routesDiffer: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) => {
    const seen = new Map<string, string>();
    return exposedIn(environment).flatMap(({ name, exposure }) =>
      exposure.hosts.flatMap((host) => {
        const address = `${host}${withoutSlash(exposure.path)}`;
        const route = `${exposure.match} ${address}`;
        const other = seen.get(route);
        seen.set(route, name);
        return other === undefined
          ? []
          : [
              source.problem(
                ["services", name, "expose"],
                `${name} and ${other} are both exposed at ${address} in ${environment.label}`,
                { at: "key", expected: "another host or path" },
              ),
            ];
      }),
    );
  });

/** A GRPCRoute and an HTTPRoute of one listener must not share a host: the gateway accepts only one of them. */
const protocolsPart: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) => {
    const { implementation } = environment.settings.gateway;
    if (!gatewayPreset(implementation).partsProtocols) return [];
    const exposed = exposedIn(environment);
    return exposed.filter(isGrpc).flatMap((grpc) =>
      exposed
        .filter((other) => !isGrpc(other))
        .flatMap((other) => {
          const host = grpc.exposure.hosts.find((one) =>
            other.exposure.hosts.some((two) => hostsMeet(one, two)),
          );
          return host === undefined
            ? []
            : [
                source.problem(
                  ["services", grpc.name, "expose"],
                  `${grpc.name} speaks gRPC and ${other.name} HTTP, and both are exposed at ${host} in ${environment.label}`,
                  { at: "key", expected: "a host of its own: a Gateway takes one kind of route for a host" },
                ),
              ];
        }),
    );
  });

/** In Gateway API "*." stands for one label or several. */
function hostsMeet(one: string, two: string): boolean {
  const covers = (pattern: string, host: string) =>
    pattern.startsWith("*.") && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
  return one === two || covers(one, two) || covers(two, one);
}

const hostsFit: Fit = ({ exposure: { hosts } }) =>
  hosts.map(
    (host) =>
      host.length > 253 && {
        at: [],
        message: `the host ${host.slice(0, 40)}… is longer than 253 characters`,
        expected: "a shorter host or domain",
      },
  );

const corsIsWhole: Fit = ({ name, exposure: { cors } }) => [
  cors?.origins.length === 0 && {
    at: ["cors"],
    message: `cross-origin requests to ${name} come from nowhere`,
    expected: "cors.origins, from all layers together",
  },
  cors?.credentials === true &&
    cors.origins.includes("*") && {
      at: ["cors", "credentials"],
      message: "browsers send no credentials to what every site may call",
      expected: "origins by name, or no credentials",
    },
];

const headersDiffer: Fit = ({ exposure: { headers } }) => {
  const seen = new Map<string, string>();
  return headers.map(({ name }) => {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    return (
      other !== undefined && {
        at: ["headers", name],
        message: `${name} and ${other} are one header`,
        expected: "one of them",
      }
    );
  });
};

const answersAgree: Fit = ({ exposure: { buffering, maxBodyBytes, streaming, match, rewrite } }) => [
  buffering === true &&
    maxBodyBytes === undefined && {
      at: ["buffering"],
      message: "takes in requests of any size",
      expected: "maxBody, such as 10Mi",
    },
  streaming &&
    maxBodyBytes !== undefined && {
      at: ["streaming"],
      message: "a request that has a largest size is taken in whole, and a stream has no end",
      expected: "streaming without maxBody",
    },
  match === "exact" &&
    rewrite !== undefined && {
      at: ["rewrite"],
      message: "there is no prefix to put something in place of",
      expected: "match: prefix",
    },
];

/** Gateway API: at most five digits. */
const timesFit: Fit = ({ exposure }) =>
  (["timeout", "idleTimeout"] as const).map(
    (time) =>
      /^[0-9]{6}/.test(exposure[time] ?? "") && {
        at: [time],
        message: "is a number of more than five digits",
        expected: "a larger unit",
      },
  );

const grpcFits: Fit = (service) =>
  isGrpc(service)
    ? [
        ...service.exposure.httpOnly.map((answer) => ({
          at: [answer],
          message: `${service.name} speaks gRPC, which has no ${answer}`,
          expected: "a web-api or web-frontend, or no such answer",
        })),
        !/^\/([A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*)?$/.test(service.exposure.path) && {
          at: ["path"],
          message: "is not the path of a gRPC service",
          expected: "/package.Service, or / for all of them",
        },
      ]
    : [];

/** Envoy and Traefik know how large a request is when they have taken it in. */
const sizesFit: Fit = ({ exposure: { buffering, maxBodyBytes } }, { settings }) => [
  settings.gateway.implementation !== "ingress-nginx" &&
    buffering === false &&
    maxBodyBytes !== undefined && {
      at: ["buffering"],
      message: `${gatewayPreset(settings.gateway.implementation).title} limits bodies by taking in requests whole`,
      expected: "no maxBody, or buffering: true",
    },
];

/** https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration: strict-validate-path-type, limit-rpm. */
const nginxFits: Fit = ({ type, exposure }, { settings }) => {
  if (settings.gateway.implementation !== "ingress-nginx") return [];
  const { path, rewrite, rateLimit } = exposure;
  const isPlain = type === "grpc-service" || /^\/[A-Za-z0-9_/-]*$/.test(path);
  return [
    !isPlain && {
      at: ["path"],
      message: "NGINX Ingress refuses paths with other characters than letters, digits, - and _",
      expected: "such a path, or another gateway",
    },
    rewrite !== undefined &&
      !/^\/[A-Za-z0-9_.~/:-]*$/.test(rewrite) && {
        at: ["rewrite"],
        message: "NGINX Ingress refuses rewrites with such characters",
        expected: "letters, digits, - and _, or another gateway",
      },
    rateLimit?.unit === "Hour" &&
      rateLimit.requests % 60 !== 0 && {
        at: ["rateLimit"],
        message: "NGINX Ingress counts by the minute, and this is no whole number a minute",
        expected: "a multiple of 60 an hour, or a limit a minute",
      },
  ];
};

const FITS: readonly Fit[] = [
  hostsFit,
  corsIsWhole,
  headersDiffer,
  answersAgree,
  timesFit,
  grpcFits,
  sizesFit,
  nginxFits,
];

const exposuresFit: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    exposedIn(environment).flatMap((service) =>
      FITS.flatMap((faultsOf) => faultsOf(service, environment))
        .filter((fault): fault is Fault => fault !== false)
        .map(({ at, message, expected }) =>
          source.problem(
            ["services", service.name, "expose", ...at],
            `${message} (in ${environment.label})`,
            {
              expected,
            },
          ),
        ),
    ),
  );

export const exposureRules: readonly StackRule[] = [routesDiffer, protocolsPart, exposuresFit];
