// Owns: rules about services and what leads traffic to them.
// Promises: a Service has pods behind it, and every route ends at a Service and port that exist.
// Must not: judge routes to other namespaces, of which the overlay knows nothing.

import type { BuiltObject } from "../built-object.js";
import { asRecord, labelsAt, listAt, recordAt, textAt, valueAt } from "../values.js";
import { type PodSource, portsOf } from "./pod-sources.js";
import { findOne, namesOf } from "./provided.js";
import { about, type Complaint, listNames, type ReferenceRule, type References } from "./reference-rule.js";
import { describeLabels, matchesLabels } from "./selectors.js";

function servicesOf({ objects }: References): BuiltObject[] {
  return objects.filter(
    ({ group, kind, data }) =>
      group === "" && kind === "Service" && textAt(data, "spec", "type") !== "ExternalName",
  );
}

/** Pods behind a Service; undefined where it has no selector, and its endpoints come from elsewhere. */
function podsBehind({ namespace, data }: BuiltObject, { pods }: References): PodSource[] | undefined {
  const selector = labelsAt(data, "spec", "selector");
  if (Object.keys(selector).length === 0) return undefined;
  return pods.filter((pod) => pod.namespace === namespace && matchesLabels(selector, pod.labels));
}

const serviceSelector: ReferenceRule = {
  name: "service-selector",
  find: (references) =>
    servicesOf(references).flatMap((service) => {
      if (podsBehind(service, references)?.length !== 0) return [];
      const selector = describeLabels(labelsAt(service.data, "spec", "selector"));
      return [
        about(
          service,
          "spec.selector",
          `selects no pod of the overlay: ${selector}`,
          "Make it equal to labels of the workload's pod template.",
        ),
      ];
    }),
};

const serviceTargetPort: ReferenceRule = {
  name: "service-target-port",
  find: (references) =>
    servicesOf(references).flatMap((service) => {
      const pods = (podsBehind(service, references) ?? []).filter(({ spec }) => spec !== undefined);
      return listAt(service.data, "spec", "ports").flatMap((port, index) =>
        pods.length === 0 ? [] : checkTargetPort(service, port, index, pods),
      );
    }),
};

function checkTargetPort(
  service: BuiltObject,
  port: unknown,
  index: number,
  pods: readonly PodSource[],
): Complaint[] {
  const target = valueAt(port, "targetPort") ?? valueAt(port, "port");
  const ports = pods.flatMap(portsOf);
  if (ports.some(({ name, number }) => name === target || number === target)) return [];
  const path = `spec.ports[${index}].targetPort`;
  const declared = ports.map(({ name, number }) => `${name ?? "unnamed"} (${String(number)})`);
  if (typeof target === "string")
    return [
      about(
        service,
        path,
        `no container behind it has a port named ${target}`,
        listNames(declared, "container ports"),
      ),
    ];
  // A container may listen on ports that it does not declare.
  return declared.length === 0
    ? []
    : [
        about(
          service,
          path,
          `no container behind it declares port ${String(target)}`,
          listNames(declared, "container ports"),
          "warning",
        ),
      ];
}

interface Backend {
  readonly path: string;
  readonly name: string | undefined;
  readonly namespace: string;
  /** Number or name. */
  readonly port: unknown;
}

function checkBackend(
  object: BuiltObject,
  { path, name, namespace, port }: Backend,
  { provided, namespaces }: References,
): Complaint[] {
  if (name === undefined || !namespaces.has(namespace)) return [];
  const service = findOne(provided, "Service", namespace, name);
  if (service === undefined)
    return [
      about(
        object,
        path,
        `leads to the Service ${name}, which is not there`,
        listNames(namesOf(provided, "Service", namespace), "Services"),
      ),
    ];
  if (port === undefined || service.ports === undefined) return [];
  if (service.ports.some((known) => known.name === port || known.number === port)) return [];
  const ports = service.ports
    .map((known) => `${known.name ?? "unnamed"} (${String(known.number)})`)
    .join(", ");
  return [
    about(
      object,
      path,
      `leads to port ${String(port)} of the Service ${name}, which does not have it`,
      `It has ${ports || "none"}.`,
    ),
  ];
}

function ingressBackends({ namespace, data }: BuiltObject): Backend[] {
  const backend = (value: unknown, path: string): Backend => {
    const port = recordAt(value, "service", "port");
    return { path, name: textAt(value, "service", "name"), namespace, port: port.number ?? port.name };
  };
  const rules = listAt(data, "spec", "rules").flatMap((rule, index) =>
    listAt(rule, "http", "paths").map((path, position) =>
      backend(valueAt(path, "backend"), `spec.rules[${index}].http.paths[${position}].backend`),
    ),
  );
  return [backend(valueAt(data, "spec", "defaultBackend"), "spec.defaultBackend"), ...rules];
}

const ingressBackend: ReferenceRule = {
  name: "ingress-backend",
  find: (references) =>
    references.objects
      .filter(({ group, kind }) => group === "networking.k8s.io" && kind === "Ingress")
      .flatMap((ingress) =>
        ingressBackends(ingress).flatMap((backend) => checkBackend(ingress, backend, references)),
      ),
};

const ROUTES = new Set(["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"]);

function routesOf({ objects }: References): BuiltObject[] {
  return objects.filter(({ group, kind }) => group === "gateway.networking.k8s.io" && ROUTES.has(kind));
}

function routeBackends({ namespace, data }: BuiltObject): Backend[] {
  return listAt(data, "spec", "rules").flatMap((rule, index) => {
    const mirrors = listAt(rule, "filters").map((filter) => valueAt(filter, "requestMirror", "backendRef"));
    const references = [...listAt(rule, "backendRefs"), ...mirrors].map(asRecord);
    const services = references.filter(
      ({ kind, group }) => (kind ?? "Service") === "Service" && (group ?? "") === "",
    );
    return services.map((reference, position) => ({
      path: `spec.rules[${index}].backendRefs[${position}]`,
      name: textAt(reference, "name"),
      namespace: textAt(reference, "namespace") ?? namespace,
      port: reference.port,
    }));
  });
}

const routeBackend: ReferenceRule = {
  name: "route-backend",
  find: (references) =>
    routesOf(references).flatMap((route) =>
      routeBackends(route).flatMap((backend) => checkBackend(route, backend, references)),
    ),
};

/** A Gateway in another namespace is the platform's. */
const routeGateway: ReferenceRule = {
  name: "route-gateway",
  find: (references) =>
    routesOf(references).flatMap((route) =>
      listAt(route.data, "spec", "parentRefs").flatMap((parent, index) =>
        checkParent(route, parent, index, references),
      ),
    ),
};

function checkParent(
  route: BuiltObject,
  parent: unknown,
  index: number,
  { objects, namespaces }: References,
): Complaint[] {
  const kind = textAt(parent, "kind") ?? "Gateway";
  const namespace = textAt(parent, "namespace") ?? route.namespace;
  if (!/^(?:Gateway|X?ListenerSet)$/.test(kind) || !namespaces.has(namespace)) return [];
  const name = textAt(parent, "name");
  const path = `spec.parentRefs[${index}]`;
  const gateway = objects.find(
    (object) => object.kind === kind && object.name === name && object.namespace === namespace,
  );
  if (gateway === undefined)
    return [
      about(
        route,
        path,
        `attaches to the ${kind} ${name}, which is not there`,
        "Name the namespace of the shared Gateway, or add it.",
      ),
    ];
  const section = textAt(parent, "sectionName");
  const listeners = listAt(gateway.data, "spec", "listeners").flatMap(
    (listener) => textAt(listener, "name") ?? [],
  );
  if (section === undefined || listeners.includes(section)) return [];
  return [
    about(
      route,
      path,
      `attaches to the listener ${section}, which ${name} does not have`,
      listNames(listeners, "listeners"),
    ),
  ];
}

const statefulSetService: ReferenceRule = {
  name: "statefulset-service",
  find: ({ objects, provided }) =>
    objects
      .filter(({ group, kind }) => group === "apps" && kind === "StatefulSet")
      .flatMap((object) => {
        const name = textAt(object.data, "spec", "serviceName");
        if (name === undefined || findOne(provided, "Service", object.namespace, name) !== undefined)
          return [];
        const message = `names the Service ${name}, which is not there: its pods get no stable names`;
        return [about(object, "spec.serviceName", message, "Add a headless Service of that name.")];
      }),
};

/** Services that Argo Rollouts switches; it refuses a Rollout without them. */
const ROLLOUT_SERVICES = [
  ["canary", "stableService"],
  ["canary", "canaryService"],
  ["blueGreen", "activeService"],
  ["blueGreen", "previewService"],
] as const;

const rolloutServices: ReferenceRule = {
  name: "rollout-service",
  find: ({ objects, provided }) =>
    objects
      .filter(({ group, kind }) => group === "argoproj.io" && kind === "Rollout")
      .flatMap((object) =>
        ROLLOUT_SERVICES.flatMap(([strategy, field]) => {
          const name = textAt(object.data, "spec", "strategy", strategy, field);
          if (name === undefined || findOne(provided, "Service", object.namespace, name) !== undefined)
            return [];
          return [
            about(
              object,
              `spec.strategy.${strategy}.${field}`,
              `names the Service ${name}, which is not there`,
              listNames(namesOf(provided, "Service", object.namespace), "Services"),
            ),
          ];
        }),
      ),
};

export const serviceRules: readonly ReferenceRule[] = [
  serviceSelector,
  serviceTargetPort,
  ingressBackend,
  routeBackend,
  routeGateway,
  statefulSetService,
  rolloutServices,
];
