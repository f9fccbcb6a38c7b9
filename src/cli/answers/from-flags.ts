// Owns: flags → answers of a draft.
// Promises: a flag is the answer to its question, so that the question is not asked.
// Must not: check values; the schema does.

import { readValue, type SpecDraft, StackError } from "../../index.js";
import {
  fieldOf,
  readDatastore,
  readEnvironment,
  readPort,
  readSchedule,
  readSetting,
} from "../answer-table.js";
import { type Arguments, listOf, textOf } from "../parse-arguments.js";
import { type Draft, entriesOf, withAnswer, withDecision } from "./draft.js";
import { usesOf } from "./service-questions.js";
import { schedulesOf } from "./type-questions.js";

const SIMPLE = ["name", "owner", "source.url", "source.revision", "source.path"];

/** The draft of `create`: the user's file, and what the flags say on top. */
export function draftFromFlags(args: Arguments, base: SpecDraft): Draft {
  let draft: Draft = { base, edits: [], decided: [] };
  for (const path of SIMPLE) draft = setText(draft, args, path, path.split("."));
  draft = setEnvironments(setDatastores(draft, args), args);
  draft = setService(draft, args);
  if (args.values.has("no-host")) draft = withDecision(draft, "expose");
  return withSettings(draft, args);
}

/** `--set` has the last word. */
export function withSettings(draft: Draft, args: Arguments): Draft {
  return listOf(args, "set").reduce((result, text) => {
    const { path, value } = readSetting(text);
    return withAnswer(result, path, readValue(value));
  }, draft);
}

function setText(draft: Draft, args: Arguments, field: string, path: readonly string[]): Draft {
  const text = textOf(args, fieldOf(field).flag);
  return text === undefined ? draft : withAnswer(draft, path, text);
}

function setDatastores(draft: Draft, args: Arguments): Draft {
  const given = listOf(args, "datastore").map(readDatastore);
  const result = given.reduce((current, { name, engine, role }) => {
    const known = withAnswer(current, ["datastores", name, "engine"], engine);
    return role === undefined ? known : withAnswer(known, ["datastores", name, "role"], role);
  }, draft);
  return given.length === 0 ? result : withDecision(result, "datastores");
}

function setEnvironments(draft: Draft, args: Arguments): Draft {
  return listOf(args, "environment")
    .map(readEnvironment)
    .reduce(
      (result, { name, tier, domain }) =>
        withAnswer(
          withAnswer(result, ["environments", name, "tier"], tier),
          ["environments", name, "domain"],
          domain,
        ),
      draft,
    );
}

/** What the flags say of one service. */
export function serviceFields(args: Arguments, type?: unknown): SpecDraft {
  const ports = listOf(args, "port").map((text) => readPort(text, textOf(args, "service-type") ?? type));
  const host = textOf(args, "host");
  const uses = listOf(args, "uses");
  const schedules = listOf(args, "schedule").map(readSchedule);
  const fields = {
    type: textOf(args, "service-type"),
    runtime: textOf(args, "runtime"),
    image: textOf(args, "image"),
    schedules: schedules.length === 0 ? undefined : schedulesOf(schedules),
    serving: textOf(args, "serving"),
    framework: textOf(args, "framework"),
    storage: textOf(args, "model-storage"),
    ports: ports.length === 0 ? undefined : Object.fromEntries(ports.map(({ name, port }) => [name, port])),
    expose: host === undefined ? undefined : { host },
    uses: uses.length === 0 ? undefined : usesOf(uses),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function setService(draft: Draft, args: Arguments): Draft {
  const fields = { ...impliedUses(draft, args), ...serviceFields(args) };
  const named = textOf(args, "service-name");
  if (named === undefined && Object.keys(fields).length === 0) return draft;
  const known = entriesOf(draft, "services").map(([name]) => name);
  const name = named ?? (known.length === 1 ? known[0] : undefined);
  if (name === undefined && known.length > 1) {
    throw new StackError("input", "SERVICE", "flags describe one service, and the answers have several", {
      hint: `Say which: --service-name ${known.join(" or ")}, or use --set services.NAME.image=….`,
    });
  }
  if (name === undefined) return { ...draft, pending: { kind: "services", fields } };
  const isOpen = !known.includes(name) && fields.type === undefined;
  if (isOpen) return { ...draft, pending: { kind: "services", name, fields } };
  const values = Object.entries(fields).map(([key, value]) => ({ path: ["services", name, key], value }));
  return { ...draft, edits: [...draft.edits, ...values] };
}

/** Who gives one service and its datastores means that it talks to them. */
function impliedUses(draft: Draft, args: Arguments): SpecDraft {
  const stores = listOf(args, "datastore").map((text) => readDatastore(text).name);
  const isOnly = entriesOf(draft, "services").length === 0;
  return stores.length > 0 && isOnly ? { uses: usesOf(stores) } : {};
}
