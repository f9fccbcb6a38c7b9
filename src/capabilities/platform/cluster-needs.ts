// Owns: what a place needs of its cluster, one line for each thing that can be looked up.
// Promises: derived from what the place uses; what the stack installs itself is marked.
// Must not: look at a cluster.

import { isMeshed } from "../../stack/derive-mesh.js";
import { OPERATOR_PRESETS, type OperatorName } from "../../stack/presets/operators.js";
import type { Environment, Stack } from "../../stack/stack.js";

export interface Need {
  /** How scripts/preflight.sh looks for it. */
  readonly kind: "kubernetes" | "crd" | "api" | "deployment" | "object" | "class" | "namespace";
  /** Words of the line that it reads; a dash for what does not apply. */
  readonly subject: string;
  readonly detail: string;
  readonly namespace: string;
  readonly why: string;
}

export function needsOf(stack: Stack, place: Environment, operators: readonly OperatorName[]): Need[] {
  return [
    need(
      "kubernetes",
      place.settings.kubernetes,
      "-",
      "-",
      "native sidecars and the pinned Pod Security version",
    ),
    ...operators.flatMap((name) => operatorNeeds(place, name)),
    ...storeNeeds(place),
    ...edgeNeeds(stack, place),
    ...classNeeds(place),
    ...meshNeeds(place),
    ...(place.settings.namespaces === "external"
      ? [need("namespace", place.namespace, "-", "-", "the platform makes the namespaces")]
      : []),
  ];
}

function need(kind: Need["kind"], subject: string, detail: string, namespace: string, why: string): Need {
  return { kind, subject, detail, namespace, why };
}

function operatorNeeds({ settings }: Environment, name: OperatorName): Need[] {
  const { title, crds, api, deployment } = OPERATOR_PRESETS[name];
  const why = settings.operators[name] === "install" ? `${title}; bootstrap/operators installs it` : title;
  return [
    ...crds.map((crd) => need("crd", crd.name, crd.version, "-", why)),
    ...(api === undefined ? [] : [need("api", api, "-", "-", why)]),
    ...(deployment === undefined ? [] : [need("deployment", deployment, "-", "-", why)]),
  ];
}

function storeNeeds({ secrets, namespace }: Environment): Need[] {
  const lines = secrets.map(({ store, storeKind }) =>
    storeKind === "ClusterSecretStore"
      ? need("object", "clustersecretstores.external-secrets.io", store, "-", "secrets come from it")
      : need("object", "secretstores.external-secrets.io", store, namespace, "secrets come from it"),
  );
  return [...new Map(lines.map((line) => [line.detail, line])).values()];
}

function edgeNeeds(stack: Stack, { services, settings, namespace }: Environment): Need[] {
  const { gateway, certManager } = settings;
  if (stack.disabled.includes("exposure") || services.every(({ exposure }) => exposure === undefined))
    return [];
  const home = gateway.mode === "shared" ? gateway.namespace : namespace;
  const edge =
    gateway.mode === "own"
      ? need(
          "object",
          "gatewayclasses.gateway.networking.k8s.io",
          gateway.class,
          "-",
          "class of the own Gateway",
        )
      : need(
          "object",
          "gateways.gateway.networking.k8s.io",
          gateway.name,
          gateway.namespace,
          "routes attach to it",
        );
  if (!gateway.https || certManager.mode !== "present") return [edge];
  const issuer =
    certManager.issuerKind === "ClusterIssuer"
      ? need("object", "clusterissuers.cert-manager.io", certManager.issuer, "-", "issues certificates")
      : need("object", "issuers.cert-manager.io", certManager.issuer, home, "issues certificates");
  return [edge, issuer];
}

function meshNeeds(place: Environment): Need[] {
  if (!isMeshed(place)) return [];
  const names = ["peerauthentications", "authorizationpolicies"];
  return names.map((name) =>
    need("crd", `${name}.security.istio.io`, "v1", "-", "mutual TLS by Istio's ambient mesh"),
  );
}

function classNeeds({ datastores }: Environment): Need[] {
  const stores = datastores.filter(({ role, mode }) => role === "store" && mode !== "external");
  const classes = [...new Set(stores.map(({ storageClass }) => storageClass ?? "-"))].sort();
  return classes.map((name) => need("class", name, "-", "-", "volumes of the datastores"));
}
