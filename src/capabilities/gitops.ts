// Owns: what makes Argo CD deploy the stack: AppProject and ApplicationSet, in bootstrap/.
// Promises: explicit sources, destinations and kinds; deletion protection; the platform owns it, and no application governs itself.
// Must not: use generators that read pull requests or organisations.

import type { Stack } from "../stack/stack.js";
import { type Contributions, file, type Index } from "./capability.js";
import { stackLabels } from "./labels.js";

/** Kinds that Kustomize makes beside those of the files. */
const GENERATED_KINDS = ["/ConfigMap"];

function kindsOf({ files, configMaps }: Contributions): { group: string; kind: string }[] {
  const kinds = new Set([
    ...files.flatMap(({ kinds: own }) => own),
    ...(configMaps.length > 0 ? GENERATED_KINDS : []),
  ]);
  return [...kinds].sort().map((entry) => ({
    group: entry.slice(0, entry.indexOf("/")),
    kind: entry.slice(entry.indexOf("/") + 1),
  }));
}

function applicationSetView(stack: Stack) {
  const directory = stack.source.path === "." ? "" : `${stack.source.path}/`;
  const { argocd } = stack.base.settings;
  return {
    name: stack.name,
    // Argo CD's own template language, which must come out as it stands.
    goName: "{{ .name }}",
    goEnvironment: "{{ .environment }}",
    goPath: "{{ .path }}",
    goServer: "{{ .server }}",
    goNamespace: "{{ .namespace }}",
    project: stack.name,
    namespace: argocd.namespace,
    automated: argocd.automated,
    labels: stackLabels(stack, "gitops"),
    source: stack.source,
    environments: stack.environments.map(({ name, namespace, server, tier }) => ({
      application: `${stack.name}-${name}`,
      name,
      namespace,
      server,
      tier,
      path: `${directory}overlays/${name}`,
    })),
  };
}

function projectView(stack: Stack, others: Contributions) {
  return {
    ...applicationSetView(stack),
    owner: stack.owner,
    description: `${stack.name}, owned by ${stack.owner}`,
    destinations: stack.environments.map(({ namespace, server }) => ({ namespace, server })),
    kinds: kindsOf(others),
  };
}

export const gitops: Index = {
  id: "gitops",
  title: "GitOps",
  summary:
    "An Argo CD project with explicit rights and an ApplicationSet with one Application per environment.",
  rows: ["GIT-01", "GIT-02", "GIT-05"],
  withoutIt: undefined,
  files: (stack, others) => {
    const member = { kustomization: "bootstrap/argocd", as: "resources" } as const;
    return [
      file(
        "bootstrap/argocd/project.yaml",
        "gitops/project.yaml",
        projectView(stack, others),
        {
          what: "The Argo CD project of the stack.",
          why: "What the stack's repository may deploy, and where: no wildcards, no cluster-wide objects, no applications of its own.",
          standard: "Argo CD docs, Projects and Security",
          change: "prod-stack.yaml; the list of kinds follows from it",
        },
        { member },
      ),
      file(
        "bootstrap/argocd/application-set.yaml",
        "gitops/application-set.yaml",
        applicationSetView(stack),
        {
          what: "The Applications of the stack, one per environment.",
          why: "One template for all environments; taking an environment out of the list deletes nothing in a cluster.",
          standard: "Argo CD docs, ApplicationSet Security and Controlling Resource Modification",
          change: "environments, source and argocd in prod-stack.yaml",
        },
        { member },
      ),
    ];
  },
};
