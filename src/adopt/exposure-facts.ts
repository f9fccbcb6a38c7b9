// Owns: how services are reached from outside, from Ingresses and routes, and what the gateway does with their requests.
// Promises: what an annotation says in words of the schema; the others are named.
// Must not: choose a gateway; place-facts does.

import type { Port } from "./container-facts.js";
import { nameOfPort } from "./container-facts.js";
import { Fact, type Facts } from "./facts.js";
import type { Manifest } from "./manifest.js";
import { visible } from "./manifest.js";
import type { Report } from "./report.js";
import type { RouteRule, Workload } from "./workloads.js";

/** Domains of a place's hosts: host → the label below the domain that most hosts share. */
export function domainOf(hosts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const host of hosts.filter((one) => one.includes(".") && !one.includes("*"))) {
    const parts = host.split(".");
    const domain = parts.length > 2 ? parts.slice(1).join(".") : host;
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return [...counts].sort(
    ([a, first], [b, second]) =>
      second - first || a.split(".").length - b.split(".").length || (a < b ? -1 : 1),
  )[0]?.[0];
}

export interface ExposureInput {
  readonly workload: Workload;
  readonly ports: readonly Port[];
  readonly domain: string | undefined;
  readonly report: Report;
}

export function exposureFacts({ workload, ports, domain, report }: ExposureInput): Facts | undefined {
  const { routes } = workload;
  const balanced = workload.services.find((one) =>
    ["LoadBalancer", "NodePort"].includes(one.text("spec", "type") ?? ""),
  );
  if (routes.length === 0 && balanced !== undefined && ports.length > 0)
    return {
      host: new Fact(
        balanced.name,
        balanced.origin("spec", "type"),
        `reached by a ${String(balanced.text("spec", "type"))} today; by the gateway, at a host of its own, from now on`,
      ),
    };
  const [first] = routes;
  if (first === undefined || ports.length === 0) return undefined;
  const facts: Facts = {
    ...hostFacts(routes, domain),
    ...pathFacts(first),
    ...annotationFacts(first.route, report),
  };
  const port = nameOfPort(targetOf(first.port, workload), ports);
  if (port !== undefined && port !== ports[0]?.name)
    facts.port = new Fact(port, first.route.origin("spec", "rules"));
  const others = new Set(routes.map(({ path }) => path ?? "/"));
  others.delete(first.path ?? "/");
  if (others.size > 0)
    report.leave(
      `further paths of ${visible(first.route.id)} to ${visible(workload.object.name)}: ${visible([...others].join(", "))}; a service has one`,
      first.route.origin("spec", "rules"),
    );
  return facts;
}

/** The container's port behind a Service's. */
function targetOf(port: string | number | undefined, { services }: Workload): unknown {
  for (const service of services)
    for (const one of service.list("spec", "ports"))
      if (one.port === port || one.name === port) return one.targetPort ?? one.port;
  return port;
}

const HOST = /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function hostFacts(routes: readonly RouteRule[], domain: string | undefined): Facts {
  const hosts = [...new Set(routes.flatMap(({ host }) => host ?? []))].map((host) => shortHost(host, domain));
  const route = routes[0]?.route;
  const own = hosts.find((host) => HOST.test(host));
  const aliases = hosts.filter((host) => host !== own);
  const origin = route?.origin("spec", "rules");
  return {
    ...(own === undefined ? {} : { host: new Fact(own, origin) }),
    ...(aliases.length === 0 ? {} : { aliases: new Fact(aliases, origin) }),
  };
}

/** One label where the environment's domain completes it. */
function shortHost(host: string, domain: string | undefined): string {
  const label =
    domain !== undefined && host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : host;
  return label.includes(".") ? host : label;
}

/** `/api(/|$)(.*)` with rewrite-target /$2 strips the prefix: ingress-nginx' own example. */
function pathFacts({ path, isExact, route }: RouteRule): Facts {
  const origin = route.origin("spec", "rules");
  const plain = (path ?? "/").replace(/\(\/\|\$\)\(\.\*\)$|\/?\(\.\*\)$|\/?\*$/, "").replace(/(.)\/$/, "$1");
  const target = route.annotations["nginx.ingress.kubernetes.io/rewrite-target"];
  const facts: Facts = {};
  if (plain !== "" && plain !== "/") facts.path = new Fact(plain, origin);
  if (isExact) facts.match = new Fact("exact", origin);
  if (target !== undefined && facts.path !== undefined)
    facts.rewrite = new Fact(target.replace(/\$\d+$/, "") || "/", route.origin("metadata", "annotations"));
  return facts;
}

interface AnnotationRule {
  readonly key: string;
  readonly field: string;
  /** undefined where the value says nothing. */
  readonly read: (value: string) => unknown;
}

const whole = (make: (number: number) => unknown) => (value: string) =>
  /^[1-9]\d{0,8}$/.test(value) ? make(Number(value)) : undefined;
const isOn = (value: string) => (value === "true" ? true : undefined);

/** Annotations of ingress-nginx (docs/user-guide/nginx-configuration/annotations). */
const ANNOTATIONS: readonly AnnotationRule[] = [
  { key: "limit-rps", field: "rateLimit", read: whole((number) => `${number}/s`) },
  { key: "limit-rpm", field: "rateLimit", read: whole((number) => `${number}/min`) },
  { key: "proxy-read-timeout", field: "timeout", read: whole((number) => `${number}s`) },
  {
    key: "proxy-body-size",
    field: "maxBody",
    read: (value) =>
      /^[1-9]\d*[kmg]$/i.test(value) ? `${value.slice(0, -1)}${value.slice(-1).toUpperCase()}i` : undefined,
  },
  { key: "affinity", field: "affinity", read: (value) => (value === "cookie" ? "cookie" : undefined) },
  {
    key: "whitelist-source-range",
    field: "allow",
    read: (value) => value.split(",").map((one) => one.trim()),
  },
  {
    key: "allowlist-source-range",
    field: "allow",
    read: (value) => value.split(",").map((one) => one.trim()),
  },
  { key: "enable-cors", field: "cors", read: isOn },
  {
    key: "cors-allow-origin",
    field: "cors.origins",
    read: (value) => value.split(",").map((one) => one.trim()),
  },
  {
    key: "cors-allow-methods",
    field: "cors.methods",
    read: (value) => value.split(",").map((one) => one.trim()),
  },
  {
    key: "cors-allow-headers",
    field: "cors.headers",
    read: (value) => value.split(",").map((one) => one.trim()),
  },
  { key: "cors-allow-credentials", field: "cors.credentials", read: isOn },
];
const NGINX = "nginx.ingress.kubernetes.io/";
/** What the generated routes do by themselves, or say elsewhere. */
const COVERED = [
  "rewrite-target",
  "ssl-redirect",
  "force-ssl-redirect",
  "use-regex",
  "backend-protocol",
  "proxy-send-timeout",
  "proxy-connect-timeout",
  "limit-connections",
];

function annotationFacts(route: Manifest, report: Report): Facts {
  const facts: Facts = {};
  const origin = (key: string) => route.origin("metadata", "annotations", key);
  for (const [key, value] of Object.entries(route.annotations).filter(([name]) => name.startsWith(NGINX))) {
    const name = key.slice(NGINX.length);
    const rule = ANNOTATIONS.find((one) => one.key === name);
    const read = rule?.read(value);
    if (rule === undefined ? COVERED.includes(name) : read !== undefined) {
      if (rule !== undefined && !rule.field.startsWith("cors"))
        facts[rule.field] = new Fact(read, origin(key));
    } else if (rule === undefined)
      report.leave(`annotation ${visible(key)} of ${visible(route.id)}`, origin(key));
  }
  const cors = corsFacts(route);
  return cors === undefined ? facts : { ...facts, cors };
}

function corsFacts(route: Manifest): Facts | undefined {
  if (route.annotations[`${NGINX}enable-cors`] !== "true") return undefined;
  const facts: Facts = {};
  for (const { key, field, read } of ANNOTATIONS.filter((rule) => rule.field.startsWith("cors."))) {
    const value = route.annotations[`${NGINX}${key}`];
    const data = value === undefined ? undefined : read(value);
    if (data !== undefined)
      facts[field.slice("cors.".length)] = new Fact(
        data,
        route.origin("metadata", "annotations", `${NGINX}${key}`),
      );
  }
  if (facts.origins === undefined)
    facts.origins = new Fact(
      ["*"],
      route.origin("metadata", "annotations"),
      "every site, as ingress-nginx has it where nobody says",
    );
  return facts;
}
