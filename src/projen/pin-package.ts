// Owns: the exact versions in package.json, which `npm install` writes as ranges and an upgrade of the generator moves.
// Promises: three entries of devDependencies and what a new package.json lacks; nothing else of the file changes.
// Must not: install anything else.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PEERS, VERSION } from "../index.js";

type Manifest = Record<string, unknown> & { devDependencies?: Record<string, string> };

const PINS: Readonly<Record<string, string>> = { ...PEERS, "create-prod-stack": VERSION };

/** @param added what a package.json gets that lacks it */
export function pinPackage(directory: string, added: Readonly<Record<string, unknown>>): void {
  const path = join(directory, "package.json");
  if (!existsSync(path)) return;
  const text = readFileSync(path, "utf8");
  const manifest = JSON.parse(text) as Manifest;
  const pinned = Object.entries(PINS).filter(([name, version]) =>
    isLoose(manifest.devDependencies?.[name], version),
  );
  const missing = Object.entries(added).filter(([key]) => !(key in manifest));
  if (pinned.length === 0 && missing.length === 0) return;
  const devDependencies = { ...manifest.devDependencies, ...Object.fromEntries(pinned) };
  const sorted = Object.fromEntries(Object.entries(devDependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { devDependencies: _, ...rest } = manifest;
  const whole = { ...Object.fromEntries(missing), ...rest, devDependencies: sorted };
  writeFileSync(path, `${JSON.stringify(whole, null, 2)}\n`);
  const names = pinned.map(([name, version]) => `${name}@${version}`);
  if (names.length > 0) console.log(`package.json pins ${names.join(", ")}.`);
}

/** A version or range that is not the tested one; a file, a link or a git address is meant as it is. */
function isLoose(range: string | undefined, version: string): boolean {
  return range === undefined || (range !== version && /^(?:[\^~>=<]*\s*\d|\*|latest)/.test(range));
}

/** Makes package-lock.json, which `projen new` leaves out. A failure is said, and harms nothing. */
export function installPinned(directory: string): void {
  if (existsSync(join(directory, "package-lock.json"))) return;
  const { status } = spawnSync("npm install --ignore-scripts --no-audit --no-fund --prefer-offline", {
    cwd: directory,
    shell: true,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0)
    console.error("npm could not install what package.json pins: run npm install, and commit.");
}
