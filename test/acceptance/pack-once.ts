// Owns: packing once for all acceptance tests.
// Promises: every test file gets the same tarball, and the package unpacked from it outside of the repository.
// Must not: leave anything behind.

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildPackage, unpackPackage } from "./build-package.js";

export default function setup(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "prod-stack-acceptance-")));
  const tarball = buildPackage(join(folder, "build"));
  project.provide("tarball", tarball);
  project.provide("packageFolder", unpackPackage(tarball, join(folder, "installed")));
  return () => rmSync(folder, { recursive: true });
}

declare module "vitest" {
  interface ProvidedContext {
    tarball: string;
    packageFolder: string;
  }
}
