// Proves that src/apply is the one room that changes a user's files: who else imports a writing function is named here, with the reason.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** Functions of node:fs that change nothing. */
const READING = new Set([
  ..."access accessSync constants exists existsSync lstat lstatSync opendir readdir readdirSync readFile".split(
    " ",
  ),
  ..."readFileSync readlink readlinkSync realpath realpathSync stat statSync Stats Dirent".split(" "),
]);

/** Files outside of src/apply that write, and where to. */
const WRITERS: Readonly<Record<string, string>> = {
  "impact/build-both.ts": "a copy of the stack, in a temporary folder",
  "projen/pin-package.ts": "versions in package.json, which npm has just written as ranges",
  "projen/prod-stack-project.ts": "the new name of .projenrc.mjs once projen is left, as projen gives it",
  "validate/check-alert-rules.ts": "rules, in a temporary folder",
  "validate/check-monitoring-config.ts": "a copy of a configuration, in a temporary folder",
  "validate/run-kubeconform.ts": "schemas and manifests, in a temporary folder",
  "validate/schema-archive.ts": "schemas, in a folder that its caller made for them",
  "validate/temporary-folder.ts": "the temporary folder itself",
};

function sources(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
}

/** What a file takes from node:fs; "*" for all of it. */
function importsOfFs(text: string): string[] {
  if (/(?:require|import)\(\s*["'](?:node:)?fs(?:\/promises)?["']\s*\)/.test(text)) return ["*"];
  const statements = text.matchAll(
    /import\s+(?:type\s+)?([^;]*?)\s+from\s+["'](?:node:)?fs(?:\/promises)?["']/g,
  );
  return [...statements].flatMap(([, names = ""]) => {
    if (!names.startsWith("{")) return ["*"];
    return names
      .replace(/[{}]/g, "")
      .split(",")
      .map(
        (name) =>
          name
            .trim()
            .replace(/^type\s+/, "")
            .split(/\s+as\s+/)[0] ?? "",
      )
      .filter((name) => name !== "");
  });
}

test("no other room writes or deletes", () => {
  const writers = sources()
    .filter((path) => !path.startsWith("apply/"))
    .filter((path) => importsOfFs(readFileSync(join(SRC, path), "utf8")).some((name) => !READING.has(name)));
  expect(writers.sort()).toEqual(Object.keys(WRITERS).sort());
});

test("nothing calls node:fs through another name", () => {
  const offenders = sources().filter((path) =>
    /process\.binding|getBuiltinModule|createRequire|from\s+["'](?:fs-extra|graceful-fs|write-file-atomic)["']/.test(
      readFileSync(join(SRC, path), "utf8"),
    ),
  );
  expect(offenders).toEqual([]);
});

test("the scan sees what it must see", () => {
  expect(importsOfFs('import { rmSync, type Stats } from "node:fs";')).toEqual(["rmSync", "Stats"]);
  expect(importsOfFs('import { writeFile as w } from "fs/promises";')).toEqual(["writeFile"]);
  expect(importsOfFs('import * as fs from "node:fs";')).toEqual(["*"]);
  expect(importsOfFs('import fs from "fs";')).toEqual(["*"]);
  expect(importsOfFs('const fs = await import("node:fs");')).toEqual(["*"]);
  expect(importsOfFs('import { join } from "node:path";')).toEqual([]);
});
