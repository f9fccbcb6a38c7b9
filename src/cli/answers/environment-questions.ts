// Owns: the questions about environments: which, then tier and domain of each.
// Promises: pure; the first open question of a draft, or none.
// Must not: know what the answers lead to.

import { TIER_PRESETS } from "../../index.js";
import {
  type Draft,
  describePending,
  entriesOf,
  type FlowContext,
  isDecided,
  type Pending,
  withAnswer,
  withDecision,
  wordOf,
} from "./draft.js";
import { choicesOf, oneOf, type Question, wordsOf } from "./question.js";

const TIER_OF: Readonly<Record<string, string>> = {
  dev: "development",
  staging: "staging",
  prod: "production",
};

export function nextEnvironmentQuestion(draft: Draft, context: FlowContext): Question | undefined {
  const { pending } = draft;
  if (pending?.kind === "environments") return nameQuestion(draft, pending);
  const environments = entriesOf(draft, "environments");
  if (environments.length === 0 && context.only === undefined) return setQuestion(draft);
  for (const [name, environment] of environments) {
    if (context.only !== undefined && context.only.name !== name) continue;
    const tier = wordOf(environment.tier);
    if (tier === undefined) return tierQuestion(draft, name, context);
    if (environment.domain === undefined) return domainQuestion(draft, name, tier, context);
  }
  return isDecided(draft, "environments.more") && context.only === undefined
    ? anotherQuestion(draft)
    : undefined;
}

function setQuestion(draft: Draft): Question {
  const sets = [
    ["dev", "prod"],
    ["dev", "staging", "prod"],
  ];
  return {
    ...wordsOf("environments"),
    id: "environments",
    hint: "Places where the stack runs, from the first release to production.",
    choices: [
      ...sets.map((names) => ({ value: names.join(","), label: names.join(", ") })),
      { value: "own", label: "other names", hint: "one after the other" },
    ],
    initial: "dev,prod",
    required: true,
    accept: (value) =>
      value === "own"
        ? withDecision({ ...draft, pending: { kind: "environments", fields: {} } }, "environments.more")
        : oneOf(value)
            .split(",")
            .reduce(
              (result, name) => withAnswer(result, ["environments", name], { tier: TIER_OF[name] }),
              draft,
            ),
  };
}

function nameQuestion(draft: Draft, pending: Pending): Question {
  const taken = entriesOf(draft, "environments").map(([name]) => name);
  return {
    ...wordsOf("environments"),
    id: "environments.*",
    message: "What is the environment called?",
    hint: "Such as dev, staging, production.",
    initial: Object.keys(TIER_OF).find((name) => !taken.includes(name)) ?? "test",
    required: true,
    place: (name) => ["environments", name],
    refuse: (name) => (taken.includes(name) ? `there is an environment ${name} already` : undefined),
    accept: (name) => describePending(draft, { ...pending, name: oneOf(name) }, true),
  };
}

/** `create` has one flag per environment, `add environment` one per answer. */
function flagOf(field: string, { only }: FlowContext): string | undefined {
  return wordsOf(only === undefined ? "environments" : field).flag;
}

function tierQuestion(draft: Draft, name: string, context: FlowContext): Question {
  const path = ["environments", name, "tier"];
  return {
    ...wordsOf("environments.*.tier"),
    id: path.join("."),
    flag: flagOf("environments.*.tier", context),
    message: `Which tier is ${name}?`,
    choices: choicesOf("environments.*.tier", TIER_PRESETS),
    initial:
      TIER_OF[name] ??
      (name.startsWith("prod") ? "production" : name.startsWith("sta") ? "staging" : "development"),
    required: true,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

function domainQuestion(draft: Draft, name: string, tier: string, context: FlowContext): Question {
  const path = ["environments", name, "domain"];
  const { hint } = wordsOf("environments.*.domain");
  const parent = parentDomain(draft);
  return {
    id: path.join("."),
    flag: flagOf("environments.*.domain", context),
    hint,
    message: `Domain of ${name}?`,
    initial: tier === "production" ? parent : `${name}.${parent}`,
    required: true,
    place: () => path,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

/** What the domains that are known already have in common, as far as one can tell. */
function parentDomain(draft: Draft): string {
  for (const [name, environment] of entriesOf(draft, "environments")) {
    const domain = wordOf(environment.domain);
    if (domain === undefined) continue;
    if (environment.tier === "production") return domain;
    if (domain.startsWith(`${name}.`) && domain.split(".").length > 2) return domain.slice(name.length + 1);
  }
  return "example.com";
}

function anotherQuestion(draft: Draft): Question | undefined {
  if (isDecided(draft, "environments.done")) return undefined;
  return {
    id: "environments.more",
    flag: wordsOf("environments").flag,
    message: "Another environment?",
    hint: "More can be added later: create-prod-stack add environment NAME",
    choices: [
      { value: "yes", label: "yes" },
      { value: "no", label: "no" },
    ],
    initial: entriesOf(draft, "environments").some(([, { tier }]) => tier === "production") ? "no" : "yes",
    required: false,
    accept: (value) =>
      value === "yes"
        ? { ...draft, pending: { kind: "environments", fields: {} } }
        : withDecision(draft, "environments.done"),
  };
}
