// Owns: what a generated repository records about its own generation, in .prod-stack/.
// Promises: text that git merges (one line per path, merged by union); reading treats every byte as untrusted.
// Must not: read or write files.

import { hash } from "node:crypto";
import type { Ownership } from "../capabilities/capability.js";
import { StackError } from "../stack-error.js";

export const STATE_DIRECTORY = ".prod-stack";
export const STATE_FILE = `${STATE_DIRECTORY}/state.json`;
export const FILES_FILE = `${STATE_DIRECTORY}/files`;
export const BASE_DIRECTORY = `${STATE_DIRECTORY}/base`;

/** Version of this format. */
const FORMAT = 1;

/** What was last rendered for a path. */
export interface RecordedFile {
  readonly path: string;
  /** SHA-256 of the rendered bytes, hexadecimal. */
  readonly hash: string;
  readonly mode: 0o644 | 0o755;
  readonly ownership: Ownership;
}

export interface State {
  /** Version of the generator that last wrote the repository. */
  readonly generator: string;
  /** By path; two of one path where two branches rendered it and git united their lines. */
  readonly files: ReadonlyMap<string, readonly RecordedFile[]>;
}

export function hashOf(contents: string | Uint8Array): string {
  return hash("sha256", contents, "hex");
}

const LINE = /^([a-f0-9]{64}) (644|755) (managed|seeded|release) (.+)$/;

export function formatState(generator: string): string {
  return `${JSON.stringify({ format: FORMAT, generator }, null, 2)}\n`;
}

export function formatFiles(files: Iterable<RecordedFile>): string {
  const lines = [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ hash, mode, ownership, path }) => `${hash} ${mode.toString(8)} ${ownership} ${path}`);
  return `# What create-prod-stack last rendered: hash, mode, owner, path. Git merges it line by line; do not edit.\n${lines.join("\n")}\n`;
}

/**
 * Parses the state of a repository.
 * @throws StackError (input, STATE) when it is damaged, conflicted, or of a newer format
 */
export function parseState(stateText: string, filesText: string): State {
  const { format, generator } = parseHeader(stateText);
  if (format !== FORMAT)
    throw damaged(
      `format ${String(format)} is not known to this version`,
      "Install the version of create-prod-stack that wrote it.",
    );
  const files = new Map<string, RecordedFile[]>();
  for (const line of filesText.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    const match = LINE.exec(line);
    if (match === null) throw damaged(`"${line.slice(0, 60)}" is no record`);
    const [, hash = "", mode, ownership, path = ""] = match;
    const record: RecordedFile = {
      path,
      hash,
      mode: mode === "755" ? 0o755 : 0o644,
      ownership: ownership as Ownership,
    };
    files.set(path, [...(files.get(path) ?? []), record]);
  }
  return { generator, files };
}

function parseHeader(text: string): { format: unknown; generator: string } {
  try {
    const { format, generator } = JSON.parse(text) as Record<string, unknown>;
    if (typeof generator !== "string" || !/^[0-9A-Za-z.+-]{1,64}$/.test(generator))
      throw damaged("it names no generator version");
    return { format, generator };
  } catch (cause) {
    if (cause instanceof StackError) throw cause;
    throw damaged("state.json is not JSON");
  }
}

function damaged(
  what: string,
  hint = "Restore .prod-stack/ from git, or move it away and run create-prod-stack again with --force.",
): StackError {
  return new StackError("input", "STATE", `${STATE_DIRECTORY} is damaged: ${what}`, { hint });
}
