// Owns: the nouns of adoption: objects of a repository as they were read, and where each of their values stands.
// Promises: plain values; an object that several files make (base and patches) knows all of them, the outermost first.
// Must not: know what the values mean.

import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type YAMLMap } from "yaml";
import { asRecord, labelsAt, listAt, recordAt, textAt, type Values, valueAt } from "../validate/values.js";

/** Where something was read. Lines count from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

/** A step into a map, or to the item of a list whose field `name` has this text. */
export type Step = string | number | { readonly name: string };

/** One document of a file, or one item of a List in it. */
export class Source {
  constructor(
    readonly file: string,
    readonly data: Values,
    private readonly document: Document,
    private readonly prefix: readonly (string | number)[],
    private readonly lineOf: (offset: number) => number,
  ) {}

  get kind(): string {
    return textAt(this.data, "kind") ?? "";
  }

  get name(): string {
    return textAt(this.data, "metadata", "name") ?? "";
  }

  /** Line of the value at a path; undefined where this source has none. */
  lineAt(path: readonly Step[]): number | undefined {
    let node: unknown = this.document.contents;
    let key: unknown;
    for (const step of [...this.prefix, ...path]) {
      const next = this.into(node, step);
      if (next === undefined) return undefined;
      key = next.key;
      node = next.value;
    }
    const start = startOf(key) ?? startOf(node);
    return start === undefined ? undefined : this.lineOf(start);
  }

  private into(from: unknown, step: Step): { key: unknown; value: unknown } | undefined {
    const node = isAlias(from) ? from.resolve(this.document) : from;
    if (isMap(node)) {
      const pair = pairOf(node, String(step));
      return pair && { key: pair.key, value: pair.value };
    }
    if (!isSeq(node)) return undefined;
    const item =
      typeof step === "object" ? node.items.find((one) => named(one, step.name)) : node.items[Number(step)];
    return item === undefined ? undefined : { key: undefined, value: item };
  }
}

function pairOf(map: YAMLMap, name: string) {
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === name);
}

function named(node: unknown, name: string): boolean {
  const pair = isMap(node) ? pairOf(node, "name") : undefined;
  return pair !== undefined && isPair(pair) && isScalar(pair.value) && pair.value.value === name;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** A Kubernetes object of one environment. */
export class Manifest {
  constructor(
    readonly data: Values,
    /** The outermost first: a patch before what it patches. */
    readonly sources: readonly Source[],
    /** Where the object itself stands. */
    private readonly fallback: Origin,
    /** Values that something else than an object has set: an entry of a kustomization. */
    private readonly settings: readonly Setting[] = [],
  ) {}

  get kind(): string {
    return textAt(this.data, "kind") ?? "";
  }

  get group(): string {
    const apiVersion = textAt(this.data, "apiVersion") ?? "";
    return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  }

  get name(): string {
    return textAt(this.data, "metadata", "name") ?? "";
  }

  get namespace(): string {
    return textAt(this.data, "metadata", "namespace") ?? "";
  }

  /** `Deployment/api` */
  get id(): string {
    return `${this.kind}/${this.name}`;
  }

  get labels(): Readonly<Record<string, string>> {
    return labelsAt(this.data, "metadata", "labels");
  }

  get annotations(): Readonly<Record<string, string>> {
    return labelsAt(this.data, "metadata", "annotations");
  }

  at(...path: readonly string[]): unknown {
    return valueAt(this.data, ...path);
  }

  text(...path: readonly string[]): string | undefined {
    return textAt(this.data, ...path);
  }

  record(...path: readonly string[]): Values {
    return recordAt(this.data, ...path);
  }

  list(...path: readonly string[]): readonly Values[] {
    return listAt(this.data, ...path).map(asRecord);
  }

  /** Where a value comes from: the outermost source that has it, else the object. */
  origin(...path: readonly Step[]): Origin {
    const wanted = path.map((step) => (typeof step === "object" ? step.name : String(step))).join(".");
    const setting = wanted === "" ? undefined : this.settings.find((one) => isAbout(one.path, wanted));
    if (setting !== undefined) return setting.origin;
    for (const source of this.sources) {
      const line = source.lineAt(path);
      if (line !== undefined) return { file: source.file, line };
    }
    return this.fallback;
  }

  with(data: Values, outer: readonly Source[] = [], settings: readonly Setting[] = []): Manifest {
    return new Manifest(data, [...outer, ...this.sources], this.fallback, [...settings, ...this.settings]);
  }
}

/** A dotted path, or `*.NAME` for that field wherever it is, and who set it. */
export interface Setting {
  readonly path: string;
  readonly origin: Origin;
}

/** The one is the other, or within it. */
function isAbout(path: string, wanted: string): boolean {
  if (path.startsWith("*.")) return wanted.endsWith(path.slice(1));
  return path === wanted || path.startsWith(`${wanted}.`) || wanted.startsWith(`${path}.`);
}

/** Something that people should know of, at its place. */
export interface Remark {
  readonly what: string;
  readonly origin?: Origin | undefined;
}

/** Says where, as editors and compilers do. */
export function placeText({ file, line }: Origin): string {
  return `${file}:${line}`;
}

/** Text of somebody else's, fit for a terminal and a comment: one line, nothing invisible, not long. */
export function visible(text: string, most = 120): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
}
