// Owns: for each row of the checklist, how its state is read from the manifests of a repository that nobody generated.
// Promises: a table: a row that manifests cannot show says so; none is met by a name alone where an object could show it.
// Must not: know the generated repository.

import { asRecord, listAt, valueAt } from "../../validate/values.js";
import {
  configuration,
  folders,
  labels,
  layout,
  production,
  project,
  releases,
  replicas,
  tierIsThere,
} from "./layout-detectors.js";
import { dashboards, exporters, metrics, rules, traced } from "./monitoring-detectors.js";
import {
  autoscaled,
  backedUp,
  budgets,
  exposed,
  guaranteed,
  hasAmounts,
  ingress,
  probed,
  rolling,
} from "./running-detectors.js";
import { accounts, denied, edgeTls, images, restricted, secrets } from "./security-detectors.js";
import {
  both,
  type Detector,
  everyContainer,
  everyRunning,
  everyWorkload,
  hasAnnotation,
  hasItems,
  hasKind,
  hasPartly,
  hasPath,
  invisible,
  names,
  no,
  yes,
} from "./seen.js";

const model: Detector = hasKind("model", "InferenceService");

export const DETECTORS: Readonly<Record<string, Detector>> = {
  "LAY-01": layout,
  "LAY-02": production({
    autoscaling: ["HorizontalPodAutoscaler", "ScaledObject"],
    "network policy": ["NetworkPolicy", "CiliumNetworkPolicy"],
  }),
  "LAY-03": folders,
  "LAY-04": labels,
  "LAY-05": ({ scenes }) => {
    const services = new Set(scenes.flatMap((scene) => scene.services.map(({ key }) => key)));
    return services.size > 1 ? yes(`${services.size} services`) : no("one service alone");
  },
  "GIT-01": (seen) => {
    const set = hasKind("ApplicationSet", "ApplicationSet")(seen);
    return set.state === "yes" ? set : hasPartly("no ApplicationSet", "Argo CD", "Application")(seen);
  },
  "GIT-02": project,
  "GIT-03": hasKind("Application", "Application"),
  "GIT-04": releases,
  "GIT-05": hasPath("script that rolls back", /roll-?back[^/]*$/i),
  "GIT-06": both(
    hasPath("CODEOWNERS", /(^|\/)CODEOWNERS$/),
    hasPath("pull-request template", /pull_request_template/i),
  ),
  "ENV-01": replicas,
  "ENV-02": tierIsThere("development"),
  "ENV-03": tierIsThere("staging"),
  "ENV-04": production({
    autoscaling: ["HorizontalPodAutoscaler"],
    "network policy": ["NetworkPolicy", "CiliumNetworkPolicy"],
    certificate: ["Certificate"],
  }),
  "ENV-05": configuration,
  "SEC-01": everyContainer(
    "not runAsNonRoot with the default seccomp profile",
    (own, pod) =>
      (own.runAsNonRoot ?? pod.runAsNonRoot) === true &&
      own.allowPrivilegeEscalation === false &&
      asRecord(own.seccompProfile ?? pod.seccompProfile).type === "RuntimeDefault",
  ),
  "SEC-02": everyContainer("capabilities are not dropped", (own) =>
    listAt(own, "capabilities", "drop").includes("ALL"),
  ),
  "SEC-03": everyContainer("root file system is writable", (own) => own.readOnlyRootFilesystem === true),
  "SEC-04": restricted,
  "SEC-05": accounts,
  "SEC-06": denied,
  "SEC-07": secrets,
  "SEC-08": hasAnnotation("reload of rotated secrets", /^(?:secret\.)?reloader\.stakater\.com\//),
  "SEC-09": invisible,
  "SEC-10": hasKind("mutual TLS", "PeerAuthentication", "MeshTLSAuthentication"),
  "SEC-11": edgeTls,
  "SEC-12": images,
  "SEC-13": hasKind(
    "admission policy",
    "ClusterPolicy",
    "Policy",
    "ValidatingAdmissionPolicy",
    "ConstraintTemplate",
  ),
  "SEC-14": everyWorkload("no pull secrets", ({ pod }) => hasItems(pod, "imagePullSecrets")),
  "SEC-15": invisible,
  "SEC-16": invisible,
  "SEC-17": invisible,
  "RES-01": everyContainer(
    "without requests and limits",
    (_own, _pod, data) =>
      hasAmounts("requests", "cpu", "memory")(data) && hasAmounts("limits", "memory")(data),
  ),
  "RES-02": hasKind("ResourceQuota", "ResourceQuota"),
  "RES-03": hasKind("LimitRange", "LimitRange"),
  "RES-04": guaranteed,
  "RES-05": autoscaled,
  "RES-06": hasKind("ScaledObject", "ScaledObject", "ScaledJob"),
  "RES-07": hasKind("VerticalPodAutoscaler", "VerticalPodAutoscaler"),
  "RES-08": budgets,
  "RES-09": everyRunning(
    "not spread",
    ({ pod }) =>
      hasItems(pod, "topologySpreadConstraints") || valueAt(pod, "affinity", "podAntiAffinity") !== undefined,
  ),
  "RES-10": rolling,
  "RES-11": everyRunning("without probes", probed),
  "RES-12": (seen) => {
    const found = seen.objects.filter(
      (one) => one.kind === "Service" && one.at("spec", "sessionAffinity") === "ClientIP",
    );
    return found.length > 0
      ? yes(names(found.map(({ id }) => id)))
      : ingress("session affinity", /\/affinity$/)(seen);
  },
  "RES-13": everyWorkload("no priority, no spot nodes", ({ pod }) => pod.priorityClassName !== undefined),
  "RES-14": invisible,
  "NET-01": exposed,
  "NET-02": ingress("rate limit", /\/limit-(?:rps|rpm|connections)$/),
  "NET-03": ingress("security headers", /(?:configuration-snippet|custom-headers)$/),
  "NET-04": ingress("cross-origin rule", /\/enable-cors$/),
  "NET-05": ingress("allow-list", /\/(?:whitelist|allowlist)-source-range$/),
  "NET-06": hasAnnotation(
    "internal load balancer",
    /load-balancer-(?:internal|scheme|type)|aws-load-balancer-internal/,
    "Service",
  ),
  "NET-07": ingress("timeout or body size", /\/proxy-(?:read-timeout|body-size|request-buffering)$/),
  "NET-08": invisible,
  "MON-01": metrics,
  "MON-02": rules("alerts", /"alert":/),
  "MON-03": rules("severities and runbooks", /"severity".*"runbook|"runbook.*"severity"/s),
  "MON-04": rules("recordings", /"record":/),
  "MON-05": rules("burn rates", /burn|slo/i),
  "MON-06": dashboards,
  "MON-07": invisible,
  "MON-08": (seen) => {
    const found = seen.objects.filter(
      (one) => one.kind === "Prometheus" || (one.kind === "Deployment" && /prometheus/.test(one.name)),
    );
    return found.length > 0 ? yes(names(found.map(({ id }) => id))) : no("no Prometheus");
  },
  "MON-09": hasKind("Thanos", "ThanosRuler"),
  "MON-10": hasKind("Probe", "Probe"),
  "MON-11": exporters,
  "MON-12": model,
  "MON-13": hasKind("route of alerts", "AlertmanagerConfig"),
  "MON-14": invisible,
  "MON-15": traced,
  "MON-16": invisible,
  "BAK-01": backedUp("postgresql"),
  "BAK-02": backedUp("redis", "valkey"),
  "BAK-03": backedUp("mysql", "mariadb", "mongodb"),
  "BAK-04": hasPath("restore drill", /restore[-_]?(?:drill|test|verify)/i),
  "BAK-05": hasKind("snapshot", "VolumeSnapshot", "VolumeSnapshotClass"),
  "BAK-06": hasKind("Velero schedule", "BackupStorageLocation", "velero.io/Schedule"),
  "BAK-07": hasPath("page about recovery", /(?:disaster|recovery)[^/]*\.md$/i),
  "BAK-08": invisible,
  "DEL-01": hasPath("deploy script", /(^|\/)deploy[^/]*\.(?:sh|ps1|py)$|(^|\/)Makefile$/i),
  "DEL-02": hasKind("Rollout", "Rollout", "Canary"),
  "DEL-03": hasPath("CI", /^\.github\/workflows\/|^\.gitlab-ci\.yml$|(^|\/)Jenkinsfile$|^azure-pipelines/),
  "DEL-04": hasKind("chaos drill", "PodChaos", "NetworkChaos", "ChaosEngine", "chaos-mesh.org/Schedule"),
  "DEL-05": hasPath("load test", /(?:k6|locust|jmeter|gatling|load-?test)/i),
  "DEL-06": hasAnnotation("smoke test", /argocd\.argoproj\.io\/hook$/, "Job"),
  "DEL-07": invisible,
  "OPS-01": hasPath("runbook", /runbook/i),
  "OPS-02": hasPath("troubleshooting guide", /troubleshoot/i),
  "OPS-03": hasPath("maintenance calendar", /maintenance/i),
  "OPS-04": hasPath("README", /^README\.(?:md|rst|adoc)$/i),
  "OPS-05": hasPath("table of retention", /retention/i),
  "OPS-06": hasPath("cost guide", /cost/i),
};
