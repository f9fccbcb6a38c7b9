/**
 * Owns the getting of Go modules: their folders, commands built from them, and the metrics that they define.
 * Promises exact versions, checked by the Go checksum database.
 * Must not leave anything in the repository: downloads and builds stay in a scratch folder.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnownMetric } from "../known-metrics.js";
import { seriesOf, unite } from "./exposition.js";
import { run } from "./processes.js";

/** A module at an exact version. */
export interface GoModule {
  readonly path: string;
  readonly version: string;
}

/** Where downloads and builds are kept between captures. */
export const scratch = process.env.EVIDENCE_SCRATCH ?? join(tmpdir(), "create-prod-stack-evidence");

const goEnvironment = {
  GOTOOLCHAIN: "local",
  GOFLAGS: "-modcacherw -mod=mod",
  GOMODCACHE: join(scratch, "gomod"),
  GOCACHE: join(scratch, "gocache"),
};

/** What `go mod download -json` tells; without `Dir` where the module needs a newer Go to be built. */
interface Download {
  readonly Dir?: string;
  readonly Zip?: string;
}

/** The folder that holds the module's content, which may need a newer Go to be built but not to be read. */
export function moduleFolder(module: GoModule): string {
  const cached = join(goEnvironment.GOMODCACHE, escapeCapitals(module.path).concat(`@${module.version}`));
  const args = ["mod", "download", "-json", `${module.path}@${module.version}`];
  const report = JSON.parse(run("go", args, { env: goEnvironment, mayFail: true })) as Download;
  if (!report.Dir && !report.Zip) throw new Error(`Cannot download ${module.path}@${module.version}.`);
  return report.Dir ?? cached;
}

// Go writes capitals of module paths as `!` and the small letter (golang.org/ref/mod#goproxy-protocol).
function escapeCapitals(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** Builds the command at the module's root, or in its `command` folder, and returns the path of the binary. */
export function buildCommand(module: GoModule, command = ""): string {
  const folder = join(scratch, "build", module.path.replaceAll("/", "-"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "go.mod"),
    `module scratch\n\ngo 1.24\n\nrequire ${module.path} ${module.version}\n`,
  );
  run("go", ["build", "-o", "command", `${module.path}${command}`], { cwd: folder, env: goEnvironment });
  return join(folder, "command");
}

/** The metrics that the Go files in these folders of the module define; see go-metrics/. */
export function definedMetrics(module: GoModule, folders: readonly string[]): KnownMetric[] {
  const root = moduleFolder(module);
  const reader = ["main.go", "constants.go"].map((file) => join(import.meta.dirname, "../go-metrics", file));
  const args = ["run", ...reader, ...folders.map((folder) => join(root, folder))];
  const families = JSON.parse(run("go", args, { env: goEnvironment })) as {
    name: string;
    type: string;
    labels: string[] | null;
  }[];
  return unite(families.flatMap(({ name, type, labels }) => seriesOf(name, type, labels ?? undefined)));
}
