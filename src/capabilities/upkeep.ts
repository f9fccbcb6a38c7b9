// Owns: what keeps a repository current: the workflow that proposes upgrades, and where projen is the door, what it needs.
// Promises: the newest version runs without a token; only what it has changed reaches the job that may push.
// Must not: upgrade by itself; a person merges.

import type { Stack } from "../stack/stack.js";
import { PEERS } from "../version.js";
import { type About, type Capability, type FileSpec, file } from "./capability.js";
import { pinned } from "./delivery.js";

const CHANGE = "upkeep in prod-stack.yaml";

function step(name: string) {
  const { use, tag } = pinned(name, {});
  return { use, tag };
}

/** GitHub's own template language, which must come out as it stands. */
const GO = {
  changed: `\${{ steps.upgrade.outputs.changed }}`,
  folder: `\${{ runner.temp }}/upgrade`,
  isChanged: "needs.upgrade.outputs.changed == 'true'",
  isSetUp: "vars.UPKEEP_APP_ID != '' || github.event_name == 'workflow_dispatch'",
  app: `\${{ vars.UPKEEP_APP_ID }}`,
  key: `\${{ secrets.UPKEEP_APP_PRIVATE_KEY }}`,
  appToken: `\${{ steps.app-token.outputs.token }}`,
  token: `\${{ github.token }}`,
};

function workflowFile({ name, source, upkeep }: Stack): FileSpec {
  const view = {
    name,
    title: `${name}-upgrade`,
    branch: source.revision,
    directory: source.path,
    schedule: upkeep.schedule,
    isProjen: upkeep.door === "projen",
    go: GO,
    actions: [
      pinned("checkout", { "persist-credentials": false }),
      pinned("setup-node", { "node-version": 22, "package-manager-cache": false }),
    ],
    checkout: step("checkout"),
    upload: step("upload-artifact"),
    appToken: step("create-github-app-token"),
  };
  const about: About = {
    what: `The pull request that brings ${name} to a new version of its generator.`,
    why: "What is upgraded in small steps, and seen by its own checks, stays easy to upgrade.",
    standard: "GitHub, Security hardening for GitHub Actions",
    change: CHANGE,
  };
  return file(`.github/workflows/${name}-upgrade.yaml`, "upkeep/upgrade-workflow.yaml", view, about, {
    root: "repository",
  });
}

function projenFiles({ name, description, generator, source }: Stack): FileSpec[] {
  const own = { ownership: "seeded" } as const;
  const renovate = file(
    "renovate.json",
    "upkeep/renovate.json",
    {},
    {
      what: "What Renovate bumps: the generator, one pull request a version.",
      why: "projen and constructs follow the generator, which says with which of them it is tested.",
      standard: "Renovate docs, Configuration Options",
      change: "this file: it is yours",
    },
    own,
  );
  return [
    file(
      ".projenrc.mjs",
      "upkeep/projenrc.mjs",
      { name },
      {
        what: "Where code adapts the stack: overrides of generated files, further files, tasks.",
        why: "What is in code is applied again to every new rendering.",
        standard: "projen docs, Escape hatches",
        change: "this file: it is yours",
      },
      own,
    ),
    file(
      "package.json",
      "upkeep/package.json",
      { name, description, generator, ...PEERS },
      {
        what: "The exact versions of generator, projen and constructs.",
        why: "The same versions render the same bytes everywhere.",
        change: "npx projen upgrade",
      },
      own,
    ),
    // Renovate reads one configuration a repository.
    ...(source.path === "." ? [renovate] : []),
  ];
}

function docsFile({ name, upkeep, source }: Stack): FileSpec {
  const isProjen = upkeep.door === "projen";
  return file(
    "docs/upkeep.md",
    "upkeep/upkeep.md",
    { name, isProjen, hasRenovate: isProjen && source.path === ".", hasWorkflow: upkeep.pullRequests },
    {
      what: "How this repository is brought to a new version of its generator.",
      why: "An upgrade that nobody knows how to make is not made.",
      change: CHANGE,
    },
  );
}

export const upkeep: Capability = {
  id: "upkeep",
  title: "Upkeep",
  summary: "Pull requests that upgrade the repository, and what projen needs where it is the door.",
  rows: ["GIT-06"],
  withoutIt: undefined,
  files: (stack) => {
    const { door, pullRequests } = stack.upkeep;
    if (door === "command" && !pullRequests) return [];
    return [
      ...(door === "projen" ? projenFiles(stack) : []),
      ...(pullRequests ? [workflowFile(stack)] : []),
      docsFile(stack),
    ];
  },
};
