// Owns: the package as it would be published, built from the sources in a scratch folder.
// Promises: the work tree's lib/ and src/generated/ are neither used nor changed, so that other runs do not disturb this one.
// Must not: need a network.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

const SOURCES = ["src", "templates", "projenrc", "package.json", "tsconfig.dev.json", "README.md", "LICENSE"];

/** Builds and packs in `folder`, which it makes. @returns the tarball */
export function buildPackage(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of SOURCES) {
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  rmSync(join(folder, "src/generated"), { recursive: true, force: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const run = (command: string, args: string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  run(join(ROOT, "node_modules/.bin/tsx"), ["projenrc/build.ts"]);
  const [packed] = JSON.parse(run("npm", ["pack", "--ignore-scripts", "--json", "--offline"])) as {
    filename: string;
  }[];
  return join(folder, packed?.filename ?? "");
}

/** Unpacks a tarball as npm would install it. @returns the package's folder */
export function unpackPackage(tarball: string, into: string): string {
  const folder = join(into, "node_modules/create-prod-stack");
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  return folder;
}
