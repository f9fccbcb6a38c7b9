// Owns: flags and arguments that several verbs take.
// Promises: the same word means the same everywhere.
// Must not: list verbs.

import type { Flag, Positional } from "./verb.js";

export const COMMON_FLAGS: readonly Flag[] = [
  { name: "help", short: "h", description: "Show this help." },
  { name: "version", short: "V", description: "Show the version." },
  { name: "debug", description: "Show the stack trace of an error." },
];

export const SET: Flag = {
  name: "set",
  value: "PATH=VALUE",
  description: "Give any value of prod-stack.yaml, such as monitoring.slo.availability=99.5.",
  repeatable: true,
};
export const JSON_FLAG: Flag = { name: "json", description: "Print the result as JSON." };
export const YES: Flag = {
  name: "yes",
  short: "y",
  description: "Take the defaults of what is not answered; ask nothing.",
};
export const DRY_RUN: Flag = {
  name: "dry-run",
  description: "Print what would happen to each file, and write nothing.",
};
export const FORCE: Flag = { name: "force", description: "Replace unknown files that are in the way." };
export const INTERACTIVE: Flag = {
  name: "interactive",
  description: "Ask at the terminal; the default where there is one.",
  negatable: true,
};
export const PLATFORM: Flag = {
  name: "platform",
  value: "FILE",
  completes: "file",
  description: "Settings that all stacks share; platform.yaml beside or above the stack by default.",
};
export const ENVIRONMENT: Flag = {
  name: "environment",
  short: "e",
  value: "NAME",
  description: "The environment to look at.",
};

export const CLUSTER: Flag = {
  name: "cluster",
  value: "NAME",
  description: "Which of the environment's clusters, where it has several.",
};

export const DIRECTORY: Positional = {
  name: "dir",
  description: "Where; the current directory by default.",
  optional: true,
  completes: "directory",
};

export const ALLOW_REPLACE: Flag = {
  name: "allow-replace",
  value: "KIND/NAME",
  description: "Delete, rename or replace this object although it holds data.",
  repeatable: true,
};
