// Owns: the questions about datastores: engine first, then its name and role.
// Promises: pure; the first open question of a draft, or none.
// Must not: know what the answers lead to.

import { engines, type SpecDraft } from "../../index.js";
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
import { choicesOf, manyOf, oneOf, type Question, wordsOf } from "./question.js";
import { freeName, usesOf } from "./service-questions.js";

export function nextDatastoreQuestion(draft: Draft, context: FlowContext): Question | undefined {
  const { pending } = draft;
  if (pending?.kind === "datastores")
    return wordOf(pending.fields.engine) === undefined
      ? engineQuestion(draft, pending, context)
      : nameQuestion(draft, pending);
  for (const [name, store] of entriesOf(draft, "datastores")) {
    if (context.only !== undefined && context.only.name !== name) continue;
    if (store.engine === undefined)
      return engineQuestion(draft, { kind: "datastores", name, fields: {} }, context);
    if (context.optional && store.role === undefined && store.backup === undefined)
      return roleQuestion(draft, name, context);
    if (context.optional && context.only !== undefined) return usedByQuestion(draft, name);
  }
  return context.only === undefined && context.optional && !isDecided(draft, "datastores")
    ? anotherQuestion(draft)
    : undefined;
}

/** `create` has one flag per datastore, `add datastore` one per answer. */
function flagOf(field: string, { only }: FlowContext): string | undefined {
  return wordsOf(only === undefined ? "datastores" : field).flag;
}

function engineQuestion(draft: Draft, pending: Pending, context: FlowContext): Question {
  return {
    ...wordsOf("datastores.*.engine"),
    flag: flagOf("datastores.*.engine", context),
    id: `datastores.${pending.name ?? "*"}.engine`,
    choices: choicesOf("datastores.*.engine", engines),
    initial: "redis",
    required: true,
    accept: (value) =>
      describePending(draft, { ...pending, fields: { ...pending.fields, engine: oneOf(value) } }, true),
  };
}

function nameQuestion(draft: Draft, pending: Pending): Question {
  const taken = (["datastores", "services", "externals"] as const).flatMap((kind) =>
    entriesOf(draft, kind).map(([name]) => name),
  );
  return {
    ...wordsOf("datastores"),
    id: "datastores.*",
    initial: freeName(String(pending.fields.engine), taken),
    required: true,
    place: (name) => ["datastores", name],
    refuse: (name) => (taken.includes(name) ? `the name ${name} is taken` : undefined),
    accept: (name) => describePending(draft, { ...pending, name: oneOf(name) }, true),
  };
}

function roleQuestion(draft: Draft, name: string, context: FlowContext): Question {
  const path = ["datastores", name, "role"];
  return {
    ...wordsOf("datastores.*.role"),
    flag: flagOf("datastores.*.role", context),
    id: path.join("."),
    message: `Is ${name} a store or a cache?`,
    hint: "",
    choices: choicesOf("datastores.*.role", ROLES),
    initial: "store",
    required: false,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

const ROLES = {
  store: { summary: "data that must survive: persistence and backups" },
  cache: { summary: "data that may be lost: eviction, no backup" },
};

/** Of a datastore that is added to a stack that has services. */
function usedByQuestion(draft: Draft, name: string): Question | undefined {
  const services = entriesOf(draft, "services");
  const id = `datastores.${name}.used-by`;
  if (isDecided(draft, id) || services.some(([, { uses }]) => name in ((uses ?? {}) as object)))
    return undefined;
  return {
    id,
    flag: "used-by",
    message: `Which services talk to ${name}?`,
    hint: "They get its address and password, and the network policies let them in.",
    choices: services.map(([value]) => ({ value, label: value })),
    several: true,
    initial: services.length === 1 ? services.map(([service]) => service) : [],
    required: false,
    accept: (value) =>
      manyOf(value).reduce((result, service) => withUse(result, service, name), withDecision(draft, id)),
  };
}

export function withUse(draft: Draft, service: string, target: string): Draft {
  const found = entriesOf(draft, "services").find(([name]) => name === service)?.[1];
  const path = ["services", service, "uses"];
  return found?.uses === undefined
    ? withAnswer(draft, path, usesOf([target]))
    : withAnswer(draft, [...path, target], {} satisfies SpecDraft);
}

function anotherQuestion(draft: Draft): Question {
  const count = entriesOf(draft, "datastores").length;
  return {
    ...wordsOf("datastores"),
    id: "datastores",
    message: count === 0 ? "Does it need a datastore?" : "Another datastore?",
    hint: "Each gets storage, a password by reference, an exporter, alerts and backups.",
    choices: [{ value: "no", label: "no" }, ...choicesOf("datastores.*.engine", engines)],
    initial: "no",
    required: false,
    accept: (value) =>
      value === "no"
        ? withDecision(draft, "datastores")
        : { ...draft, pending: { kind: "datastores", fields: { engine: oneOf(value) } } },
  };
}
