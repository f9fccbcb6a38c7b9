// Owns: turning one Handlebars template into operations that src/render/run-template.ts runs.
// Promises: the subset in TEMPLATES (docs/adr) and nothing else: text, {{helper path}}, if, unless, each, partials.
//           A bare {{path}} is refused: every value passes through a helper that knows the file's format.
// Must not: run at run time; no user text ever comes here.

import Handlebars from "handlebars";
import type { Operation, PathRef, Program } from "../../src/render/program.js";

/** Helpers by file format: what a value may pass through on its way into such a file. */
const HELPERS: Record<string, readonly string[]> = {
  yaml: ["q", "line", "json", "block"],
  json: ["json", "text"],
  sh: ["sh", "line"],
  md: ["md", "code", "line", "plain"],
  text: ["line", "plain", "q", "sh"],
};

/** What a loop knows of itself. */
const LOOP = ["first", "index", "key", "last"];

const FORMATS: Record<string, string> = { yaml: "yaml", yml: "yaml", json: "json", sh: "sh", md: "md" };

export interface LoweredTemplate {
  readonly id: string;
  readonly program: Program;
}

/** The format of a template by the extension of the file that it makes. */
export function formatOf(id: string): string {
  return FORMATS[id.slice(id.lastIndexOf(".") + 1)] ?? "text";
}

/** @throws Error naming template and line for anything outside of the subset. */
export function lowerTemplate(id: string, source: string): LoweredTemplate {
  const lowering = new Lowering(id, HELPERS[formatOf(id)] ?? []);
  return { id, program: lowering.program(Handlebars.parse(source), 0) };
}

class Lowering {
  constructor(
    private readonly id: string,
    private readonly helpers: readonly string[],
  ) {}

  program(block: hbs.AST.Program | undefined, depth: number): Program {
    return (block?.body ?? []).flatMap((statement) => this.statement(statement, depth));
  }

  private statement(node: hbs.AST.Statement, depth: number): Operation[] {
    switch (node.type) {
      case "ContentStatement":
        return (node as hbs.AST.ContentStatement).value === ""
          ? []
          : [(node as hbs.AST.ContentStatement).value];
      case "CommentStatement":
        return [];
      case "MustacheStatement":
        return [this.mustache(node as hbs.AST.MustacheStatement, depth)];
      case "BlockStatement":
        return [this.block(node as hbs.AST.BlockStatement, depth)];
      case "PartialStatement":
        return [this.partial(node as hbs.AST.PartialStatement, depth)];
      default:
        throw this.error(node, `${node.type} is not in the subset`);
    }
  }

  private mustache(node: hbs.AST.MustacheStatement, depth: number): Operation {
    const name = (node.path as hbs.AST.PathExpression).original;
    const [value, extra] = node.params;
    this.refuseNamed(node);
    if (!node.escaped) throw this.error(node, "three braces say nothing here: nothing is escaped for HTML");
    if (value === undefined)
      throw this.error(node, `{{${name}}} has no helper; use one of ${this.helpers.join(", ")}`);
    if (!this.helpers.includes(name) || extra !== undefined)
      throw this.error(node, `{{${name} …}} is not a helper of this format: ${this.helpers.join(", ")}`);
    return ["h", name, this.path(value, depth)];
  }

  private block(node: hbs.AST.BlockStatement, depth: number): Operation {
    const name = node.path.type === "PathExpression" ? (node.path as hbs.AST.PathExpression).original : "";
    const [value, extra] = node.params;
    this.refuseNamed(node);
    if (value === undefined || extra !== undefined) throw this.error(node, `{{#${name}}} takes one path`);
    if ((node.program?.blockParams ?? []).length > 0)
      throw this.error(node, "block parameters are not in the subset");
    const path = this.path(value, depth);
    if (name === "if")
      return ["i", path, this.program(node.program, depth), this.program(node.inverse, depth)];
    if (name === "unless")
      return ["i", path, this.program(node.inverse, depth), this.program(node.program, depth)];
    if (name === "each" && node.inverse === undefined)
      return ["e", path, this.program(node.program, depth + 1)];
    throw this.error(node, `{{#${name}}} is not in the subset`);
  }

  private partial(node: hbs.AST.PartialStatement, depth: number): Operation {
    if (node.name.type !== "PathExpression") throw this.error(node, "a partial is called by its name");
    const name = (node.name as hbs.AST.PathExpression).original;
    const [context, extra] = node.params;
    this.refuseNamed(node);
    if (extra !== undefined) throw this.error(node, `{{> ${name}}} takes one path`);
    return ["p", name, context === undefined ? [0] : this.path(context, depth), node.indent];
  }

  private path(node: hbs.AST.Expression, depth: number): PathRef {
    if (node.type !== "PathExpression") throw this.error(node, "only paths may be passed");
    const { data, depth: up, parts } = node as hbs.AST.PathExpression;
    if (data && !LOOP.includes(parts.join(".")))
      throw this.error(node, `@${parts.join(".")} is none of ${LOOP.join(", ")}`);
    if (data) return ["@", ...parts];
    if (up > depth) throw this.error(node, "reaches outside of the template");
    return [up, ...parts];
  }

  private refuseNamed(node: { hash?: hbs.AST.Hash } & hbs.AST.Node): void {
    if (node.hash !== undefined) throw this.error(node, "named values are not in the subset");
  }

  private error(node: hbs.AST.Node, message: string): Error {
    return new Error(`templates/${this.id}.hbs:${node.loc.start.line}: ${message}`);
  }
}
