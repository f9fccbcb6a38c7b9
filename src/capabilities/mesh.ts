// Owns: mutual TLS between the services, by Istio's ambient mesh: strict, and with the policies' own peers and ports.
// Promises: nothing in a pod changes; where an environment has no mesh, nothing is yielded.
// Must not: install a mesh; the platform has it.

import { authorizationsOf, isMeshed, meshNamespaces } from "../stack/derive-mesh.js";
import { derivePolicies } from "../stack/derive-policies.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { selectorOf, stackLabels } from "./labels.js";
import { managedDirectory } from "./places.js";

const CHANGE = "network.mtls in prod-stack.yaml";

function meshFile(stack: Stack, environment: Environment): FileSpec {
  const kustomization = managedDirectory(environment);
  const authorizations = authorizationsOf(derivePolicies(environment), environment).map((authorization) => ({
    name: authorization.name,
    selector:
      authorization.podLabels ??
      (authorization.component === undefined ? {} : selectorOf(stack, authorization.component)),
    rules: authorization.rules.map((rule) => ({ ...rule, ports: rule.ports.map(String) })),
  }));
  return file(
    `${kustomization}/mesh.yaml`,
    "mesh/mesh.yaml",
    { environment: environment.label, labels: stackLabels(stack, "mesh"), authorizations },
    {
      what: `Mutual TLS in ${environment.label}, and who may connect to whom.`,
      why: "Nobody on the network can read or pretend; plain text is refused.",
      standard: "Istio, PeerAuthentication and AuthorizationPolicy (security.istio.io/v1)",
      change: CHANGE,
    },
    {
      member: { kustomization, as: "resources" },
      kinds: ["security.istio.io/PeerAuthentication", "security.istio.io/AuthorizationPolicy"],
    },
  );
}

function pageFile(stack: Stack, meshed: readonly Environment[]): FileSpec {
  return file(
    "docs/mesh.md",
    "mesh/mesh.md",
    {
      name: stack.name,
      environments: meshed.map((environment) => ({
        label: environment.label,
        namespace: environment.namespace,
        isOurs: environment.settings.namespaces === "managed",
        platform: meshNamespaces(derivePolicies(environment)).join(", "),
      })),
    },
    {
      what: "Mutual TLS between the services: what it needs, how to check it, how to find what it refuses.",
      why: "A mesh that half of the callers are not in refuses them.",
      change: "network.mtls in prod-stack.yaml; or this file: edits are kept and merged",
    },
  );
}

export const mesh: Capability = {
  id: "mesh",
  title: "Mutual TLS",
  summary:
    "Connections between pods are encrypted and both sides are known, by Istio's ambient mesh; plain text is refused.",
  rows: ["SEC-10"],
  withoutIt: undefined,
  files: (stack) => {
    const meshed = stack.environments.filter(isMeshed);
    if (meshed.length === 0) return [];
    return [...meshed.map((environment) => meshFile(stack, environment)), pageFile(stack, meshed)];
  },
};
