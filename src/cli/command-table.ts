// Owns: the table of verbs and flags. Parsing, help and completion derive from it.
// Promises: flags of answers are not repeated here; they come from the schema through answer-table.
// Must not: load a verb before it runs.

import {
  ALLOW_REPLACE,
  CLUSTER,
  COMMON_FLAGS,
  DIRECTORY,
  DRY_RUN,
  ENVIRONMENT,
  FORCE,
  INTERACTIVE,
  JSON_FLAG,
  PLATFORM,
  SET,
  YES,
} from "./shared-flags.js";
import { adopt, check, diff, eject, repair, upgrade } from "./upkeep-verbs.js";
import type { Flag, Verb } from "./verb.js";

const create: Verb = {
  name: "",
  summary: "Make a production-ready GitOps repository, or bring an existing one up to date.",
  positionals: [DIRECTORY],
  answers: [
    "services.*.type",
    "services",
    "services.*.runtime",
    "services.*.image",
    "services.*.schedules",
    "services.*.serving",
    "services.*.framework",
    "services.*.storage",
    "services.*.ports",
    "services.*.expose.host",
    "services.*.uses",
    "datastores",
    "environments",
    "name",
    "owner",
    "source.url",
    "source.revision",
    "source.path",
  ],
  flags: [
    YES,
    {
      name: "answers",
      value: "FILE",
      completes: "file",
      description: "Take answers from a prod-stack.yaml, whole or partial; - reads standard input.",
    },
    SET,
    PLATFORM,
    DRY_RUN,
    JSON_FLAG,
    FORCE,
    ALLOW_REPLACE,
    {
      name: "git",
      description: "Make a git repository with a first commit, unless there is one.",
      negatable: true,
    },
    INTERACTIVE,
  ],
  examples: [
    ["create-prod-stack my-stack", "asks, shows what it will write, writes"],
    ["create-prod-stack my-stack --yes", "takes every default"],
    [
      "create-prod-stack my-stack --answers prod-stack.yaml --dry-run",
      "shows what a file of answers would give",
    ],
    [
      "create-prod-stack --set monitoring.slo.availability=99.5",
      "changes a value of the stack in this directory",
    ],
    ["create-prod-stack", "in a generated repository: brings it up to date"],
  ],
  load: () => import("./verbs/create.js"),
};

const add: Verb = {
  name: "add",
  summary: "Add a service, datastore or environment to the stack in this directory.",
  positionals: [
    { name: "kind", description: "What to add.", choices: ["service", "datastore", "environment"] },
    { name: "name", description: "Its name." },
  ],
  answers: [
    "services.*.type",
    "services.*.runtime",
    "services.*.image",
    "services.*.schedules",
    "services.*.serving",
    "services.*.framework",
    "services.*.storage",
    "services.*.ports",
    "services.*.expose.host",
    "services.*.uses",
    "datastores.*.engine",
    "datastores.*.role",
    "environments.*.tier",
    "environments.*.domain",
  ],
  flags: [
    {
      name: "used-by",
      value: "NAME",
      description: "A service that talks to the new datastore.",
      repeatable: true,
    },
    YES,
    SET,
    PLATFORM,
    DRY_RUN,
    JSON_FLAG,
    FORCE,
    ALLOW_REPLACE,
    INTERACTIVE,
  ],
  examples: [
    [
      "create-prod-stack add service worker --service-type worker --image ghcr.io/example-org/worker:1.0.0",
      "",
    ],
    ["create-prod-stack add datastore cache --engine valkey --role cache --used-by api", ""],
    ["create-prod-stack add environment staging --tier staging --domain staging.example.com", ""],
  ],
  load: () => import("./verbs/add.js"),
};

const show: Verb = {
  name: "show",
  summary: "Print the stack with every default made concrete, and where each value comes from.",
  positionals: [],
  answers: [],
  flags: [ENVIRONMENT, CLUSTER, PLATFORM, JSON_FLAG],
  examples: [
    ["create-prod-stack show", "what holds wherever no environment says otherwise"],
    ["create-prod-stack show --environment prod", "what holds in one environment"],
    ["create-prod-stack show --environment prod --cluster west", "what holds in one of its clusters"],
  ],
  load: () => import("./verbs/show.js"),
};

const explain: Verb = {
  name: "explain",
  summary:
    "Say what a file, a capability or a row of the checklist is, why it is there, and where to change it.",
  positionals: [
    {
      name: "topic",
      description:
        "Path of a generated file, id of a capability, or of a row such as SEC-06; without one, the list.",
      optional: true,
      completes: "topic",
    },
  ],
  answers: [],
  flags: [PLATFORM, JSON_FLAG],
  examples: [
    ["create-prod-stack explain", "lists everything that can be explained"],
    ["create-prod-stack explain base/kustomization.yaml", ""],
    ["create-prod-stack explain SEC-06", ""],
  ],
  load: () => import("./verbs/explain.js"),
};

const validate: Verb = {
  name: "validate",
  summary: "Check a generated repository: builds, schemas, rules.",
  positionals: [DIRECTORY],
  answers: [],
  flags: [
    { ...ENVIRONMENT, description: "Check one environment only." },
    {
      name: "kubernetes",
      value: "VERSION",
      description: "Check against this Kubernetes version; the stack's own by default.",
    },
    JSON_FLAG,
  ],
  examples: [
    ["create-prod-stack validate", "checks every environment"],
    ["create-prod-stack validate --environment prod --json", ""],
  ],
  load: () => import("./verbs/validate.js"),
};

const completion: Verb = {
  name: "completion",
  summary: "Print the completion script of a shell.",
  positionals: [{ name: "shell", description: "Which shell.", choices: ["bash", "zsh", "fish"] }],
  answers: [],
  flags: [],
  examples: [
    ["source <(create-prod-stack completion bash)", "in ~/.bashrc"],
    [
      "create-prod-stack completion zsh > ~/.zfunc/_create-prod-stack",
      "with fpath=(~/.zfunc $fpath) before compinit",
    ],
    ["create-prod-stack completion fish | source", "in config.fish"],
  ],
  load: () => import("./verbs/completion.js"),
};

export const CREATE = create;

/** The verbs that have a name. */
export const VERBS: readonly Verb[] = [
  add,
  adopt,
  show,
  explain,
  validate,
  check,
  diff,
  upgrade,
  repair,
  eject,
  completion,
];

/** Everything that a verb takes, those of its answers first. */
export async function flagsOf(verb: Verb): Promise<readonly Flag[]> {
  const answers =
    verb.answers.length === 0 ? [] : (await import("./answer-table.js")).answerFlags(verb.answers);
  return [...answers, ...verb.flags, ...COMMON_FLAGS];
}
