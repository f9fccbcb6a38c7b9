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
  const records: RecordedFile[] = [];
  for (const line of filesText.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    const record = recordIn(line);
    if (record === undefined) throw damaged(`"${line.slice(0, 60)}" is no record`);
    records.push(record);
  }
  return { generator, files: byPath(records) };
}

function recordIn(line: string): RecordedFile | undefined {
  const [, hash, mode, ownership, path] = LINE.exec(line) ?? [];
  if (hash === undefined || path === undefined) return undefined;
  return { path, hash, mode: mode === "755" ? 0o755 : 0o644, ownership: ownership as Ownership };
}

function byPath(records: readonly RecordedFile[]): Map<string, RecordedFile[]> {
  const files = new Map<string, RecordedFile[]>();
  for (const record of records) files.set(record.path, [...(files.get(record.path) ?? []), record]);
  return files;
}

/** What can still be read of a state that is damaged, conflicted or lost. */
export interface Salvaged {
  /** Every version that is named; two where two branches have upgraded. */
  readonly generators: readonly string[];
  readonly files: State["files"];
}

export function salvageState(stateText: string, filesText: string): Salvaged {
  const named = [...stateText.matchAll(/"generator": *"([0-9A-Za-z.+-]{1,64})"/g)];
  const records = filesText.split(/\r?\n/).map((line) => recordIn(line));
  return {
    generators: named.map(([, generator = ""]) => generator),
    files: byPath(records.filter((record) => record !== undefined)),
  };
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
  hint = "Restore .prod-stack/ from git, or rebuild it: create-prod-stack repair",
): StackError {
  return new StackError("input", "STATE", `${STATE_DIRECTORY} is damaged: ${what}`, { hint });
}
