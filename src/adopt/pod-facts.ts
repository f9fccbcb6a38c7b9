// Owns: what a pod says beside its containers: end, priority, nodes, credentials of registries, cloud identity, metrics.
// Promises: only what the schema can say.
// Must not: know containers.

import { labelsAt, listAt, textAt } from "../validate/values.js";
import { nameOfPort, type Port } from "./container-facts.js";
import { Fact, type Facts, put } from "./facts.js";
import type { Scene } from "./scene.js";
import type { Workload } from "./workloads.js";

const OWN_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** What the pod says: end, priority, nodes, credentials of registries, cloud identity, metrics. */
export function podFacts(
  workload: Workload,
  ports: readonly Port[],
  hasMetrics: boolean,
  { place }: Scene,
): Facts {
  const { pod, object, podPath } = workload;
  const facts: Facts = {};
  const grace = pod.terminationGracePeriodSeconds;
  if (typeof grace === "number" && grace > 15 && ports.length > 0)
    put(
      facts,
      ["shutdown", "grace"],
      new Fact(`${grace}s`, object.origin(...podPath, "terminationGracePeriodSeconds")),
    );
  const priority = textAt(pod, "priorityClassName");
  if (priority !== undefined && !priority.startsWith("system-"))
    facts.priorityClass = new Fact(priority, object.origin(...podPath, "priorityClassName"));
  const pulls = listAt(pod, "imagePullSecrets").flatMap((item) => textAt(item, "name") ?? []);
  if (pulls.length > 0 && pulls.every((name) => OWN_NAME.test(name)))
    facts.pullSecrets = new Fact(pulls, object.origin(...podPath, "imagePullSecrets"));
  const selector = labelsAt(pod, "nodeSelector");
  for (const [label, value] of Object.entries(selector).filter(([name]) => name !== "kubernetes.io/os"))
    put(
      facts,
      ["placement", "nodeSelector", label],
      new Fact(value, object.origin(...podPath, "nodeSelector", label)),
    );
  const account = place.objects.find(
    (one) => one.kind === "ServiceAccount" && one.name === pod.serviceAccountName,
  );
  const role = account?.annotations["eks.amazonaws.com/role-arn"];
  if (role !== undefined)
    put(
      facts,
      ["identity", "aws"],
      new Fact(role, account?.origin("metadata", "annotations", "eks.amazonaws.com/role-arn")),
    );
  return { ...facts, ...metricFacts(workload, ports, hasMetrics) };
}

function metricFacts(
  { monitors, podAnnotations, object, podPath, services }: Workload,
  ports: readonly Port[],
  hasDefault: boolean,
): Facts {
  if (ports.length === 0) return {};
  const [monitor] = monitors;
  const facts: Facts = {};
  if (monitor !== undefined) {
    const [endpoint = {}] = [
      ...monitor.list("spec", "endpoints"),
      ...monitor.list("spec", "podMetricsEndpoints"),
    ];
    const origin = monitor.origin("spec");
    const behind = services
      .flatMap((one) => one.list("spec", "ports"))
      .find((one) => one.name === endpoint.port);
    const port =
      nameOfPort(endpoint.port ?? endpoint.targetPort, ports) ??
      nameOfPort(behind?.targetPort ?? behind?.port, ports);
    put(facts, ["metrics", "path"], new Fact(textAt(endpoint, "path") ?? "/metrics", origin));
    if (port !== undefined) put(facts, ["metrics", "port"], new Fact(port, origin));
    return facts;
  }
  const annotations = { ...services[0]?.annotations, ...podAnnotations };
  const origin = object.origin(...podPath.slice(0, -1), "metadata", "annotations");
  if (annotations["prometheus.io/scrape"] !== "true")
    return hasDefault
      ? {
          metrics: new Fact(
            null,
            object.origin(),
            "nothing scrapes it today; without this line the runtime's usual path is scraped",
          ),
        }
      : {};
  put(facts, ["metrics", "path"], new Fact(annotations["prometheus.io/path"] ?? "/metrics", origin));
  const port = nameOfPort(Number(annotations["prometheus.io/port"]), ports);
  if (port !== undefined) put(facts, ["metrics", "port"], new Fact(port, origin));
  return facts;
}
