// Owns: reading the stack that a verb works on: prod-stack.yaml and platform.yaml.
// Promises: the same places for every verb.
// Must not: write.

import { relative, resolve } from "node:path";
import { type ParsedSpec, type PlatformSpec, parsePlatform, StackError } from "../../index.js";
import { type Arguments, textOf } from "../parse-arguments.js";
import { readTextFile } from "../place/read-text.js";
import { findPlatformFile, findStackDirectory } from "../place/work-tree.js";
import type { Terminal } from "../terminal.js";
import { noteOlderSpec, refuseNewerSpec } from "./spec-version.js";

export interface TextFile {
  readonly text: string;
  /** As errors mention it. */
  readonly file: string;
}

/** platform.yaml of a stack's directory: the one of --platform, or the nearest. */
export function readPlatform(args: Arguments, directory: string, terminal: Terminal): TextFile | undefined {
  const given = textOf(args, "platform");
  const path = given === undefined ? findPlatformFile(directory) : resolve(terminal.cwd, given);
  return path === undefined ? undefined : { text: readTextFile(path), file: shortPath(path, terminal) };
}

export function parsedPlatform(platform: TextFile | undefined): ParsedSpec<PlatformSpec> | undefined {
  return platform && parsePlatform(platform.text, platform.file);
}

/** The stack of the argument DIR, or the one in or above the current directory. */
export function readStack(
  args: Arguments,
  terminal: Terminal,
): { readonly directory: string; readonly spec: TextFile } {
  const given = args.verb.positionals[0]?.name === "dir" ? args.positionals[0] : undefined;
  const directory = findStackDirectory(resolve(terminal.cwd, given ?? "."));
  if (directory === undefined) {
    throw new StackError("input", "NO_STACK", "there is no prod-stack.yaml here", {
      hint: "Go into a generated repository, or make one: create-prod-stack my-stack",
    });
  }
  const path = resolve(directory, "prod-stack.yaml");
  const spec = { text: readTextFile(path), file: shortPath(path, terminal) };
  refuseNewerSpec(spec, directory);
  if (args.verb.name !== "upgrade") noteOlderSpec(spec, terminal);
  return { directory, spec };
}

/** A path from where the user stands, unless that is longer. */
export function shortPath(path: string, { cwd }: Terminal): string {
  const short = relative(cwd, path);
  return short === "" ? "." : short.startsWith("../..") ? path : short;
}
