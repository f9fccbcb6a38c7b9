// Owns: what every container says of itself: image, command, ports, resources, probes, user.
// Promises: only what the schema can say; what it cannot is in the report.
// Must not: know types of services.

import { asRecord, listAt, textAt, type Values } from "../validate/values.js";
import { Fact, type Facts, put } from "./facts.js";
import { parseImage } from "./known-images.js";
import { type Manifest, type Origin, type Step, visible } from "./manifest.js";
import type { Report } from "./report.js";
import { isPublic } from "./variables.js";
import type { Container } from "./workloads.js";

export interface Port {
  readonly name: string;
  readonly number: number;
  readonly origin: Origin;
}

/** A container with where it stands. */
export interface Placed {
  readonly container: Container;
  readonly object: Manifest;
  readonly report: Report;
}

const at = ({ object, container }: Placed, ...path: readonly Step[]) =>
  object.origin(...container.path, ...path);

const MOVING = /^(?:latest|stable|main|master|dev|edge|nightly)$/;

/** The image, with the tag that seeds the first release, unless it moves. */
export function imageFact(placed: Placed): Fact {
  const { repository, tag, digest } = parseImage(placed.container.image);
  const origin = at(placed, "image");
  if (tag === undefined && digest === undefined)
    return new Fact(repository, origin, "no tag is said here: the first release has to say one");
  if (tag !== undefined && MOVING.test(tag))
    return new Fact(
      repository,
      origin,
      `the tag ${tag} moves, and was left out: the first release has to say one`,
    );
  const whole = `${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
  return new Fact(whole, origin);
}

/** Command and arguments, unless a secret may be in them. */
export function commandFacts(placed: Placed): Facts {
  const facts: Facts = {};
  for (const field of ["command", "args"] as const) {
    const words = listAt(placed.container.data, field).map(String);
    if (words.length === 0) continue;
    const origin = at(placed, field);
    if (isPublic(words.join(" "))) facts[field] = new Fact(words, origin);
    else
      placed.report.warn(
        `${field} of ${visible(placed.object.id)} holds what looks like a secret: it was not copied; give it as a variable from a secret`,
        origin,
      );
  }
  return facts;
}

const PORT_NAME = /^(?!.*--)[a-z]([-a-z0-9]{0,13}[a-z0-9])?$/;
const USUAL_NAMES: Readonly<Record<number, string>> = { 9090: "metrics", 50051: "grpc", 9901: "admin" };

/** Ports that the container declares, named; those of its Services where it declares none. */
export function portsOf(placed: Placed, services: readonly Manifest[]): readonly Port[] {
  const declared = listAt(placed.container.data, "ports").map(asRecord);
  const foreign = declared.find(({ protocol }) => protocol !== undefined && protocol !== "TCP");
  if (foreign !== undefined)
    placed.report.leave(
      `port ${String(foreign.containerPort)} of ${visible(placed.object.id)}: ${visible(String(foreign.protocol))} is not covered`,
      at(placed, "ports"),
    );
  const own = declared
    .filter(({ protocol }) => protocol === undefined || protocol === "TCP")
    .map((port, index) => ({
      number: port.containerPort,
      name: textAt(port, "name") ?? nameInServices(port.containerPort, services),
      origin: at(
        placed,
        "ports",
        textAt(port, "name") === undefined ? index : { name: textAt(port, "name") ?? "" },
      ),
    }));
  const ofServices = services.flatMap((service) =>
    service.list("spec", "ports").map((port) => ({
      number: typeof port.targetPort === "number" ? port.targetPort : port.port,
      name: textAt(port, "name"),
      origin: service.origin("spec", "ports"),
    })),
  );
  return named(own.length > 0 ? own : ofServices);
}

function nameInServices(number: unknown, services: readonly Manifest[]): string | undefined {
  const ports = services.flatMap((service) => service.list("spec", "ports"));
  return textAt(
    ports.find(({ port, targetPort }) => (targetPort ?? port) === number),
    "name",
  );
}

interface RawPort {
  readonly number: unknown;
  readonly name: string | undefined;
  readonly origin: Origin;
}

function named(ports: readonly RawPort[]): Port[] {
  const result: Port[] = [];
  for (const { number, name, origin } of ports) {
    if (typeof number !== "number" || !Number.isInteger(number) || number < 1 || number > 65535) continue;
    if (result.some((one) => one.number === number)) continue;
    const wanted = name !== undefined && PORT_NAME.test(name) ? name : (USUAL_NAMES[number] ?? "http");
    const isTaken = result.some((one) => one.name === wanted);
    result.push({ number, name: isTaken ? `port-${number}` : wanted, origin });
  }
  return result;
}

export function portFacts(ports: readonly Port[]): Facts {
  return Object.fromEntries(ports.map(({ name, number, origin }) => [name, new Fact(number, origin)]));
}

const AMOUNTS = ["cpu", "memory", "ephemeral-storage"] as const;
const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;

/** Requests and limits; a limit alone is the request as well, as Kubernetes has it. */
export function resourceFacts(placed: Placed): Facts {
  const facts: Facts = {};
  const resources = asRecord(placed.container.data.resources);
  const amount = (kind: "requests" | "limits", what: string) => {
    const value = asRecord(resources[kind])[what];
    return QUANTITY.test(String(value ?? "")) ? String(value) : undefined;
  };
  for (const what of AMOUNTS) {
    const request = amount("requests", what);
    const limit = amount("limits", what);
    if (limit !== undefined)
      put(facts, ["limits", what], new Fact(limit, at(placed, "resources", "limits", what)));
    if (request !== undefined)
      put(facts, ["requests", what], new Fact(request, at(placed, "resources", "requests", what)));
    else if (limit !== undefined)
      put(
        facts,
        ["requests", what],
        new Fact(
          limit,
          at(placed, "resources", "limits", what),
          "only a limit is said here, which Kubernetes takes for the request",
        ),
      );
    if (request !== undefined && limit === undefined && isLarge(what, request))
      put(
        facts,
        ["limits", what],
        new Fact(
          request,
          at(placed, "resources", "requests", what),
          "no limit is said here; it is the request, until somebody measures",
        ),
      );
  }
  return facts;
}

/** Beyond the smallest limits of the presets, which would be below it. */
function isLarge(what: (typeof AMOUNTS)[number], request: string): boolean {
  const [, number = "0", unit = ""] = /^([0-9.]+)(.*)$/.exec(request) ?? [];
  const factors: Readonly<Record<string, number>> = {
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
  };
  const value = Number(number) * (factors[unit] ?? 1);
  return what === "cpu" ? value > 0.5 : value > 512 * 2 ** 20;
}

const PROBES = { startup: "startupProbe", readiness: "readinessProbe", liveness: "livenessProbe" } as const;

/**
 * Probes as they are; where there is none, and the runtime's own would ask for a path that the service may not have, one that connects.
 * @param asksPaths the runtime's probes ask for paths
 */
export function probeFacts(placed: Placed, ports: readonly Port[], asksPaths: boolean): Facts {
  const facts: Facts = {};
  const missing = Object.values(PROBES).filter((field) => placed.container.data[field] === undefined);
  const note = `no ${missing.length === 3 ? "probe" : missing.join(", no ")} here: connects to the port; a path is better`;
  for (const [name, field] of Object.entries(PROBES)) {
    const probe = placed.container.data[field];
    if (probe !== undefined && probe !== null) {
      const own = probeFact(placed, field, asRecord(probe), ports, asksPaths);
      if (Object.keys(own).length > 0) facts[name] = own;
    } else if (asksPaths && ports.length > 0)
      put(facts, [name, "path"], new Fact(null, at(placed), field === missing[0] ? note : undefined));
  }
  return facts;
}

function probeFact(
  placed: Placed,
  field: string,
  probe: Values,
  ports: readonly Port[],
  asksPaths: boolean,
): Facts {
  const facts: Facts = {};
  const http = asRecord(probe.httpGet);
  const origin = at(placed, field);
  const exec = listAt(probe, "exec", "command").map(String);
  const path = textAt(http, "path");
  if (path !== undefined) facts.path = new Fact(path, at(placed, field, "httpGet", "path"));
  else if (exec.length > 0 && isPublic(exec.join(" "))) facts.exec = new Fact(exec, origin);
  else if (asksPaths && probe.grpc === undefined) facts.path = new Fact(null, origin);
  const port = nameOfPort(http.port ?? asRecord(probe.tcpSocket).port ?? asRecord(probe.grpc).port, ports);
  if (port !== undefined && exec.length === 0 && port !== ports[0]?.name) facts.port = new Fact(port, origin);
  const seconds = (key: string) =>
    typeof probe[key] === "number" && Number(probe[key]) > 0 ? `${String(probe[key])}s` : undefined;
  const period = seconds("periodSeconds");
  const timeout = seconds("timeoutSeconds");
  if (period !== undefined) facts.period = new Fact(period, at(placed, field, "periodSeconds"));
  if (timeout !== undefined) facts.timeout = new Fact(timeout, at(placed, field, "timeoutSeconds"));
  if (typeof probe.failureThreshold === "number" && probe.failureThreshold > 0)
    facts.failures = new Fact(probe.failureThreshold, at(placed, field, "failureThreshold"));
  return facts;
}

/** The name that a port has here, from its number or its name in the manifest. */
export function nameOfPort(port: unknown, ports: readonly Port[]): string | undefined {
  return ports.find(({ name, number }) => number === port || name === port)?.name;
}

/** User and group, where somebody says them; root cannot be carried over. */
export function userFacts(placed: Placed, pod: Values): Facts {
  const own = asRecord(placed.container.data.securityContext);
  const around = asRecord(pod.securityContext);
  const facts: Facts = {};
  const user = own.runAsUser ?? around.runAsUser;
  const group = own.runAsGroup ?? around.runAsGroup;
  const origin =
    own.runAsUser === undefined ? placed.object.origin() : at(placed, "securityContext", "runAsUser");
  if (typeof user === "number" && user > 0) facts.user = new Fact(user, origin);
  if (typeof group === "number" && group > 0) facts.group = new Fact(group, origin);
  if (user === 0)
    placed.report.warn(
      `${visible(placed.object.id)} runs as root, which Pod Security "restricted" forbids: its image must run as another user`,
      origin,
    );
  if (own.privileged === true)
    placed.report.warn(
      `${visible(placed.object.id)} is privileged, which Pod Security forbids`,
      at(placed, "securityContext"),
    );
  return facts;
}
