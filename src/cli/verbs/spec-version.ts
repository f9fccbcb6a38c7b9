// Owns: what verbs say of a prod-stack.yaml that is of another version of the schema than this program writes.
// Promises: an older one is read, and said; a newer one is refused before anything else, with the version to install.
// Must not: rewrite; upgrade does.

import {
  API_VERSION,
  isNewerSpec,
  isNewerVersion,
  rewriteSpec,
  StackError,
  salvage,
  VERSION,
} from "../../index.js";
import { note, type Terminal } from "../terminal.js";
import type { TextFile } from "./stack-files.js";

/** @throws StackError (input, NEWER_SPEC) */
export function refuseNewerSpec({ text, file }: TextFile, directory: string): void {
  const lines = text.split("\n");
  const line = lines.findIndex((candidate) => isNewerSpec(versionIn(candidate)));
  if (line < 0) return;
  const version = versionIn(lines[line] ?? "");
  const { generators } = salvage({ root: directory, path: "." });
  const wanted = generators.find(isNewerVersion) ?? "latest";
  throw new StackError(
    "input",
    "NEWER_SPEC",
    `${file} is newer than this create-prod-stack, which is ${VERSION}`,
    {
      hint: `Use the version that knows it: npx create-prod-stack@${wanted}`,
      problems: [
        {
          file,
          line: line + 1,
          column: (lines[line] ?? "").indexOf(version) + 1,
          path: "apiVersion",
          message: `version ${version} of the schema is not known yet`,
          expected: API_VERSION,
        },
      ],
    },
  );
}

function versionIn(line: string): string {
  return /^apiVersion:\s*["']?(prod-stack\/v[\w.-]{1,40})/.exec(line)?.[1] ?? "";
}

/** For verbs that read a spec and leave it as it is. */
export function noteOlderSpec({ text, file }: TextFile, terminal: Terminal): void {
  if (text.includes(API_VERSION)) return;
  const rewritten = rewriteSpec(text);
  if (rewritten === undefined) return;
  const { from, to } = rewritten;
  note(
    terminal,
    `${file} is of version ${from}, and is read as ${to}; create-prod-stack upgrade rewrites it so.`,
  );
}
