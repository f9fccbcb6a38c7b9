// Owns: the table of verbs and flags. Parsing, help and completion derive from it.
// Promises: flags of answers are not repeated here; they come from the schema through answer-table.
// Must not: load a verb before it runs.

import type { Arguments } from "./parse-arguments.js";
import type { Terminal } from "./terminal.js";

export interface Flag {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  /** Placeholder of its value; a flag without one is a switch. */
  readonly value?: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  /** `--no-NAME` exists as well. */
  readonly negatable?: boolean;
  readonly completes?: "file" | "directory";
}

export interface Positional {
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: "file" | "directory" | "topic";
}

/** What became of a verb; only main turns it into an exit code. */
export type Outcome = "done" | "conflicts" | "invalid" | "failed";

export interface Verb {
  /** Empty for the verb that needs no name. */
  readonly name: string;
  readonly summary: string;
  readonly positionals: readonly Positional[];
  readonly flags: readonly Flag[];
  /** Fields of prod-stack.yaml whose flags it takes. */
  readonly answers: readonly string[];
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly load: () => Promise<{ run: (args: Arguments, terminal: Terminal) => Promise<Outcome> }>;
}

export const COMMON_FLAGS: readonly Flag[] = [
  { name: "help", short: "h", description: "Show this help." },
  { name: "version", short: "V", description: "Show the version." },
  { name: "debug", description: "Show the stack trace of an error." },
];

const SET: Flag = {
  name: "set",
  value: "PATH=VALUE",
  description: "Give any value of prod-stack.yaml, such as monitoring.slo.availability=99.5.",
  repeatable: true,
};
const JSON_FLAG: Flag = { name: "json", description: "Print the result as JSON." };
const YES: Flag = {
  name: "yes",
  short: "y",
  description: "Take the defaults of what is not answered; ask nothing.",
};
const DRY_RUN: Flag = {
  name: "dry-run",
  description: "Print what would happen to each file, and write nothing.",
};
const FORCE: Flag = { name: "force", description: "Replace unknown files that are in the way." };
const INTERACTIVE: Flag = {
  name: "interactive",
  description: "Ask at the terminal; the default where there is one.",
  negatable: true,
};
const PLATFORM: Flag = {
  name: "platform",
  value: "FILE",
  completes: "file",
  description: "Settings that all stacks share; platform.yaml beside or above the stack by default.",
};
const ENVIRONMENT: Flag = {
  name: "environment",
  short: "e",
  value: "NAME",
  description: "The environment to look at.",
};

const CLUSTER: Flag = {
  name: "cluster",
  value: "NAME",
  description: "Which of the environment's clusters, where it has several.",
};

const create: Verb = {
  name: "",
  summary: "Make a production-ready GitOps repository, or bring an existing one up to date.",
  positionals: [
    {
      name: "dir",
      description: "Where; the current directory by default.",
      optional: true,
      completes: "directory",
    },
  ],
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
  positionals: [
    {
      name: "dir",
      description: "Where; the current directory by default.",
      optional: true,
      completes: "directory",
    },
  ],
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
export const VERBS: readonly Verb[] = [add, show, explain, validate, completion];

/** Everything that a verb takes, those of its answers first. */
export async function flagsOf(verb: Verb): Promise<readonly Flag[]> {
  const answers =
    verb.answers.length === 0 ? [] : (await import("./answer-table.js")).answerFlags(verb.answers);
  return [...answers, ...verb.flags, ...COMMON_FLAGS];
}
