// Owns: CustomResourceDefinitions that a project publishes as Java classes on Maven Central, written by its own generator.
// Promises: no jar is run before its checksum equals the recorded one; only the pinned jars are on the class path.
// Must not: fetch by another way than Maven, or keep what it wrote. It needs `mvn`, and `java` of version 21 or later.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Definitions of one project on Maven Central. */
export interface MavenPin {
  /** `group:artifact` of the jar that holds the classes. */
  readonly module: string;
  readonly version: string;
  /** Jars by `group:artifact`, all of `version`, with the SHA-256 of each. */
  readonly jars: Readonly<Record<string, string>>;
  /** Main class that writes definitions: `--yaml CLASS=FILE …`. */
  readonly generator: string;
  /** Oldest Java that runs it. */
  readonly java: number;
  /** Class of each kind. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly licence: string;
  readonly note?: string;
}

/** From this version on its command line is used; the same for every pin. */
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

/**
 * Has the generator of each pin write its definitions, hands the folder of each to `use`, and deletes all.
 * @throws Error when java or mvn is missing, a jar cannot be had, or its checksum differs from the pin.
 */
export async function withMavenDefinitions<Result>(
  pins: readonly MavenPin[],
  use: (folderOf: (pin: MavenPin) => string) => Result | Promise<Result>,
): Promise<Result> {
  const scratch = mkdtempSync(join(tmpdir(), "schema-definitions-"));
  try {
    const folders = new Map<MavenPin, string>();
    for (const [index, pin] of pins.entries()) {
      const folder = join(scratch, `${index}`);
      await writeDefinitions(pin, folder);
      folders.set(pin, join(folder, "definitions"));
    }
    return await use((pin) => folders.get(pin) ?? "");
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function writeDefinitions(pin: MavenPin, folder: string): Promise<void> {
  const java = await findJava(pin);
  const jars: string[] = [];
  for (const [artifact, sha256] of Object.entries(pin.jars))
    jars.push(await fetchJar(artifact, pin.version, sha256, join(folder, "jars")));
  const asked = Object.entries(pin.kinds).map(
    ([kind, name]) => `${name}=${join(folder, "definitions", `${kind}.yaml`)}`,
  );
  await execa(java, ["-cp", jars.join(":"), pin.generator, "--yaml", ...asked]);
}

async function fetchJar(artifact: string, version: string, sha256: string, folder: string): Promise<string> {
  const coordinates = `${artifact}:${version}`;
  const { failed, stdout } = await execa(
    "mvn",
    ["-B", "-q", COPY, `-Dartifact=${coordinates}`, `-DoutputDirectory=${folder}`],
    { cwd: tmpdir(), reject: false },
  );
  if (failed)
    throw new Error(`mvn cannot get ${coordinates}; this step needs Maven and Maven Central: ${stdout}`);
  const [name = ""] = readdirSync(folder).filter((file) => file.startsWith(`${artifact.split(":")[1]}-`));
  const path = join(folder, name);
  const got = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (got !== sha256) throw new Error(`${coordinates} has SHA-256 ${got}, pinned is ${sha256}`);
  return path;
}

/** JAVA_HOME's, the one on the path, or one of Debian's, whichever is new enough first. */
async function findJava({ java, module }: MavenPin): Promise<string> {
  const debian = "/usr/lib/jvm";
  const homes = [
    ...(process.env.JAVA_HOME === undefined ? [] : [process.env.JAVA_HOME]),
    ...(existsSync(debian) ? readdirSync(debian).map((name) => join(debian, name)) : []),
  ];
  for (const program of ["java", ...homes.map((home) => join(home, "bin", "java"))]) {
    const { failed, stderr } = await execa(program, ["-version"], { reject: false });
    const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
    if (!failed && major >= java) return program;
  }
  throw new Error(
    `the definitions of ${module} are written by Java ${java} or later: install one, or set JAVA_HOME`,
  );
}
