// Owns: lib/, what the package ships: the core, the command, and the licences of what is bundled into them.
// Promises: CommonJS for any Node from 20.19 on, no dependencies at run time, the same bytes for the same sources.
// Must not: minify (a stack trace of a user's must be readable) or contain paths of the machine that built it.

import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

/** The command imports the core as the package's own main file, so that the core stands in the package once. */
function coreIsExternal(root: string): Plugin {
  const core = join(root, "src/index.js");
  return {
    name: "core-is-external",
    setup({ onResolve }) {
      onResolve({ filter: /\/index\.js$/ }, ({ path, resolveDir }) =>
        join(resolveDir, path) === core ? { path: "./index.cjs", external: true } : undefined,
      );
    },
  };
}

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
    charset: "utf8",
    define: { "import.meta.url": "importMetaUrl" },
    inject: [join(root, "projenrc/build/import-meta-url.js")],
  } satisfies BuildOptions;
  const core = await build({ ...options, entryPoints: ["src/index.ts"], outfile: "lib/index.cjs" });
  const command = await build({
    ...options,
    entryPoints: ["src/cli/main.ts"],
    outfile: "lib/cli.cjs",
    banner: { js: "#!/usr/bin/env node" },
    plugins: [guardReadline, coreIsExternal(root)],
  });
  chmodSync(join(lib, "cli.cjs"), 0o755);
  writeFileSync(join(lib, "licenses.txt"), licences(root, [core.metafile, command.metafile]));
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
