// Owns: the workloads of a place, each with everything that is about it: Services, routes, autoscalers, budgets, monitors.
// Promises: by selectors and references, as Kubernetes itself finds them.
// Must not: decide what a workload becomes in a stack.

import { asRecord, labelsAt, textAt, type Values } from "../validate/values.js";
import type { Manifest, Step } from "./manifest.js";
import type { Place } from "./places.js";

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly data: Values;
  /** Of the list that it is in: containers or initContainers. */
  readonly path: readonly Step[];
}

export interface RouteRule {
  readonly host: string | undefined;
  readonly path: string | undefined;
  readonly isExact: boolean;
  readonly port: string | number | undefined;
  /** The Ingress or HTTPRoute. */
  readonly route: Manifest;
}

export interface Workload {
  readonly object: Manifest;
  /** Path of the pod's spec in the object. */
  readonly podPath: readonly string[];
  readonly pod: Values;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly podLabels: Readonly<Record<string, string>>;
  /** The first container. */
  readonly main: Container;
  readonly sidecars: readonly Container[];
  readonly inits: readonly Container[];
  readonly services: readonly Manifest[];
  readonly routes: readonly RouteRule[];
  readonly autoscaler: Manifest | undefined;
  readonly budget: Manifest | undefined;
  readonly monitors: readonly Manifest[];
}

const POD_PATHS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

export function workloadsOf({ objects }: Place): readonly Workload[] {
  return objects.flatMap((object) => workloadOf(object, objects) ?? []);
}

function workloadOf(object: Manifest, objects: readonly Manifest[]): Workload | undefined {
  const template = POD_PATHS[object.kind];
  if (template === undefined) return undefined;
  const podPath = [...template, "spec"];
  const [main, ...sidecars] = containersAt(object, [...podPath, "containers"]);
  if (main === undefined) return undefined;
  const podLabels = labelsAt(object.data, ...template, "metadata", "labels");
  const services = objects.filter(
    ({ kind, data }) => kind === "Service" && selects(labelsAt(data, "spec", "selector"), podLabels),
  );
  const inits = containersAt(object, [...podPath, "initContainers"]);
  const isSidecar = ({ data }: Container) => data.restartPolicy === "Always";
  return {
    object,
    podPath,
    pod: object.record(...podPath),
    podAnnotations: labelsAt(object.data, ...template, "metadata", "annotations"),
    podLabels,
    main,
    sidecars: [...sidecars, ...inits.filter(isSidecar)],
    inits: inits.filter((one) => !isSidecar(one)),
    services,
    routes: services.flatMap((service) => rulesTo(service.name, objects)),
    autoscaler: objects.find((one) => isAutoscalerOf(one, object)),
    budget: objects.find(
      (one) =>
        one.kind === "PodDisruptionBudget" &&
        selects(labelsAt(one.data, "spec", "selector", "matchLabels"), podLabels),
    ),
    monitors: objects.filter((one) => isMonitorOf(one, services, podLabels)),
  };
}

function containersAt(object: Manifest, path: readonly string[]): Container[] {
  return object.list(...path).flatMap((data, index) => {
    const name = textAt(data, "name");
    const image = textAt(data, "image");
    return image === undefined
      ? []
      : [{ name: name ?? "", image, data, path: [...path, name === undefined ? index : { name }] }];
  });
}

/** An empty selector selects nothing here: it is written for pods of other makers. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function isAutoscalerOf(one: Manifest, object: Manifest): boolean {
  const target = one.record("spec", "scaleTargetRef");
  return one.kind === "HorizontalPodAutoscaler" && target.kind === object.kind && target.name === object.name;
}

function isMonitorOf(
  { kind, data }: Manifest,
  services: readonly Manifest[],
  podLabels: Readonly<Record<string, string>>,
): boolean {
  const selector = labelsAt(data, "spec", "selector", "matchLabels");
  if (kind === "ServiceMonitor") return services.some(({ labels }) => selects(selector, labels));
  return kind === "PodMonitor" && selects(selector, podLabels);
}

/** Every rule of an Ingress or a Gateway API route that leads to a Service. */
function rulesTo(service: string, objects: readonly Manifest[]): RouteRule[] {
  return objects.flatMap((route) => {
    if (route.kind === "Ingress") return ingressRules(route, service);
    return route.kind === "HTTPRoute" || route.kind === "GRPCRoute" ? gatewayRules(route, service) : [];
  });
}

function ingressRules(route: Manifest, service: string): RouteRule[] {
  const ruled = route.list("spec", "rules").flatMap((rule) => {
    const paths = asRecord(rule.http).paths;
    return (Array.isArray(paths) ? paths : []).map(asRecord).flatMap((path) => {
      const backend = backendOf(asRecord(path.backend));
      if (backend.service !== service) return [];
      return [
        {
          host: textAt(rule, "host"),
          path: textAt(path, "path"),
          isExact: path.pathType === "Exact",
          port: backend.port,
          route,
        },
      ];
    });
  });
  const fallback = backendOf(route.record("spec", "defaultBackend"));
  return fallback.service === service
    ? [...ruled, { host: undefined, path: undefined, isExact: false, port: fallback.port, route }]
    : ruled;
}

/** networking.k8s.io/v1, and v1beta1 as old repositories have it. */
function backendOf(backend: Values): { service: string | undefined; port: string | number | undefined } {
  const service = asRecord(backend.service);
  const port = asRecord(service.port);
  const asPort = (value: unknown) =>
    typeof value === "string" || typeof value === "number" ? value : undefined;
  return {
    service: textAt(service, "name") ?? textAt(backend, "serviceName"),
    port: asPort(port.number ?? port.name ?? backend.servicePort),
  };
}

function gatewayRules(route: Manifest, service: string): RouteRule[] {
  const hostnames = route.at("spec", "hostnames");
  const hosts = Array.isArray(hostnames) && hostnames.length > 0 ? hostnames.map(String) : [undefined];
  return route.list("spec", "rules").flatMap((rule) => {
    const backends = Array.isArray(rule.backendRefs) ? rule.backendRefs.map(asRecord) : [];
    const backend = backends.find(({ name }) => name === service);
    if (backend === undefined) return [];
    const matches = Array.isArray(rule.matches) && rule.matches.length > 0 ? rule.matches : [{}];
    return hosts.flatMap((host) =>
      matches.map((match) => {
        const path = asRecord(asRecord(match).path);
        return {
          host,
          path: textAt(path, "value"),
          isExact: path.type === "Exact",
          port: typeof backend.port === "number" ? backend.port : undefined,
          route,
        };
      }),
    );
  });
}
