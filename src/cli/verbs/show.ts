// Owns: `create-prod-stack show`: the resolved stack with the origin of every value.
// Promises: valid YAML, whose trailing comments name the line or the table that gave each value.
// Must not: resolve; the core does.

import { resolve } from "node:path";
import {
  didYouMean,
  explainOrigins,
  type ParsedSpec,
  type PlatformSpec,
  type Rendered,
  renderStack,
  StackError,
} from "../../index.js";
import { at } from "../answers/draft-text.js";
import type { Outcome } from "../command-table.js";
import { type Arguments, isOn, textOf } from "../parse-arguments.js";
import { toJson } from "../reporters/json-report.js";
import { type Annotated, yamlLines } from "../reporters/yaml-report.js";
import { print, type Terminal } from "../terminal.js";
import { readPlatform, readStack } from "./stack-files.js";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const { directory, spec } = readStack(terminal);
  const rendered = renderStack({ spec, platform: readPlatform(args, resolve(directory), terminal) });
  const environment = textOf(args, "environment");
  checkEnvironment(rendered, environment);
  const resolved = resolveValues(rendered, environment);
  if (isOn(args, "json")) print(terminal, toJson(toPlain(resolved)));
  else for (const line of yamlLines(resolved, terminal)) print(terminal, line);
  return "done";
}

function checkEnvironment({ stack }: Rendered, environment: string | undefined): void {
  const names = stack.environments.map(({ name }) => name);
  if (environment === undefined || names.includes(environment)) return;
  const nearest = didYouMean(environment, names);
  const suffix = nearest === undefined ? "" : `; ${nearest}`;
  throw new StackError("input", "ENVIRONMENT", `no environment is called "${environment}"${suffix}`, {
    hint: `Environments are ${names.join(", ")}.`,
  });
}

/** The stack's own facts, then what its layers give. */
function resolveValues(rendered: Rendered, environment: string | undefined): Annotated[] {
  const { stack, parsed, platform } = rendered;
  const { values, origins } = explainOrigins(parsed, platform, environment);
  const said = (path: readonly string[], value: unknown, otherwise = "default"): Annotated => ({
    key: path.at(-1) ?? "",
    value,
    origin: at(parsed.data, path) === undefined ? otherwise : lineOf(parsed, path),
  });
  const place = stack.environments.find(({ name }) => name === environment);
  const inEnvironment = (key: "tier" | "namespace" | "domain" | "server") =>
    said(["environments", environment ?? "", key], place?.[key]);
  return [
    said(["name"], stack.name),
    said(["owner"], stack.owner),
    {
      key: "source",
      value: (["url", "revision", "path"] as const).map((key) => said(["source", key], stack.source[key])),
      origin: "",
    },
    ...(place === undefined ? [] : (["tier", "namespace", "domain", "server"] as const).map(inEnvironment)),
    ...annotate(values, [], (path) => originOf(path, origins, parsed, platform)),
  ];
}

function annotate(
  value: unknown,
  path: readonly string[],
  origin: (path: readonly string[]) => string,
): Annotated[] {
  return Object.entries(value as object).map(([key, item]) => {
    const place = [...path, key];
    const isMap =
      item !== null && typeof item === "object" && !Array.isArray(item) && Object.keys(item).length > 0;
    return isMap
      ? { key, value: annotate(item, place, origin), origin: "" }
      : { key, value: item, origin: origin(place) };
  });
}

/** The layer that gave a value, as a line where the user wrote it. */
function originOf(
  path: readonly string[],
  origins: ReadonlyMap<string, string>,
  parsed: ParsedSpec<unknown>,
  platform: ParsedSpec<PlatformSpec> | undefined,
): string {
  const layer = origins.get(path.join(".")) ?? "default";
  if (layer === "stack") return lineOf(parsed, path);
  if (layer === "platform") return platform === undefined ? layer : lineOf(platform, path);
  const outer = /^(tiers|environments)\.(.+)$/.exec(layer);
  return outer === null ? layer : lineOf(parsed, [...outer.slice(1), ...path]);
}

function lineOf({ source }: ParsedSpec<unknown>, path: readonly string[]): string {
  return `${source.file}:${source.locate(path).line}`;
}

/** For JSON: `{ value, origin }` at each leaf. */
function toPlain(entries: readonly Annotated[]): object {
  return Object.fromEntries(
    entries.map(({ key, value, origin }) => [
      key,
      origin === "" && Array.isArray(value) ? toPlain(value as readonly Annotated[]) : { value, origin },
    ]),
  );
}
