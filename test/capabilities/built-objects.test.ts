// Owns: what holds of every object of every built overlay, whatever the stack.
// Promises: judged after the real Kustomize, on stacks of every kind; a warning of it is a failure.
// Must not: know single templates.

import { beforeAll, describe, expect, test } from "vitest";
import type { Environment } from "../../src/stack/stack.js";
import { buildStacks, type KubernetesObject, ofKind, overlayOf, podOf } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { BuiltOverlays, nameOf } from "./built-overlays.js";
import * as judge from "./pod-security.js";

let overlays: BuiltOverlays;
beforeAll(async () => {
  overlays = new BuiltOverlays(await buildStacks(SAMPLE_STACKS));
});

const faults: BuiltOverlays["faults"] = (find) => overlays.faults(find);
const eachPod: BuiltOverlays["podFaults"] = (find) => overlays.podFaults(find);

/** Hosts of a route of any kind, sorted. */
function hostsOf({ kind, spec }: KubernetesObject): string[] {
  if (kind === "Ingress") return spec.rules.map(({ host }: KubernetesObject) => host).sort();
  if (kind !== "IngressRoute") return [...spec.hostnames].sort();
  const rules = spec.routes.map(({ match }: KubernetesObject) => match).join(" ");
  const exact = [...rules.matchAll(/Host\(`([^`]+)`\)/g)].map(([, host]) => host);
  const below = [...rules.matchAll(/HostRegexp\(`\^\.\+\\([^`]+)\$`\)/g)].map(
    ([, host]) => `*${host.replaceAll("\\", "")}`,
  );
  return [...exact, ...below].sort();
}

function portOf({ kind, spec }: KubernetesObject): number {
  if (kind === "Ingress") return spec.rules[0].http.paths[0].backend.service.port.number;
  if (kind === "IngressRoute") return spec.routes[0].services[0].port;
  return spec.rules[0].backendRefs[0].port;
}

/** Containers into which the token of the service account is mounted. */
function withToken({ spec }: KubernetesObject): string[] {
  const tokens: string[] = (spec.volumes ?? [])
    .filter(({ projected }: KubernetesObject) =>
      projected?.sources.some((source: object) => "serviceAccountToken" in source),
    )
    .map(({ name }: KubernetesObject) => name);
  return [...(spec.initContainers ?? []), ...spec.containers]
    .filter(({ volumeMounts = [] }) =>
      volumeMounts.some(({ name }: KubernetesObject) => tokens.includes(name)),
    )
    .map(({ name }) => name);
}

/** Nothing mounts it by itself, and the process that calls the API has it. */
function tokenFaults(object: KubernetesObject, pod: KubernetesObject, wanted: boolean): string[] {
  const owners = withToken(pod).join();
  return [
    ...(pod.spec.automountServiceAccountToken === false ? [] : [`${nameOf(object)}: automounts`]),
    ...(owners === (wanted ? object.metadata.name : "") ? [] : [`${nameOf(object)}: token of ${owners}`]),
  ];
}

describe("every object", () => {
  test("has the recommended labels and the one of its environment", () => {
    const labels = ["name", "instance", "component", "part-of", "managed-by"].map(
      (label) => `app.kubernetes.io/${label}`,
    );
    expect(
      faults(({ objects }) =>
        objects.flatMap((object) =>
          [...labels, "environment"]
            .filter((label) => typeof object.metadata.labels?.[label] !== "string")
            .map((label) => `${nameOf(object)} has no ${label}`),
        ),
      ),
    ).toEqual([]);
  });

  test("has labels and names that the API server takes", () => {
    const value = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
    expect(
      faults(({ objects }) =>
        objects.flatMap((object) => [
          ...Object.entries<string>(object.metadata.labels ?? {})
            .filter(([, text]) => text.length > 63 || !value.test(text))
            .map(([label, text]) => `${nameOf(object)}: ${label}=${text}`),
          ...(object.metadata.name.length > (object.kind === "CronJob" ? 52 : 63) &&
          object.kind !== "ConfigMap"
            ? [`${nameOf(object)} is too long`]
            : []),
        ]),
      ),
    ).toEqual([]);
  });

  test("stands once, in its environment's namespace", () => {
    expect(
      faults(({ objects, environment }) => {
        const names = objects.map((object) => `${object.apiVersion} ${nameOf(object)}`);
        return [
          ...names.filter((name, index) => names.indexOf(name) !== index),
          ...objects
            .filter(
              ({ metadata }) =>
                metadata.namespace !== environment.namespace &&
                metadata.namespace !== environment.settings.monitoring.namespace,
            )
            .map((object) => `${nameOf(object)} is in ${object.metadata.namespace}`),
        ];
      }),
    ).toEqual([]);
  });

  test("is of a kind that the AppProject allows, and the project allows nothing else", () => {
    for (const [name, built] of overlays.stacks) {
      const project = built.objects.get("bootstrap/argocd")?.find(({ kind }) => kind === "AppProject");
      const allowed = project.spec.namespaceResourceWhitelist.map(
        ({ group, kind }: KubernetesObject) => `${group}/${kind}`,
      );
      const groupOf = ({ apiVersion }: KubernetesObject) =>
        apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
      const used = built.stack.environments.flatMap((environment) =>
        overlayOf(built, environment.label).map((object) => `${groupOf(object)}/${object.kind}`),
      );
      expect([name, [...new Set(used)].sort()]).toEqual([name, [...allowed].sort()]);
    }
  });
});

describe("every pod", () => {
  test("passes Pod Security restricted", () => {
    expect(eachPod((pod) => judge.restrictedFaults(pod))).toEqual([]);
  });

  test("has requests and limits in every container, scratch space included", () => {
    expect(eachPod((pod) => judge.resourceFaults(pod))).toEqual([]);
  });

  test("mounts its volumes, each once", () => {
    expect(eachPod((pod, object) => judge.volumeFaults(pod, object.spec.volumeClaimTemplates))).toEqual([]);
  });

  test("refers to ConfigMaps and Secrets that are there", () => {
    expect(
      faults(({ objects }) => {
        const there = {
          ConfigMap: ofKind(objects, "ConfigMap").map(({ metadata }) => metadata.name),
          Secret: [
            ...ofKind(objects, "ExternalSecret").map(({ spec }) => spec.target.name),
            // Strimzi makes these.
            ...ofKind(objects, "KafkaUser").map(({ metadata }) => metadata.name),
            ...ofKind(objects, "Kafka").map(({ metadata }) => `${metadata.name}-cluster-ca-cert`),
          ],
        };
        return objects.flatMap((object) =>
          judge.danglingReferences(podOf(object), there).map((fault) => `${nameOf(object)}: ${fault}`),
        );
      }),
    ).toEqual([]);
  });

  test("has an identity of its own, and a token only where it calls the API", () => {
    expect(
      faults(({ objects, environment }) => {
        const accounts = ofKind(objects, "ServiceAccount").map(({ metadata }) => metadata.name);
        return objects.flatMap((object) => {
          const pod = podOf(object);
          if (pod === undefined) return [];
          const service = environment.services.find(({ name }) => name === object.metadata.name);
          return [
            ...(accounts.includes(pod.spec.serviceAccountName)
              ? []
              : [`${nameOf(object)}: no ServiceAccount`]),
            ...tokenFaults(object, pod, service?.apiAccess ?? false),
          ];
        });
      }),
    ).toEqual([]);
  });

  test("of a service has the probes and the image that the stack says, in every environment", () => {
    expect(
      faults(({ objects, environment }) =>
        environment.services.flatMap(({ name, kind, probes, image }) => {
          // KServe chooses image and probes itself.
          if (kind === "InferenceService") return [];
          const workload = ofKind(objects, kind).find(
            ({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === name,
          );
          const [container] = (workload && podOf(workload))?.spec.containers ?? [];
          if (container === undefined) return [`no ${kind} ${name}`];
          return [
            ...(["startup", "readiness", "liveness"] as const)
              .filter((which) => (probes[which] === undefined) !== (container[`${which}Probe`] === undefined))
              .map((which) => `${name}: ${which}Probe`),
            ...(container.image.startsWith(`${image?.repository}${image?.digest === undefined ? ":" : "@"}`)
              ? []
              : [container.image]),
          ];
        }),
      ),
    ).toEqual([]);
  });
});

/** Datastores whose servers the stack runs itself here. */
function ownOf({ datastores }: Environment) {
  return datastores.filter(({ server }) => server !== undefined);
}

describe("workloads", () => {
  test("have either replicas or an autoscaler", () => {
    expect(
      faults(({ objects }) => {
        const scaled = ["HorizontalPodAutoscaler", "ScaledObject"]
          .flatMap((kind) => ofKind(objects, kind))
          .map(({ spec }) => spec.scaleTargetRef.name);
        return ofKind(objects, "Deployment")
          .filter(({ metadata, spec }) => (spec.replicas === undefined) !== scaled.includes(metadata.name))
          .map(nameOf);
      }),
    ).toEqual([]);
  });

  test("of datastores have Guaranteed quality of service", () => {
    expect(
      eachPod((pod, { metadata }) =>
        metadata.labels?.["app.kubernetes.io/component"] === "datastore" && !judge.isGuaranteed(pod)
          ? ["is not Guaranteed"]
          : [],
      ),
    ).toEqual([]);
  });

  test("keep the claims of stores only", () => {
    expect(
      faults(({ objects, environment }) =>
        ownOf(environment).flatMap(({ name, role, storage }) => {
          const { spec } =
            ofKind(objects, "StatefulSet").find(({ metadata }) => metadata.name === name) ?? {};
          const claims = spec?.volumeClaimTemplates ?? [];
          if (role === "cache") return claims.length === 0 ? [] : [`${name} is a cache with a claim`];
          return claims.length === 1 && claims[0].spec.resources.requests.storage === storage
            ? []
            : [`${name}: claim`];
        }),
      ),
    ).toEqual([]);
  });

  test("restart on a rotated secret exactly where Reloader runs", () => {
    expect(
      faults(({ objects, environment }) =>
        ofKind(objects, "Deployment", "StatefulSet")
          .filter(
            ({ metadata }) =>
              (metadata.annotations?.["reloader.stakater.com/auto"] === "true") !==
              (environment.settings.reloader === "present"),
          )
          .map(nameOf),
      ),
    ).toEqual([]);
  });

  test("have a disruption budget that never blocks a drain, and no budget is without pods", () => {
    expect(
      faults(({ objects, environment }) => {
        const budgets = ofKind(objects, "PodDisruptionBudget");
        const running = environment.services.filter(({ kind }) => kind !== "CronJob" && kind !== "Job");
        const names = [...running, ...ownOf(environment)].map(({ name }) => name);
        return [
          ...budgets
            .filter(
              ({ spec }) =>
                ![1, "50%"].includes(spec.maxUnavailable) ||
                spec.unhealthyPodEvictionPolicy !== "AlwaysAllow",
            )
            .map(nameOf),
          ...(JSON.stringify(budgets.map(({ metadata }) => metadata.name).sort()) ===
          JSON.stringify(names.sort())
            ? []
            : [`budgets of ${budgets.map(({ metadata }) => metadata.name)}, workloads ${names}`]),
        ];
      }),
    ).toEqual([]);
  });
});

describe("an environment", () => {
  test("has a route for exactly what it exposes", () => {
    expect(
      faults(({ objects, environment, stack }) => {
        const routes = ofKind(objects, "HTTPRoute", "GRPCRoute", "IngressRoute", "Ingress")
          .filter(({ metadata }) => !metadata.name.endsWith("-redirect"))
          .map((object) => `${object.metadata.name} ${hostsOf(object)} ${portOf(object)}`);
        const exposed = stack.disabled.includes("exposure")
          ? []
          : environment.services.flatMap(({ name, exposure }) =>
              exposure === undefined ? [] : [`${name} ${[...exposure.hosts].sort()} ${exposure.port.number}`],
            );
        return JSON.stringify(routes.sort()) === JSON.stringify(exposed.sort())
          ? []
          : [`${routes} is not ${exposed}`];
      }),
    ).toEqual([]);
  });

  test("has the Services of what is there, with its own ports", () => {
    expect(
      faults(({ objects, environment }) => {
        const found = ofKind(objects, "Service").map(
          ({ metadata, spec }) => `${metadata.name} ${spec.ports.map(({ port }: KubernetesObject) => port)}`,
        );
        const expected = [
          ...environment.services
            .filter(({ ports }) => ports.length > 0)
            .flatMap(({ name, ports, kind }) => [
              `${name} ${ports.map(({ number }) => number)}`,
              ...(kind === "StatefulSet" ? [`${name}-headless ${ports.map(({ number }) => number)}`] : []),
            ]),
          ...ownOf(environment).flatMap(({ name, port, metrics }) => [
            `${name} ${port.number},${metrics?.port}`,
            `${name}-headless ${port.number}`,
          ]),
        ];
        return JSON.stringify(found.sort()) === JSON.stringify(expected.sort())
          ? []
          : [`${found} is not ${expected}`];
      }),
    ).toEqual([]);
  });

  test("has every secret with every key that is used", () => {
    expect(
      faults(({ objects, environment }) =>
        environment.secrets
          .filter(({ name, keys }) => {
            const secret = ofKind(objects, "ExternalSecret").find(({ metadata }) => metadata.name === name);
            return (
              secret?.spec.data.map(({ secretKey }: KubernetesObject) => secretKey).join() !== keys.join()
            );
          })
          .map(({ name }) => `secret ${name}`),
      ),
    ).toEqual([]);
  });

  test("has settings that arrive as the stack says", () => {
    expect(
      faults(({ objects, environment }) =>
        environment.services.flatMap(({ name, config }) => {
          const maps = ofKind(objects, "ConfigMap").filter(
            ({ metadata }) => metadata.name.replace(/-[a-z0-9]{10}$/, "") === `${name}-config`,
          );
          const expected = Object.fromEntries(config.map((variable) => [variable.name, variable.value]));
          const found = maps.length === 0 ? {} : maps[0].data;
          const sorted = (map: object) => JSON.stringify(Object.entries(map).sort());
          return sorted(found) === sorted(expected)
            ? []
            : [`${name}: ${sorted(found)} is not ${sorted(expected)}`];
        }),
      ),
    ).toEqual([]);
  });
});
