// Owns: the verbs that keep a generated repository current, or make one of what is there.
// Promises: as command-table.
// Must not: load a verb before it runs.

import { ALLOW_REPLACE, DIRECTORY, DRY_RUN, INTERACTIVE, JSON_FLAG, PLATFORM, YES } from "./shared-flags.js";
import type { Flag, Verb } from "./verb.js";

export const adopt: Verb = {
  name: "adopt",
  summary:
    "Propose a prod-stack.yaml for hand-written manifests (plain YAML, Kustomize, rendered Helm), compare the checklist, and write what was confirmed.",
  positionals: [{ ...DIRECTORY, description: "Where the manifests are; the current directory by default." }],
  answers: [],
  flags: [
    { ...YES, description: "Write without asking; without it and without a terminal it only shows." },
    {
      name: "into",
      value: "DIR",
      completes: "directory",
      description: "Write into this directory, which does not exist yet, instead of beside the manifests.",
    },
    { name: "spec-only", description: "Write prod-stack.yaml alone." },
    {
      ...DRY_RUN,
      description: "Show the proposal, the checklist before and after, and what is left; write nothing.",
    },
    {
      ...JSON_FLAG,
      description: "Print it as JSON, each answer with the file and line that it comes from; asks nothing.",
    },
    {
      name: "git",
      description: "Check that git is not in the middle of something first; the default.",
      negatable: true,
    },
    PLATFORM,
    INTERACTIVE,
  ],
  examples: [
    ["create-prod-stack adopt", "shows what would be, then asks; never writes over a file"],
    ["create-prod-stack adopt k8s --into gitops --yes", "writes the generated repository into gitops"],
    ["create-prod-stack adopt --json", "for scripts: shows, and writes nothing"],
  ],
  load: () => import("./verbs/adopt.js"),
};

export const upgrade: Verb = {
  name: "upgrade",
  summary: "Bring a generated repository to this version, with everything that people edited.",
  positionals: [DIRECTORY],
  answers: [],
  flags: [
    {
      ...DRY_RUN,
      description: "Print the plan for each file and for the cluster, with a diff, and write nothing.",
    },
    JSON_FLAG,
    {
      name: "conflict",
      value: "HOW",
      choices: ["markers", "ours", "theirs", "fail"],
      description:
        "Where your edits and the new version disagree: write both between markers (the default), keep yours, take the generator's, or write nothing at all.",
    },
    {
      name: "restore",
      value: "PATH",
      repeatable: true,
      completes: "file",
      description: "Write a file again that you have deleted.",
    },
    ALLOW_REPLACE,
    {
      name: "git",
      description: "Check that everything is committed first, and tell git of conflicts; the default.",
      negatable: true,
    },
    PLATFORM,
  ],
  examples: [
    [
      "npx create-prod-stack@latest upgrade --dry-run",
      "shows what a new version would change, in files and in the cluster",
    ],
    ["create-prod-stack upgrade --conflict fail", "for scripts: all or nothing"],
  ],
  load: () => import("./verbs/upgrade.js"),
};

const CHECK_FLAGS: readonly Flag[] = [
  JSON_FLAG,
  { name: "strict", description: "Fail on edits too." },
  {
    name: "fail-on",
    value: "WHAT",
    choices: ["outdated"],
    description: "Fail also where an older version generated the repository.",
  },
  PLATFORM,
];

export const check: Verb = {
  name: "check",
  summary: "Say whether files, spec and version agree: stale (exit 2), edited, outdated.",
  positionals: [DIRECTORY],
  answers: [],
  flags: [
    ...CHECK_FLAGS,
    {
      name: "kubernetes",
      value: "VERSION",
      description:
        "Name the objects whose API version this Kubernetes, such as 1.38, has removed (exit 2) or deprecated; needs kustomize.",
    },
  ],
  examples: [
    ["create-prod-stack check", "for CI: fails where someone forgot to run create-prod-stack"],
    ["create-prod-stack check --kubernetes 1.38", "before a cluster is upgraded"],
    ["create-prod-stack check --strict --fail-on outdated --json", ""],
  ],
  load: () => import("./verbs/check.js"),
};

export const diff: Verb = {
  name: "diff",
  summary: "Print what people have edited, and what generating again would change.",
  positionals: [DIRECTORY],
  answers: [],
  flags: CHECK_FLAGS,
  examples: [["create-prod-stack diff", "exits like check"]],
  load: () => import("./verbs/diff.js"),
};

export const repair: Verb = {
  name: "repair",
  summary:
    "Rebuild .prod-stack/ from prod-stack.yaml, and settle generated files that a git merge left in conflict.",
  positionals: [DIRECTORY],
  answers: [],
  flags: [DRY_RUN, JSON_FLAG, PLATFORM],
  examples: [["create-prod-stack repair", "in the middle of a git merge, once prod-stack.yaml is resolved"]],
  load: () => import("./verbs/repair.js"),
};

export const eject: Verb = {
  name: "eject",
  summary: "Leave the generator: its state and its words go, everything else stays and builds.",
  positionals: [DIRECTORY],
  answers: [],
  flags: [
    DRY_RUN,
    JSON_FLAG,
    { name: "git", description: "Check that everything is committed first; the default.", negatable: true },
  ],
  examples: [["create-prod-stack eject --dry-run", "shows what would change"]],
  load: () => import("./verbs/eject.js"),
};
