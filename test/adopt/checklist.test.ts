// Owns: the before side of the checklist: that each row has a detector, and that detectors tell yes, partly and no apart.

import { describe, expect, test } from "vitest";
import { DETECTORS } from "../../src/adopt/checklist/detectors.js";
import { compareChecklist } from "../../src/adopt/index.js";
import { CHECKLIST, rowStatuses, yieldsOf } from "../../src/index.js";
import { deployment, type Fixture, filesOf, propose, proposeText } from "./fixtures.js";

function rowsOf(proposal: ReturnType<typeof propose>, paths: readonly string[] = []) {
  const rows = compareChecklist(proposal, paths, rowStatuses(proposal.stack, yieldsOf(proposal.stack)));
  return new Map(rows.map((row) => [row.id, row]));
}

test("every row that a stack can have is compared, in the checklist's order, and has a detector", () => {
  const ids = CHECKLIST.map(({ id }) => id).filter((id) => !id.startsWith("SYS-"));
  expect(Object.keys(DETECTORS).sort()).toEqual([...ids].sort());
  const rows = rowsOf(propose(filesOf("flat")));
  expect([...rows.keys()]).toEqual(ids);
  for (const { id, before } of rows.values()) expect(before.evidence, id).not.toBe("");
});

/** A Deployment on which every row of the kind is met. */
const SOUND = deployment(
  "api",
  `securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
readinessProbe: { httpGet: { path: /ready, port: http } }
livenessProbe: { httpGet: { path: /live, port: http } }`,
  `serviceAccountName: api
automountServiceAccountToken: false
terminationGracePeriodSeconds: 30
securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
topologySpreadConstraints: [{ maxSkew: 1 }]
priorityClassName: high
imagePullSecrets: [{ name: registry }]`,
).replace(":1.0.0", `:1.0.0@sha256:${"a".repeat(64)}`);
const BARE = deployment("api", "");
const object = (kind: string, more = "", apiVersion = "example.org/v1") =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: one }\n${more}\n---\n`;

const POLICY = "networking.k8s.io/v1";
/** What makes a row `yes`, and what makes it something less. */
const CASES: readonly (readonly [row: string, state: string, more: string])[] = [
  [
    "SEC-04",
    "yes",
    object("Namespace", "x: 1").replace(
      "{ name: one }",
      "{ name: one, labels: { pod-security.kubernetes.io/enforce: restricted } }",
    ),
  ],
  ["SEC-04", "no", object("Namespace")],
  ["SEC-06", "yes", object("NetworkPolicy", "spec: { podSelector: {}, policyTypes: [Ingress] }", POLICY)],
  [
    "SEC-06",
    "partly",
    object("NetworkPolicy", "spec: { podSelector: { matchLabels: { app: api } }, ingress: [{}] }", POLICY),
  ],
  ["SEC-07", "no", object("Secret", "stringData: { password: Fixture-Passw0rd-1 }", "v1")],
  ["SEC-07", "yes", object("ExternalSecret")],
  ["SEC-13", "yes", object("ClusterPolicy")],
  ["RES-02", "yes", object("ResourceQuota", "", "v1")],
  ["RES-03", "yes", object("LimitRange", "", "v1")],
  ["RES-05", "yes", object("HorizontalPodAutoscaler", "spec: { behavior: { scaleDown: {} } }")],
  ["RES-05", "partly", object("HorizontalPodAutoscaler", "spec: {}")],
  ["RES-06", "yes", object("ScaledObject")],
  ["RES-07", "yes", object("VerticalPodAutoscaler")],
  [
    "RES-08",
    "yes",
    object("PodDisruptionBudget", "spec: { maxUnavailable: 1, selector: { matchLabels: { app: api } } }"),
  ],
  [
    "RES-08",
    "partly",
    object("PodDisruptionBudget", "spec: { minAvailable: 1, selector: { matchLabels: { app: api } } }"),
  ],
  ["NET-01", "yes", object("HTTPRoute")],
  ["NET-01", "partly", object("Ingress")],
  ["MON-02", "yes", object("PrometheusRule", "spec: { groups: [{ rules: [{ alert: Down }] }] }")],
  ["MON-04", "partly", object("PrometheusRule", "spec: { groups: [{ rules: [{ alert: Down }] }] }")],
  ["MON-10", "yes", object("Probe")],
  ["GIT-01", "yes", object("ApplicationSet")],
  ["GIT-01", "partly", object("Application")],
  ["GIT-02", "partly", object("AppProject", 'spec: { sourceRepos: ["*"] }')],
  ["GIT-02", "yes", object("AppProject", "spec: { sourceRepos: [a] }")],
  ["BAK-06", "yes", object("Schedule", "", "velero.io/v1")],
  ["BAK-06", "no", object("Schedule", "", "chaos-mesh.org/v1alpha1")],
];

describe("detectors", () => {
  test.each(CASES)("%s is %s by its objects", (row, state, more) => {
    expect(rowsOf(proposeText(BARE + more)).get(row)?.before.state).toBe(state);
  });

  const PODS = [
    "SEC-01",
    "SEC-02",
    "SEC-03",
    "SEC-05",
    "SEC-12",
    "SEC-14",
    "RES-01",
    "RES-09",
    "RES-10",
    "RES-11",
    "RES-13",
  ];

  test("a pod that has it all is yes in every row about pods, one that has nothing is no, and both are partly", () => {
    const states = (text: string) => {
      const rows = rowsOf(proposeText(text));
      return PODS.map((id) => rows.get(id)?.before.state);
    };
    expect(states(SOUND)).toEqual(PODS.map(() => "yes"));
    expect(states(BARE)).toEqual(PODS.map(() => "no"));
    expect(states(SOUND + deployment("web", ""))).toEqual(PODS.map(() => "partly"));
  });

  test("what is partly there names what lacks it", () => {
    const rows = rowsOf(proposeText(SOUND + deployment("web", "")));
    expect(rows.get("RES-11")?.before.evidence).toBe("without probes: web");
  });

  test("files count where files are asked for", () => {
    const rows = rowsOf(proposeText(BARE), [
      "README.md",
      ".github/workflows/ci.yaml",
      "scripts/deploy.sh",
      "docs/runbook/x.md",
    ]);
    for (const id of ["OPS-04", "DEL-03", "DEL-01", "OPS-01"])
      expect(rows.get(id)?.before.state, id).toBe("yes");
    expect(rows.get("LAY-03")?.before).toEqual({ state: "partly", evidence: "scripts, runbook" });
  });

  test("plain text is no secret store, and its value is in no evidence", () => {
    const row = rowsOf(
      proposeText(deployment("api", "env: [{ name: DB_PASSWORD, value: Fixture-Passw0rd-1 }]")),
    ).get("SEC-07");
    expect(row?.before).toEqual({ state: "no", evidence: "plain text in Deployment/api" });
  });
});

describe("before and after", () => {
  test.each<[Fixture, number, number]>([
    ["flat", 5, 50],
    ["overlays", 10, 50],
  ])("%s has at most %i rows today, and %i or more afterwards", (name, most, least) => {
    const rows = [
      ...rowsOf(
        propose(filesOf(name)),
        filesOf(name).map(({ path }) => path),
      ).values(),
    ];
    expect(rows.filter(({ before }) => before.state === "yes").length).toBeLessThanOrEqual(most);
    expect(rows.filter(({ after }) => ["met", "page"].includes(after.state)).length).toBeGreaterThanOrEqual(
      least,
    );
    const gained = rows.filter(({ change }) => change === "gained");
    expect(gained.length).toBeGreaterThan(40);
    for (const { id, after } of gained) expect(after.evidence, id).not.toBe("");
  });

  test("overlays of Kustomize are seen as such", () => {
    const rows = rowsOf(propose(filesOf("overlays")));
    expect(rows.get("LAY-01")).toMatchObject({ before: { state: "yes" }, change: "kept" });
    expect(rows.get("ENV-05")?.before.state).toBe("yes");
    expect(rows.get("ENV-02")?.before).toEqual({ state: "yes", evidence: "dev" });
  });
});
