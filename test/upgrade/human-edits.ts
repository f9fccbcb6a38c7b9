// Owns: what people do to a generated repository in a year, and how to see that it is still there.
// Promises: works on any generated stack; an edit that finds nothing to edit says so.
// Must not: know versions.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A repository on disk, and what kustomize makes of its places. */
export class Repository {
  constructor(readonly root: string) {}

  paths(): string[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1))
      .filter((path) => !/^(?:\.git|\.prod-stack)\//.test(path))
      .sort();
  }

  has(path: string): boolean {
    return this.paths().includes(path);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  remove(path: string): void {
    rmSync(join(this.root, path));
  }

  move(path: string, to: string): void {
    renameSync(join(this.root, path), join(this.root, to));
  }

  /** The first file that matches, with its text replaced. */
  edit(pattern: RegExp, from: RegExp, to: string): boolean {
    const path = this.paths().find((candidate) => pattern.test(candidate) && from.test(this.read(candidate)));
    if (path === undefined) return false;
    this.write(path, this.read(path).replace(from, to));
    return true;
  }

  /** Text of every file. */
  all(): string {
    return this.paths()
      .map((path) => this.read(path))
      .join("\n");
  }
}

export interface HumanEdit {
  readonly what: string;
  /** @returns whether this stack has something to edit so */
  readonly make: (repository: Repository) => boolean;
  /** @param built what kustomize makes of every place */
  readonly isThere: (repository: Repository, built: string) => boolean;
}

const DEPLOYMENT = /^base\/[^/]+\/deployment\.yaml$/;

/** The production overlay of the stack: of one cluster where there are several. */
const OUTER = /^overlays\/prod[^/]*\/kustomization\.yaml$/;

export const HUMAN_EDITS: readonly HumanEdit[] = [
  {
    what: "an extra container",
    make: (repository) =>
      repository.edit(
        DEPLOYMENT,
        /^( *)containers:\n/m,
        "$1containers:\n$1  - name: tracer\n$1    image: ghcr.io/example-org/tracer:1.2.3\n",
      ),
    isThere: (_, built) => /^ *(?:- )?name: tracer$/m.test(built),
  },
  {
    what: "other resources",
    make: (repository) => repository.edit(DEPLOYMENT, /^( *)memory: \S+$/m, "$1memory: 777Mi"),
    isThere: (repository) => repository.all().includes("memory: 777Mi"),
  },
  {
    what: "a comment in the middle",
    make: (repository) =>
      repository.edit(DEPLOYMENT, /^( *)strategy:$/m, "$1# Agreed after the incident of March.\n$1strategy:"),
    isThere: (repository) => repository.all().includes("# Agreed after the incident of March."),
  },
  {
    what: "a comment in prod-stack.yaml",
    make: (repository) =>
      repository.edit(/^prod-stack\.yaml$/, /^source:/m, "# Moved here in June.\nsource:"),
    isThere: (repository) => /^# Moved here in June\.\nsource:/m.test(repository.read("prod-stack.yaml")),
  },
  {
    what: "an annotation of one's own",
    make: (repository) =>
      repository.edit(DEPLOYMENT, /^ {2}annotations:\n/m, "$&    example.org/team-notes: kept\n") ||
      repository.edit(DEPLOYMENT, /^spec:$/m, "  annotations:\n    example.org/team-notes: kept\nspec:"),
    isThere: (_, built) => built.includes("example.org/team-notes: kept"),
  },
  {
    what: "keys in another order",
    make: (repository) =>
      repository.edit(
        /^base\/[^/]+\/service\.yaml$/,
        /^( *type: \S+\n)((?: *\S.*\n)*?)( *ports:\n)/m,
        "$2$1$3",
      ),
    isThere: (repository) =>
      repository
        .paths()
        .some(
          (path) =>
            /^base\/[^/]+\/service\.yaml$/.test(path) &&
            /selector:\n(?: .*\n)+? *type: /.test(repository.read(path)),
        ),
  },
  {
    what: "a comment in the network policies",
    make: (repository) =>
      repository.edit(
        /network-policies\.yaml$/,
        /^( *)policyTypes:\n(?![\s\S]*^ *policyTypes:\n)/m,
        "$1# Reviewed by security in May.\n$1policyTypes:\n",
      ),
    isThere: (repository) => repository.all().includes("# Reviewed by security in May."),
  },
  {
    what: "a right more for operators",
    make: (repository) =>
      repository.edit(/operator-role\.yaml$/, /^( *)- get$/m, "$1- get\n$1- deletecollection"),
    isThere: (repository) => repository.all().includes("- deletecollection"),
  },
  {
    what: "a ConfigMap of one's own",
    make: (repository) => {
      const path = repository.paths().find((candidate) => OUTER.test(candidate));
      if (path === undefined) return false;
      repository.write(
        join(dirname(path), "notes.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes-of-ours\ndata:\n  note: kept\n",
      );
      return repository.edit(OUTER, /^resources:\n(?: *- .*\n)+/m, "$&  - notes.yaml\n");
    },
    isThere: (_, built) => built.includes("name: notes-of-ours"),
  },
  {
    what: "a patch of one's own",
    make: (repository) =>
      repository.edit(
        OUTER,
        /$(?![\s\S])/,
        "\nconfigMapGenerator:\n  - name: tuned-by-hand\n    literals:\n      - level=11\n",
      ),
    isThere: (_, built) => /level: "11"/.test(built),
  },
  {
    what: "a deleted page",
    make: (repository) => {
      if (!repository.has("docs/platform/capacity.md")) return false;
      repository.remove("docs/platform/capacity.md");
      return true;
    },
    isThere: (repository) => !repository.has("docs/platform/capacity.md"),
  },
  {
    what: "a renamed page",
    make: (repository) => {
      if (!repository.has("docs/delivery.md")) return false;
      repository.move("docs/delivery.md", "docs/how-we-deliver.md");
      return true;
    },
    isThere: (repository) => repository.has("docs/how-we-deliver.md") && !repository.has("docs/delivery.md"),
  },
  {
    what: "Windows line ends",
    make: (repository) =>
      repository.edit(/^base\/limit-range\.yaml$/, /^[\s\S]*$/, "$&") &&
      crlf(repository, "base/limit-range.yaml"),
    isThere: (repository) => /\r\n/.test(repository.read("base/limit-range.yaml")),
  },
];

function crlf(repository: Repository, path: string): boolean {
  repository.write(path, `${repository.read(path).replaceAll("\n", "\r\n")}# kept\r\n`);
  return true;
}
