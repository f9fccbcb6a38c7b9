// Owns: README, the picture of this very stack, what it needs of the platform, and what it has of the checklist.
// Promises: every name and command is the stack's own; the README's commands run in its order.
// Must not: repeat the runbook.

import { servicesAcross } from "../stack/across-environments.js";
import { derivePolicies } from "../stack/derive-policies.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { diagramOf } from "./diagram.js";
import { environmentView, sectionsOf, shown } from "./documentation/environment-view.js";
import { requirementsOf } from "./requirements.js";
import { classesOf } from "./scheduling.js";

/** Where something is: nothing to say where it is everywhere. */
function placesText({ environments }: Stack, has: (environment: Environment) => boolean): string {
  const having = environments.filter(has);
  if (having.length === environments.length) return "";
  const names = [...new Set(having.map(({ name }) => name))];
  return names.length === 0 ? "nowhere" : `only in ${names.join(", ")}`;
}

function hasBackup({ environments }: Stack, datastore: string): boolean {
  return environments.some(({ datastores }) =>
    datastores.some(({ name, backup }) => name === datastore && backup !== undefined),
  );
}

function serviceView(stack: Stack) {
  return servicesAcross(stack).map(({ any: service, inEnvironment }) => ({
    name: service.name,
    where: placesText(stack, (environment) => inEnvironment(environment) !== undefined),
    type: service.type,
    runtime: service.runtime,
    image: service.image?.repository ?? "chosen by KServe",
    ports: service.ports.map(({ name, number }) => `${name} ${number}`).join(", "),
    uses: service.edges.map(({ target }) => target).join(", "),
    description: service.description,
  }));
}

/** Before and after, in the words of a team that comes from flat YAML. */
function comparison(stack: Stack): { aspect: string; before: string; after: string }[] {
  const production = stack.environments.at(-1);
  const stores = (production?.datastores ?? []).filter(({ backup }) => backup !== undefined);
  const scaled = production?.services.filter(({ scaling }) => scaling !== undefined) ?? [];
  return [
    {
      aspect: "Secrets",
      before: "base64 in git",
      after: "fetched from the company's store by External Secrets; git has only where they live",
    },
    {
      aspect: "Pods",
      before: "root, writable, every capability",
      after: "Pod Security restricted, enforced; read-only root; a ServiceAccount each",
    },
    {
      aspect: "Network",
      before: "everything reaches everything",
      after: `${derivePolicies(production ?? (stack.environments[0] as Environment)).length} policies in ${production?.name ?? "production"}, derived from what uses what`,
    },
    {
      aspect: "Scaling",
      before: "fixed replicas",
      after:
        scaled.length > 0
          ? shown(
              scaled.map(({ name, scaling }) => `${name} ${scaling?.min} to ${scaling?.max} pods`),
              "services",
            ).join(", ")
          : "fixed replicas, spread over nodes and zones",
    },
    { aspect: "Drains", before: "blocked, or all pods at once", after: "one pod at a time, never blocked" },
    {
      aspect: "Resources",
      before: "none",
      after: "requests and limits everywhere, inside of a quota that is checked to fit",
    },
    {
      aspect: "Environments",
      before: "copied files",
      after: `one base, ${stack.environments.length} overlays: ${shown(
        stack.environments.map(({ label }) => label),
        "clusters",
      ).join(", ")}`,
    },
    { aspect: "Releases", before: "kubectl apply", after: "Argo CD from git; a rollback is a revert" },
    {
      aspect: "Monitoring",
      before: "none, or alerts without a page",
      after: "metrics, alerts with a runbook page each, objectives, dashboards",
    },
    {
      aspect: "Backups",
      before: "none",
      after:
        stores.length > 0
          ? stores
              .map(
                ({ name, backup }) =>
                  `${name} ${backup?.schedule}, kept ${backup?.retentionDays} days, verified`,
              )
              .join("; ")
          : "nothing here holds data",
    },
  ];
}

function readme(stack: Stack): FileSpec {
  const first = stack.environments[0];
  const view = {
    name: stack.name,
    description: stack.description,
    owner: stack.owner,
    generator: stack.generator,
    diagram: diagramOf(stack),
    argocd: stack.base.settings.argocd.namespace,
    services: serviceView(stack),
    datastores: stack.base.datastores.map(({ name, engine, version, role }) => ({
      name,
      where: placesText(stack, ({ datastores }) => datastores.some((datastore) => datastore.name === name)),
      engine,
      version,
      role,
    })),
    environments: sectionsOf(stack),
    first: first === undefined ? undefined : environmentView(stack, first),
    comparison: comparison(stack),
    hasClusters: stack.environments.some(({ cluster }) => cluster !== undefined),
    priorityClasses: classesOf(stack)
      .map(({ name }) => name)
      .join(", "),
    hasPreviews: stack.previews !== undefined,
    hasBackups: stack.base.datastores.some(({ name }) => hasBackup(stack, name)),
  };
  return file("README.md", "documentation/README.md", view, {
    what: "The front page of this repository.",
    why: "A newcomer deploys to the first environment with the commands in it, in order.",
    change: "prod-stack.yaml; or this file: edits are kept and merged",
  });
}

const about = (what: string, why: string) => ({
  what,
  why,
  change: "prod-stack.yaml; or this file: edits are kept and merged",
});

export const documentation: Capability = {
  id: "documentation",
  title: "Documentation",
  summary: "README with a quick start per environment, the diagram of this very stack, and its requirements.",
  rows: ["OPS-04", "LAY-03"],
  withoutIt: "no README, requirements or checklist",
  files: (stack) => [
    readme(stack),
    file(
      "docs/requirements.md",
      "documentation/requirements.md",
      {
        name: stack.name,
        requirements: requirementsOf(stack),
        environments: sectionsOf(stack),
      },
      about(
        "What the stack needs of the platform.",
        "A missing operator or class shows here before it shows as a failed sync.",
      ),
    ),
  ],
};
