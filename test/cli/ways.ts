// Owns: ways through the questions: together they come to every question that the command can ask.
// Promises: each step names its question and the keys that answer it; the last step is the one before anything is written.
// Must not: press keys.

import { put, run } from "./command.js";

export interface Step {
  /** The beginning of the question. */
  readonly question: string;
  /** What answers it; Enter takes what is offered. */
  readonly keys?: readonly string[];
  /** Where the answer is typed: text that cannot be it, and what is said of it. */
  readonly wrong?: readonly [text: string, message: string];
}

export interface Way {
  readonly name: string;
  readonly args: string;
  readonly steps: readonly Step[];
  /** What is there before the command starts. */
  readonly prepare?: (cwd: string) => Promise<void>;
}

const NAME = ["No_Good", "expected a DNS label"] as const;
const IMAGE = ["not an image", "expected an image reference"] as const;
const PORT = ["99999", "expected a port number"] as const;
const HOST = ["not a host", "expected a DNS name"] as const;
const DOMAIN = ["not a domain", "expected a DNS name"] as const;

const SCHEDULE = ["at noon", "expected a cron schedule"] as const;
const MODEL = ["models/x", "expected an address of s3://"] as const;

/** So many below what is offered first. */
const below = (count: number) => [...Array.from({ length: count }, () => "Down"), "Enter"];

const [NEXT, AFTER_NEXT] = [
  ["Down", "Enter"],
  ["Down", "Down", "Enter"],
];

/** Everything by its default: Enter, Enter, Enter. */
export const SHORTEST: Way = {
  name: "the shortest",
  args: "shop",
  steps: [
    { question: "What kind of service is it?" },
    { question: "What is the service called?", wrong: NAME },
    { question: "What does it run on?" },
    { question: "Container image?", wrong: IMAGE },
    { question: "Which port does it listen on?", wrong: PORT },
    { question: "Can it be reached from outside of the cluster?" },
    { question: "Host name?", wrong: HOST },
    { question: "Is there another service in this stack?" },
    { question: "Does it need a datastore?" },
    { question: "Which environments?" },
    { question: "Domain of dev?", wrong: DOMAIN },
    { question: "Domain of prod?", wrong: DOMAIN },
    { question: "What is the stack called?", wrong: NAME },
    { question: "Which team owns it?", wrong: ["No Good", "expected"] },
    { question: "Git address of this repository?", wrong: ["not an address", "expected"] },
    { question: "Write these files?" },
  ],
};

const LONGEST: Way = {
  name: "the longest",
  args: "shop --no-git",
  steps: [
    ...SHORTEST.steps.slice(0, 7),
    { question: "Is there another service in this stack?", keys: NEXT },
    { question: "What kind of service is it?", keys: NEXT },
    {
      question: "What is the service called? (frontend)",
      wrong: ["shop", "there is a service shop already"],
    },
    { question: "What does it run on?" },
    { question: "Container image? (ghcr.io/example-org/frontend:1.0.0)", wrong: IMAGE },
    { question: "Which port does it listen on?", wrong: PORT },
    { question: "Can it be reached from outside of the cluster?", keys: NEXT },
    { question: "Is there another service in this stack?" },
    { question: "Does it need a datastore?", keys: NEXT },
    { question: "What is the datastore called? (redis)", wrong: ["shop", "the name shop is taken"] },
    { question: "Is redis a store or a cache?", keys: NEXT },
    { question: "Another datastore?" },
    { question: "What does shop talk to?", keys: ["Space", "Enter"] },
    { question: "What does frontend talk to?" },
    { question: "Which environments?", keys: AFTER_NEXT },
    { question: "What is the environment called? (dev)", wrong: NAME },
    { question: "Which tier is dev?" },
    { question: "Domain of dev?", wrong: DOMAIN },
    { question: "Another environment?" },
    { question: "What is the environment called? (staging)", wrong: ["dev", "there is an environment dev"] },
    { question: "Which tier is staging?", keys: NEXT },
    { question: "Domain of staging?", wrong: DOMAIN },
    { question: "Another environment?" },
    ...SHORTEST.steps.slice(12),
  ],
};

const UNTYPED: Way = {
  name: "from a file that lacks a type",
  args: "shop --no-git --answers answers.yaml",
  steps: [
    { question: "What kind of service is api?" },
    { question: "Container image?", wrong: IMAGE },
    { question: "Which port does it listen on?", wrong: PORT },
    { question: "Which engine?" },
    { question: "Which environments?" },
    { question: "Domain of dev?", wrong: DOMAIN },
    { question: "Domain of prod?", wrong: DOMAIN },
    { question: "Write these files?" },
  ],
  prepare: async (cwd) => {
    const source = "source: { url: https://git.example.com/shop }";
    put(cwd, "answers.yaml", `name: shop\n${source}\nservices: { api: {} }\ndatastores: { cache: {} }\n`);
  },
};

async function generated(cwd: string): Promise<void> {
  const words = [".", "--yes", "--name", "shop", "--service-name", "shop", "--no-git"];
  const { code, stderr } = await run(words, { cwd });
  if (code !== 0) throw new Error(stderr);
}

const ADDITIONS: readonly Way[] = [
  {
    name: "adding a service",
    args: "add service api",
    prepare: generated,
    steps: [
      { question: "What kind of service is api?" },
      { question: "What does it run on?" },
      { question: "Container image?", wrong: IMAGE },
      { question: "Which port does it listen on?", wrong: PORT },
      { question: "Can it be reached from outside of the cluster?" },
      { question: "Host name?", wrong: HOST },
      { question: "What does api talk to?" },
      { question: "Make these changes?" },
    ],
  },
  {
    name: "adding a scheduled job",
    args: "add service report",
    prepare: generated,
    steps: [
      { question: "What kind of service is report?", keys: below(4) },
      { question: "When does it run?", wrong: SCHEDULE },
      { question: "What does it run on?" },
      { question: "Container image?", wrong: IMAGE },
      { question: "What does report talk to?" },
      { question: "Make these changes?" },
    ],
  },
  {
    name: "adding a model",
    args: "add service scorer",
    prepare: generated,
    steps: [
      { question: "What kind of service is scorer?", keys: below(9) },
      { question: "Who serves the model?" },
      { question: "Which framework is the model of?" },
      { question: "Where does the model lie?", wrong: MODEL },
      { question: "Can it be reached from outside of the cluster?", keys: NEXT },
      { question: "What does scorer talk to?" },
      { question: "Make these changes?" },
    ],
  },
  {
    name: "adding a datastore",
    args: "add datastore cache",
    prepare: generated,
    steps: [
      { question: "Which engine?" },
      { question: "Is cache a store or a cache?" },
      { question: "Which services talk to cache?" },
      { question: "Make these changes?" },
    ],
  },
  {
    name: "adding an environment",
    args: "add environment staging",
    prepare: generated,
    steps: [
      { question: "Which tier is staging?" },
      { question: "Domain of staging?", wrong: DOMAIN },
      { question: "Make these changes?" },
    ],
  },
];

export const WAYS: readonly Way[] = [SHORTEST, LONGEST, UNTYPED, ...ADDITIONS];
