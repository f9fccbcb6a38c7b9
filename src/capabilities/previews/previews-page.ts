// Owns: docs/previews.md: how to get a preview, what it is, what its cluster must have, and whom to trust with it.
// Promises: the real names, hosts and stores of this stack.
// Must not: hold rules; src/stack/rules/check-previews.ts does.

import type { Previews } from "../../stack/previews.js";
import type { Stack } from "../../stack/stack.js";
import { type FileSpec, file } from "../capability.js";
import type { Exposed } from "../exposure/implementation.js";
import { needsOf } from "../platform/cluster-needs.js";
import { neededOperators } from "../platform.js";
import { numbered, previewName } from "./numbered.js";

export function previewsPage(
  stack: Stack,
  { place, label, lifetimeSeconds, repositories }: Previews,
  alone: Stack,
  exposed: readonly Exposed[],
): FileSpec {
  const unmonitored = { ...alone, disabled: [...alone.disabled, "monitoring"] };
  const hours = Math.floor(lifetimeSeconds / 3600);
  return file(
    "docs/previews.md",
    "previews/previews.md",
    {
      name: stack.name,
      label,
      lifetime: hours % 24 === 0 ? `${hours / 24} days` : `${hours} hours`,
      cluster: place.server,
      domain: place.domain,
      project: `${stack.name}-previews`,
      argocd: stack.base.settings.argocd.namespace,
      repositories: repositories.map(({ name, provider, services, tag, token }) => ({
        name,
        where: provider.kind === "github" ? `${provider.owner}/${provider.repo}` : provider.project,
        provider: provider.kind === "github" ? "GitHub" : "GitLab",
        services: services.join(", "),
        tag,
        namespace: previewName(stack, name, "NUMBER"),
        token: token === undefined ? "none: a public repository" : `${token.secret}, key ${token.key}`,
        hosts: exposed.map((service) => numbered(stack, service.exposure.host, name, "NUMBER")).join(", "),
      })),
      tokens: repositories
        .flatMap(({ token }) => (token ? `${token.secret}, key ${token.key}` : []))
        .join("; "),
      hasGitHub: repositories.some(({ provider }) => provider.kind === "github"),
      hasGitLab: repositories.some(({ provider }) => provider.kind === "gitlab"),
      secrets: place.secrets.map(({ name, store, storeKind, path, keys }) => ({
        name,
        store: `${storeKind} ${store}`,
        path,
        keys: keys.join(", "),
      })),
      needs: needsOf(alone, place, neededOperators(unmonitored, place)).map(({ subject, why }) => ({
        subject,
        why,
      })),
      datastores: place.datastores
        .filter(({ mode }) => mode !== "external")
        .map(({ name, engine }) => `${name} (${engine})`)
        .join(", "),
    },
    {
      what: "How to get a preview, and how it ends.",
      why: "Developers ask the first, operators the second.",
      change: "previews in prod-stack.yaml; or this file: edits are kept and merged",
    },
  );
}
