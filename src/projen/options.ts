// Owns: what ProdStackProject takes, told apart: projen's options, answers of prod-stack.yaml, flags for a first one.
// Promises: plain data, whatever realm it comes from.
// Must not: check answers; the command does.

import type { ProjectOptions } from "projen";
import { fieldNames, type SpecDraft, type StackSpec } from "../index.js";

/**
 * Options of projen's base project; keys of prod-stack.yaml, which are written into it; and for the first prod-stack.yaml the
 * command's flags, with `serviceType` for `--service-type`.
 */
export type ProdStackOptions = Partial<ProjectOptions> &
  Partial<Omit<StackSpec, "apiVersion">> & {
    readonly [flag: string]: unknown;
  };

export interface ToldApart {
  readonly projen: Partial<ProjectOptions>;
  readonly answers: SpecDraft;
  readonly flags: Readonly<Record<string, readonly string[]>>;
}

const PROJEN: readonly string[] = [
  "commitGenerated",
  "gitIgnoreOptions",
  "gitOptions",
  "logging",
  "outdir",
  "parent",
  "projectTree",
  "projenCommand",
  "renovatebot",
  "renovatebotOptions",
  // What `projen new` hands over.
  "__new__",
];

export function tellApart(options: ProdStackOptions): ToldApart {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const fields = fieldNames();
  const pick = (wanted: (key: string) => boolean) => given.filter(([key]) => wanted(key));
  const flags = pick((key) => !PROJEN.includes(key) && !fields.includes(key));
  return {
    projen: Object.fromEntries(pick((key) => PROJEN.includes(key))),
    answers: plain(Object.fromEntries(pick((key) => fields.includes(key)))),
    flags: Object.fromEntries(flags.map(([key, value]) => [flagOf(key), textsOf(value)])),
  };
}

function plain(answers: object): SpecDraft {
  return JSON.parse(JSON.stringify(answers)) as SpecDraft;
}

function flagOf(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
