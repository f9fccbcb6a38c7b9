// Owns: lib/, what the package ships: the core, the command, and the licences of what is bundled into them.
// Promises: CommonJS for any Node from 20.19 on, no dependencies at run time, the same bytes for the same sources.
// Must not: minify (a stack trace of a user's must be readable) or contain paths of the machine that built it.

import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

/** Under Node 24.2 and later enquirer closes a closed readline (enquirer#483); the fix of enquirer#485, applied while bundling. */
const guardReadline: Plugin = {
  name: "enquirer-485",
  setup({ onLoad }) {
    onLoad({ filter: /enquirer[\\/]lib[\\/]keypress\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      const contents = source.replace(
        /rl\.pause\(\);\s*rl\.close\(\);/,
        "if (!rl.closed) { rl.pause(); rl.close(); }",
      );
      if (contents === source)
        throw new Error("enquirer's keypress.js has changed: look at enquirer#485 again");
      return { contents, loader: "js" };
    });
  },
};

/** Libraries that several files of the package use, or that most runs do without: each in a file of its own. */
const LIBRARIES = ["enquirer", "execa", "yaml"] as const;

/**
 * yaml's ES modules, the same sources as its CommonJS: one scope instead of seventy, a quarter less to read and compile at every
 * start (its package offers them only to those who are not Node).
 */
const ES_MODULES: Readonly<Partial<Record<(typeof LIBRARIES)[number], BuildOptions>>> = {
  yaml: { platform: "neutral", inject: [] },
};

/** Parts of the core that stand in the package once; what imports them requires their file. */
const PARTS: Readonly<Record<string, string>> = {
  "src/index.ts": "./index.cjs",
  "src/stack-error.ts": "./index.cjs",
  "src/spec/parse-spec.ts": "./index.cjs",
  "src/spec/edit-spec.ts": "./index.cjs",
  "src/stack/resolve-stack.ts": "./index.cjs",
  "src/stack/engines/index.ts": "./index.cjs",
  "src/adopt/index.ts": "./adopt.cjs",
  "src/impact/index.ts": "./impact.cjs",
  "src/validate/index.ts": "./validate.cjs",
};

/** Leaves parts and libraries where they are, and lets the output require their files. */
function standApart(root: string, entry: string): Plugin {
  return {
    name: "stand-apart",
    setup({ onResolve }) {
      onResolve({ filter: /^[a-z]/ }, ({ path }) =>
        LIBRARIES.some((name) => name === path) ? { path: `./${path}.cjs`, external: true } : undefined,
      );
      onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) => {
        const file = relative(root, join(resolveDir, path)).replace(/\.js$/, ".ts");
        const part = PARTS[file];
        const isOwn = entry === "src/index.ts" && part === "./index.cjs";
        return part === undefined || isOwn || importer === "" ? undefined : { path: part, external: true };
      });
    },
  };
}

/** Generated data stands in files of its own: reading and parsing it is quicker than compiling it as a literal. */
function readGenerated(lib: string): Plugin {
  return {
    name: "read-generated",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]generated[\\/][a-z-]+\.json$/ }, ({ path }) => {
        const name = basename(path);
        copyFileSync(path, join(lib, name));
        const contents = `const { readFileSync } = require("node:fs");
module.exports = JSON.parse(readFileSync(require("node:path").join(__dirname, ${JSON.stringify(name)}), "utf8"));`;
        return { contents, loader: "js" };
      });
    },
  };
}

const ENTRIES = [
  { entry: "src/index.ts", outfile: "lib/index.cjs" },
  { entry: "src/adopt/index.ts", outfile: "lib/adopt.cjs" },
  { entry: "src/impact/index.ts", outfile: "lib/impact.cjs" },
  { entry: "src/validate/index.ts", outfile: "lib/validate.cjs" },
  { entry: "src/cli/main.ts", outfile: "lib/cli.cjs", banner: { js: "#!/usr/bin/env node" } },
];

export async function bundle(root: string): Promise<void> {
  const lib = join(root, "lib");
  rmSync(lib, { recursive: true, force: true });
  mkdirSync(lib, { recursive: true });
  const options = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    metafile: true,
    logLevel: "warning",
    legalComments: "none",
    // One character beyond Latin-1, and V8 keeps the whole file in two bytes a character, which takes longer to compile.
    charset: "ascii",
    // Paths stand in the output's comments: those of the project, wherever node_modules really is.
    preserveSymlinks: true,
    define: { "import.meta.url": "importMetaUrl" },
    inject: [join(root, "projenrc/build/import-meta-url.js")],
  } satisfies BuildOptions;
  const built = await Promise.all([
    ...ENTRIES.map(({ entry, ...rest }) =>
      build({
        ...options,
        ...rest,
        entryPoints: [entry],
        plugins: [standApart(root, entry), readGenerated(lib)],
      }),
    ),
    ...LIBRARIES.map((name) =>
      build({
        ...options,
        ...ES_MODULES[name],
        entryPoints: [{ in: name, out: name }],
        outdir: "lib",
        outExtension: { ".js": ".cjs" },
        plugins: [guardReadline],
      }),
    ),
  ]);
  chmodSync(join(lib, "cli.cjs"), 0o755);
  writeFileSync(
    join(lib, "licenses.txt"),
    licences(
      root,
      built.map(({ metafile }) => metafile),
    ),
  );
  // Where src/validate/schema-archive.ts looks for it, seen from the bundle.
  mkdirSync(join(lib, "schemas"));
  copyFileSync(join(root, "src/validate/schemas/schemas.jsonl.br"), join(lib, "schemas/schemas.jsonl.br"));
}

/** The licence texts of every bundled package, as their licences ask. */
function licences(root: string, metafiles: readonly (Metafile | undefined)[]): string {
  const packages = new Set<string>();
  for (const input of metafiles.flatMap((metafile) => Object.keys(metafile?.inputs ?? {}))) {
    const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match?.[1] !== undefined) packages.add(match[1]);
  }
  return [...packages]
    .sort()
    .map((name) => licenceOf(root, name))
    .join("\n");
}

function licenceOf(root: string, name: string): string {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = ["LICENSE", "LICENSE.md", "license", "LICENSE.txt", "LICENCE"].find((candidate) =>
    existsSync(join(folder, candidate)),
  );
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `${name}@${version} (${license})\n\n${text}\n\n${"-".repeat(72)}\n`;
}
