// Owns: dist/ and core/, what the package ships beside its templates.
// Promises: CommonJS by plain tsc; the core is the very files of the command's package, of the same version.
// Must not: need the network.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const own = new URL("..", import.meta.url).pathname;
const command = join(own, "..");
const PARTS = [
  "index.cjs",
  "impact.cjs",
  "validate.cjs",
  "yaml.cjs",
  "execa.cjs",
  "templates.json",
  "spec-schema.json",
  "editor-schema.json",
  "schemas",
  "licenses.txt",
];

const version = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
if (version(own) !== version(command))
  throw new Error("backstage/package.json and package.json have different versions");
if (!existsSync(join(command, "lib/index.cjs")))
  throw new Error("lib/ is missing: run npm run build in the directory above first");

rmSync(join(own, "core"), { recursive: true, force: true });
for (const part of PARTS) cpSync(join(command, "lib", part), join(own, "core", part), { recursive: true });
cpSync(join(command, "LICENSE"), join(own, "core/LICENSE"));
rmSync(join(own, "dist"), { recursive: true, force: true });
execFileSync(join(own, "node_modules/.bin/tsc"), ["-p", own], { stdio: "inherit" });
