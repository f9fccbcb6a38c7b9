// Owns: what a gateway has to say for itself: the objects that carry a route, and those of an environment's edge.
// Promises: one interface for all; a row in implementations.ts makes another gateway known.
// Must not: decide where files lie; exposure.ts does.

import { certificateName } from "../../stack/certificate-home.js";
import type { Exposure, Service } from "../../stack/service.js";
import type { Environment, Stack } from "../../stack/stack.js";
import type { About } from "../capability.js";
import { labelsOf } from "../labels.js";
import type { ObjectIdentity } from "../layered-object.js";

export type Exposed = Service & { readonly exposure: Exposure };

export interface EdgeFile {
  /** Behind the service's name, such as redirect.yaml. */
  readonly fileName: string;
  readonly template: string;
  readonly view: object;
  readonly about: About;
  /** As group/Kind. */
  readonly kinds: readonly string[];
}

/** The object that a service's route is; stands in the base, and as a patch in the environments. */
export interface RouteObject {
  readonly object: ObjectIdentity;
  readonly template: string;
  readonly view: object;
  /** What in it does not differ by environment as such; a patch leaves that out where it agrees with the base. */
  readonly rules: object;
}

/** A field that names hosts or the namespace of a place, which a preview has of its own. */
export interface PlacedField {
  readonly kind: string;
  readonly name: string;
  /** JSON pointer. */
  readonly path: string;
  readonly value: unknown;
}

export interface GatewayImplementation {
  /** The route of a service; without an environment as the base has it, which knows neither hosts nor listeners. */
  readonly route: (stack: Stack, service: Exposed, environment: Environment | undefined) => RouteObject;
  /** What stands beside the route in an environment: redirects, limits. */
  readonly beside: (stack: Stack, service: Exposed, environment: Environment) => readonly EdgeFile[];
  /** The fields of the route, and of what stands beside it, that name the place. */
  readonly placed: (stack: Stack, service: Exposed, environment: Environment) => readonly PlacedField[];
  /** What an environment that exposes anything has once. */
  readonly edge: (stack: Stack, environment: Environment) => readonly EdgeFile[];
}

export function exposedServices(services: readonly Service[]): Exposed[] {
  return services.filter((service): service is Exposed => service.exposure !== undefined);
}

export const isGrpc = ({ type }: Service) => type === "grpc-service";

/** /package.Service → package.Service; undefined for every service behind the port. */
export function grpcServiceOf({ exposure }: Exposed): string | undefined {
  return exposure.path === "/" ? undefined : exposure.path.slice(1);
}

export function hasCertificate({ settings }: Environment): boolean {
  return settings.gateway.https && settings.certManager.mode === "present";
}

/** What every object of a service's edge is told. */
export function edgeView(stack: Stack, { name, component }: Service, environment?: Environment) {
  return {
    name,
    labels: labelsOf(stack, name, component),
    environment: environment?.name,
    secretName: environment && `${certificateName(stack.name, environment.name)}-tls`,
  };
}

/** Whole seconds, as some gateways count; at least one. */
export function wholeSeconds(duration: string): number {
  const factors = { ms: 1e-3, s: 1, m: 60, h: 3600 };
  const [, number, unit] = /^([0-9]+)(ms|s|m|h)$/.exec(duration) ?? [];
  return Math.max(1, Math.ceil(Number(number) * factors[unit as keyof typeof factors]));
}

export function changeOf(service: string): string {
  return `services.${service}.expose and gateway in prod-stack.yaml`;
}
