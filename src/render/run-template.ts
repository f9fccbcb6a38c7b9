// Owns: running lowered templates over views.
// Promises: a name that the view does not have is an error, in conditions too (Handlebars' strict mode lets those pass);
//           otherwise the same text as Handlebars with strict and noEscape (held by a differential test).
// Must not: decide anything; views are prepared in src/stack and src/capabilities.

import { StackError } from "../stack-error.js";
import { helpers } from "./format-value.js";
import type { Operation, PathRef, Program } from "./program.js";

interface Loop {
  readonly index: number;
  readonly key: string | number;
  readonly first: boolean;
  readonly last: boolean;
}

/** What a name is looked up in: a value, and the scopes around it for `../`. */
interface Scope {
  readonly template: string;
  readonly value: unknown;
  readonly around: Scope | undefined;
  readonly loop: Loop | undefined;
}

export type Templates = Readonly<Record<string, Program>>;

/**
 * The text of template `id` for `view`.
 * @throws StackError (internal) when the template, a partial, a helper or a name is missing.
 */
export function runTemplate(templates: Templates, id: string, view: unknown): string {
  const program = templates[id];
  if (program === undefined) throw missing(id, "no such template");
  return run(templates, program, { template: id, value: view, around: undefined, loop: undefined });
}

function run(templates: Templates, program: Program, scope: Scope): string {
  let text = "";
  for (const operation of program)
    text += typeof operation === "string" ? operation : step(templates, operation, scope);
  return text;
}

function step(templates: Templates, operation: Exclude<Operation, string>, scope: Scope): string {
  switch (operation[0]) {
    case "h": {
      const helper = helpers[operation[1]];
      if (helper === undefined) throw missing(scope.template, `no helper ${operation[1]}`);
      return helper(lookup(operation[2], scope));
    }
    case "i":
      return run(templates, isTruthy(lookup(operation[1], scope)) ? operation[2] : operation[3], scope);
    case "e":
      return each(templates, lookup(operation[1], scope), operation[2], scope);
    case "p":
      return partial(templates, operation[1], lookup(operation[2], scope), operation[3], scope);
  }
}

function each(templates: Templates, value: unknown, program: Program, around: Scope): string {
  if (value === null || typeof value !== "object")
    throw missing(around.template, "each needs a list or a map");
  const isList = Array.isArray(value);
  const keys = isList ? value : Object.keys(value);
  let text = "";
  for (let index = 0; index < keys.length; index += 1) {
    const key = isList ? index : keys[index];
    const loop = { index, key, first: index === 0, last: index === keys.length - 1 };
    const item = (value as Record<string | number, unknown>)[key];
    text += run(templates, program, { template: around.template, value: item, around, loop });
  }
  return text;
}

function partial(templates: Templates, id: string, value: unknown, indent: string, scope: Scope): string {
  const program = templates[id];
  if (program === undefined) throw missing(scope.template, `no such partial ${id}`);
  const text = run(templates, program, { template: id, value, around: undefined, loop: undefined });
  return indent === "" ? text : indented(text, indent);
}

/** Every line that is not empty, moved in. */
function indented(text: string, indent: string): string {
  let result = "";
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline + 1;
    result += text.charCodeAt(start) === NEWLINE ? "\n" : indent + text.slice(start, end);
    start = end;
  }
  return result;
}

const NEWLINE = 10;

/** Written for speed: this runs a hundred times a file. */
function lookup(path: PathRef, scope: Scope): unknown {
  let value: unknown = path[0] === "@" ? scope.loop : scopeAt(scope, path[0] as number).value;
  for (let index = 1; index < path.length; index += 1) {
    const name = path[index] as string;
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name))
      throw missing(scope.template, `no name ${path.slice(1).join(".")}`);
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function scopeAt(scope: Scope, up: number): Scope {
  let found = scope;
  for (let steps = up; steps > 0; steps -= 1) {
    if (found.around === undefined) throw missing(scope.template, "a path leaves the template");
    found = found.around;
  }
  return found;
}

function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function missing(template: string, what: string): StackError {
  return new StackError("internal", "TEMPLATE", `template ${template}: ${what}`);
}
