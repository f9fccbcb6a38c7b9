// Owns: the answers that have a flag of their own, and how a flag's text becomes a value of prod-stack.yaml.
// Promises: names, descriptions and words come from the schema, where they are written once.
// Must not: hold defaults or the order of questions.

import { describeField, type FieldDescription, StackError } from "../index.js";
import type { Flag } from "./verb.js";

/** How a field is written on the command line. */
interface Form {
  readonly value: string;
  readonly repeatable?: boolean;
  readonly negatable?: boolean;
}

const FORMS: Readonly<Record<string, Form>> = {
  name: { value: "NAME" },
  owner: { value: "TEAM" },
  "source.url": { value: "URL" },
  "source.revision": { value: "BRANCH" },
  "source.path": { value: "PATH" },
  services: { value: "NAME" },
  "services.*.type": { value: "TYPE" },
  "services.*.runtime": { value: "RUNTIME" },
  "services.*.image": { value: "IMAGE" },
  "services.*.ports": { value: "NUMBER|NAME=NUMBER", repeatable: true },
  "services.*.schedules": { value: "[NAME=]CRON", repeatable: true },
  "services.*.serving": { value: "WHO" },
  "services.*.framework": { value: "FRAMEWORK" },
  "services.*.storage": { value: "ADDRESS" },
  "services.*.expose.host": { value: "HOST", negatable: true },
  "services.*.uses": { value: "NAME", repeatable: true },
  datastores: { value: "NAME=ENGINE[:ROLE]", repeatable: true },
  "datastores.*.engine": { value: "ENGINE" },
  "datastores.*.role": { value: "ROLE" },
  environments: { value: "NAME=TIER:DOMAIN", repeatable: true },
  "environments.*.tier": { value: "TIER" },
  "environments.*.domain": { value: "DOMAIN" },
};

/** What the schema says of a field that has a flag. */
export function fieldOf(path: string): FieldDescription & { readonly flag: string } {
  const field = describeField(path);
  if (field?.flag === undefined)
    throw new StackError("internal", "FIELD", `the schema gives ${path} no flag`);
  return { ...field, flag: field.flag };
}

export function answerFlags(paths: readonly string[]): Flag[] {
  return paths.map((path) => {
    const { flag: name, description, choices, default: preset } = fieldOf(path);
    const suffix = preset === undefined ? "" : ` Default: ${preset === "." ? "the root" : preset}.`;
    return { name, ...(FORMS[path] ?? { value: "VALUE" }), description: `${description}${suffix}`, choices };
  });
}

/** `NAME=ENGINE[:ROLE]` of --datastore. */
export function readDatastore(text: string): { name: string; engine: string; role: string | undefined } {
  const [, name, engine, role] = /^([^=]+)=([^=:]+)(?::(.+))?$/.exec(text) ?? [];
  if (name === undefined || engine === undefined) throw malformed("datastores", text, "cache=redis:cache");
  return { name, engine, role };
}

/** `NAME=TIER:DOMAIN` of --environment. */
export function readEnvironment(text: string): { name: string; tier: string; domain: string } {
  const [, name, tier, domain] = /^([^=]+)=([^:]+):(.+)$/.exec(text) ?? [];
  if (name === undefined || tier === undefined || domain === undefined) {
    throw malformed("environments", text, "prod=production:example.com");
  }
  return { name, tier, domain };
}

/** `8080` or `grpc=9000` of --port; what is no number stays text, for the schema to refuse. */
export function readPort(text: string, type: unknown): { name: string; port: number | string } {
  const [, name, number = text] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const port = /^[0-9]{1,9}$/.test(number) ? Number(number) : number;
  return { name: name ?? portName(type), port };
}

/** `0 2 * * *` or `daily=0 2 * * *` of --schedule; the schema judges the cron expression. */
export function readSchedule(text: string): { name: string; cron: string } {
  const [, name = "main", cron = text] = /^([a-z][a-z0-9-]*)=(.*)$/.exec(text) ?? [];
  return { name, cron };
}

export function portName(type: unknown): string {
  return type === "grpc-service" ? "grpc" : "http";
}

/** `path=value` of --set: a dotted path, in which a name with dots is quoted, and a value in YAML. */
export function readSetting(text: string): { path: string[]; value: string } {
  const at = text.search(/=(?=(?:[^"]*"[^"]*")*[^"]*$)|=/);
  const parts = text.slice(0, Math.max(at, 0)).match(/"[^"]+"|[^."]+/g) ?? [];
  if (at <= 0 || parts.length === 0) {
    throw new StackError("input", "SET", `--set ${text} is not PATH=VALUE`, {
      hint: "Write for example --set monitoring.slo.availability=99.5.",
    });
  }
  return { path: parts.map((part) => part.replaceAll('"', "")), value: text.slice(at + 1) };
}

function malformed(path: string, text: string, example: string): StackError {
  const { flag } = fieldOf(path);
  const { value } = FORMS[path] ?? { value: "VALUE" };
  return new StackError("input", "FLAG_VALUE", `--${flag} ${text} is not ${value}`, {
    hint: `Write for example --${flag} ${example}.`,
  });
}
