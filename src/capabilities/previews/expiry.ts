// Owns: the end of previews: what takes the label from pull requests whose preview has lived its time.
// Promises: the token is the pipeline's own; nothing in a cluster is deleted by it but through Argo CD.
// Must not: close a pull request.

import type { PreviewRepository, Previews } from "../../stack/previews.js";
import type { Stack } from "../../stack/stack.js";
import { type FileSpec, file } from "../capability.js";
import { pinned } from "../delivery.js";

const CHANGE = "previews.lifetime in prod-stack.yaml";

function stepOf({ label, lifetimeSeconds }: Previews, { name, provider }: PreviewRepository) {
  return {
    name,
    provider: provider.kind,
    repository: provider.kind === "github" ? `${provider.owner}/${provider.repo}` : provider.project,
    api: provider.api ?? (provider.kind === "github" ? "https://api.github.com" : "https://gitlab.com"),
    label,
    seconds: lifetimeSeconds,
    hours: Math.floor(lifetimeSeconds / 3600),
  };
}

export function expiryFiles(stack: Stack, previews: Previews): FileSpec[] {
  const steps = previews.repositories.map((repository) => stepOf(previews, repository));
  const about = {
    what: "Ends previews that have lived their time.",
    why: "Argo CD knows no time to live (argo-cd#25804); the label is what a preview hangs on.",
    change: CHANGE,
  };
  const script = file("scripts/expire-previews.sh", "previews/expire-previews.sh", {}, about, {
    executable: true,
  });
  const github = steps.filter(({ provider }) => provider === "github");
  const gitlab = steps.filter(({ provider }) => provider === "gitlab");
  const shared = { name: stack.name, directory: stack.source.path };
  const workflow = file(
    `.github/workflows/${stack.name}-previews.yaml`,
    "previews/expire-workflow.yaml",
    {
      ...shared,
      title: `${stack.name}-previews`,
      steps: github,
      goToken: `\${{ secrets.PREVIEWS_TOKEN || github.token }}`,
      actions: [pinned("checkout", { "persist-credentials": false })],
    },
    { ...about, standard: "GitHub, Security hardening for GitHub Actions" },
    { root: "repository" },
  );
  const pipeline = file(
    "scripts/expire-previews.gitlab-ci.yml",
    "previews/expire-pipeline.yaml",
    {
      ...shared,
      include: `${stack.source.path === "." ? "" : `${stack.source.path}/`}scripts/expire-previews.gitlab-ci.yml`,
      steps: gitlab.map(({ name, hours, repository, label, seconds, api }) => ({
        name,
        hours,
        command: `TOKEN="$PREVIEWS_TOKEN" scripts/expire-previews.sh gitlab '${repository}' '${label}' ${seconds} '${api}'`,
      })),
    },
    { ...about, standard: "GitLab docs, Scheduled pipelines" },
  );
  return [script, ...(github.length > 0 ? [workflow] : []), ...(gitlab.length > 0 ? [pipeline] : [])];
}
