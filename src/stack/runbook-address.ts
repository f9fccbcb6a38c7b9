// Owns: the web address of a runbook page.
// Promises: an address that a browser opens, for every form of git address that the schema takes.
// Must not: look anything up.

import type { Environment, Stack } from "./stack.js";

/** Address of a page below docs/runbook. */
export function runbookUrl(stack: Stack, view: Pick<Environment, "settings">, page: string): string {
  const given = view.settings.monitoring.runbooks;
  if (given !== undefined) return `${given.replace(/\/+$/, "")}/${page}`;
  const { url, revision, path } = stack.source;
  const directory = path === "." ? "" : `${path}/`;
  return `${browsable(url)}/${blobPath(url)}${revision}/${directory}docs/runbook/${page}`;
}

/** git@host:org/repo.git, ssh://git@host:22/org/repo and https://user@host/org/repo.git → https://host/org/repo. */
export function browsable(url: string): string {
  const scp = /^[^@/]+@([^:/]+):(.+)$/.exec(url);
  const web =
    scp === null
      ? url.replace(/^ssh:\/\/([^/]*?)(:[0-9]+)?\//, "https://$1/")
      : `https://${scp[1]}/${scp[2]}`;
  return web
    .replace(/^(https:\/\/)[^@/]*@/, "$1")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
}

/** How the well-known hosts name "this file at that revision". */
function blobPath(url: string): string {
  const host = /^https:\/\/([^/]+)/.exec(browsable(url))?.[1] ?? "";
  if (host.includes("gitlab")) return "-/blob/";
  if (host.includes("bitbucket")) return "src/";
  if (/gitea|forgejo|codeberg/.test(host)) return "src/branch/";
  return "blob/";
}
