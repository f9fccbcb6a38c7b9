// Owns: a repository as the generator writes it, in a folder of its own, and programs to check it with.
// Promises: each copy is the caller's to break; all are removed with their root.
// Must not: check anything.

import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lowerAll } from "../../projenrc/build/template-module.js";
import { renderTree } from "../../src/render/render-tree.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";

/** A stack that has one of everything that the checks look at. */
export const SPEC = `apiVersion: prod-stack/v1
name: shop
owner: shop-team
source: { url: "https://github.com/example-org/shop-deploy", revision: main }
services:
  api:
    type: web-api
    runtime: nodejs
    image: ghcr.io/example-org/api:1.4.2
    ports: { http: 8080 }
    uses: { worker: {}, redis: {} }
    expose: { host: api }
    env: { GREETING: hello }
  worker: { type: web-api, runtime: go, image: "ghcr.io/example-org/worker:2.0.1", ports: { http: 8080 } }
datastores:
  redis: { engine: redis, version: "7.4", role: store, storage: 8Gi }
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com }
tiers:
  production: { services: { api: { scaling: { min: 3, max: 10, cpu: 70 } } } }
secrets: { shop: { store: team-vault, path: kv/shop, keys: [redis-password] } }
backup: { store: { s3: { bucket: shop-backups, region: eu-central-1 } } }
`;

/** As little as there can be, for tests of what surrounds it. */
export const SMALL_SPEC = `apiVersion: prod-stack/v1
name: shop
owner: shop-team
source: { url: "https://github.com/example-org/shop-deploy", revision: main }
services:
  api: { type: web-api, runtime: go, image: "ghcr.io/example-org/api:1.4.2", ports: { http: 8080 } }
environments:
  prod: { tier: production, domain: example.com }
`;

export class Workshop {
  private constructor(
    readonly root: string,
    private readonly original: string,
  ) {}

  private copies = 0;

  static async open(spec = SPEC): Promise<Workshop> {
    const root = await realpath(await mkdtemp(join(tmpdir(), "validate-test-")));
    const original = join(root, "original");
    const stack = resolveStack(parseSpec(spec), { generator: "0.0.0" });
    await writeText(join(original, stack.source.path), "prod-stack.yaml", spec);
    const templates = lowerAll(join(import.meta.dirname, "../../templates"));
    for (const { path, contents, mode } of renderTree(stack, { templates }))
      await writeText(original, path, contents, mode);
    return new Workshop(root, original);
  }

  /** A fresh copy of the repository, or of the stack at a path in it. */
  async copy(path = "."): Promise<Repository> {
    this.copies += 1;
    const directory = join(this.root, `copy-${this.copies}`);
    await cp(this.original, directory, { recursive: true });
    return new Repository(join(directory, path));
  }

  /** A directory with links to programs, to be the search path. */
  async searchPath(programs: Readonly<Record<string, string>>): Promise<string> {
    const directory = await mkdtemp(join(this.root, "programs-"));
    await Promise.all(Object.entries(programs).map(([name, path]) => symlink(path, join(directory, name))));
    return directory;
  }

  async close(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

export class Repository {
  constructor(readonly directory: string) {}

  async read(path: string): Promise<string> {
    return readFile(join(this.directory, path), "utf8");
  }

  async write(path: string, contents: string | Buffer): Promise<void> {
    await writeText(this.directory, path, contents);
  }

  /** Replaces text that must be there. */
  async replace(path: string, from: string | RegExp, to: string): Promise<void> {
    const text = await this.read(path);
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${path} does not have ${String(from)}`);
    await this.write(path, changed);
  }

  /** A patch of the user's, in the outer overlay. */
  async patch(overlay: string, patch: string, more = ""): Promise<void> {
    await this.write(`overlays/${overlay}/test.patch.yaml`, patch);
    const path = `overlays/${overlay}/kustomization.yaml`;
    const text = await this.read(path);
    const list = /^patches:$/m.test(text)
      ? text.replace(/^patches:$/m, "patches:\n  - path: test.patch.yaml")
      : `${text}patches:\n  - path: test.patch.yaml\n`;
    await this.write(path, list + more);
  }

  /** An object of the user's, in the outer overlay. */
  async addObject(overlay: string, yaml: string): Promise<void> {
    await this.write(`overlays/${overlay}/test.yaml`, yaml);
    await this.replace(
      `overlays/${overlay}/kustomization.yaml`,
      /^( *)- managed$/m,
      "$1- managed\n$1- test.yaml",
    );
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.directory, path), { recursive: true });
  }

  async link(path: string, target: string): Promise<void> {
    await mkdir(dirname(join(this.directory, path)), { recursive: true });
    await symlink(target, join(this.directory, path));
  }
}

async function writeText(
  directory: string,
  path: string,
  contents: string | Buffer,
  mode = 0o644,
): Promise<void> {
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, contents, { mode });
}
