// Owns: running lowered templates over views.
// Promises: a name that the view does not have is an error, in conditions too (Handlebars' strict mode lets those pass);
//           otherwise the same text as Handlebars with strict and noEscape (held by a differential test).
// Must not: decide anything; views are prepared in src/stack and src/capabilities.

import { StackError } from "../stack-error.js";
import { helpers } from "./helpers.js";
import type { Operation, PathRef, Program } from "./program.js";

interface Loop {
  readonly index: number;
  readonly key: string | number;
  readonly first: boolean;
  readonly last: boolean;
}

interface Frame {
  readonly template: string;
  readonly contexts: readonly unknown[];
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
  return run(templates, program, { template: id, contexts: [view], loop: undefined });
}

function run(templates: Templates, program: Program, frame: Frame): string {
  let text = "";
  for (const operation of program)
    text += typeof operation === "string" ? operation : step(templates, operation, frame);
  return text;
}

function step(templates: Templates, operation: Exclude<Operation, string>, frame: Frame): string {
  switch (operation[0]) {
    case "h": {
      const helper = helpers[operation[1]];
      if (helper === undefined) throw missing(frame.template, `no helper ${operation[1]}`);
      return helper(lookup(operation[2], frame));
    }
    case "i":
      return run(templates, isTruthy(lookup(operation[1], frame)) ? operation[2] : operation[3], frame);
    case "e":
      return each(templates, lookup(operation[1], frame), operation[2], frame);
    case "p":
      return partial(templates, operation, frame);
  }
}

function each(templates: Templates, value: unknown, program: Program, frame: Frame): string {
  if (value === null || typeof value !== "object")
    throw missing(frame.template, "each needs a list or a map");
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  let text = "";
  entries.forEach(([key, item], index) => {
    const loop = { index, key, first: index === 0, last: index === entries.length - 1 };
    text += run(templates, program, { template: frame.template, contexts: [...frame.contexts, item], loop });
  });
  return text;
}

function partial(
  templates: Templates,
  [, id, context, indent]: readonly ["p", string, PathRef, string],
  frame: Frame,
): string {
  const program = templates[id];
  if (program === undefined) throw missing(frame.template, `no such partial ${id}`);
  const text = run(templates, program, { template: id, contexts: [lookup(context, frame)], loop: undefined });
  return indent === "" ? text : text.replace(/^(?=.)/gm, indent);
}

function lookup(path: PathRef, frame: Frame): unknown {
  const [up, ...names] = path;
  let value: unknown = up === "@" ? frame.loop : frame.contexts[frame.contexts.length - 1 - Number(up)];
  for (const name of names) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) {
      throw missing(frame.template, `no name ${names.join(".")}`);
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function missing(template: string, what: string): StackError {
  return new StackError("internal", "TEMPLATE", `template ${template}: ${what}`);
}
