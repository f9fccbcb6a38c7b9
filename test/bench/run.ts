// Owns: `npm run bench`: how long generation takes, against a script that only writes the same files and against create-vite;
//       and what upkeep takes, beside git.
// Promises: ratios within one run; every figure says what it is. Aim: at most twice the bare writer, linear growth.
// Must not: fail because of a figure.

import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Comparison, compare, medianRun, type Run, runOnce, type Subject } from "./pairs.js";
import { specOf } from "./stacks.js";
import { upkeepFigures } from "./upkeep.js";

const ROOT = join(import.meta.dirname, "../..");
const COMMAND = join(ROOT, "lib/cli.cjs");
const CREATE_VITE = "9.3.0";

/** In memory where there is such a place: a disk that forgets files slows every later run. */
const scratch = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "bench-"));

function generate(name: string, spec: string, ...flags: string[]): Subject {
  const answers = join(scratch, `${name}.yaml`);
  writeFileSync(answers, spec);
  const rest = ["--answers", answers, "--yes", "--no-git", "--json", ...flags];
  return { name, argumentsFor: (directory) => [COMMAND, directory, ...rest] };
}

/** A repository that is there gets a new value: read back, merged, and written through the journal, each file synced. */
function update(sample: string): Subject {
  return {
    name: "update",
    argumentsFor: (directory) => {
      cpSync(sample, directory, { recursive: true });
      return [COMMAND, directory, "--set", "monitoring.slo.availability=99.5", "--yes", "--json"];
    },
  };
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(directory, path)).isFile(),
  );
}

/** A script that holds what a generation wrote, or some of it, and writes it as plainly as Node can. */
function bareWriter(name: string, directory: string, paths: readonly string[]): Subject {
  const files = paths.map((path) => [
    path,
    readFileSync(join(directory, path), "utf8"),
    statSync(join(directory, path)).mode & 0o777,
  ]);
  const script = join(scratch, `${name}.cjs`);
  writeFileSync(
    script,
    `const fs = require("node:fs"), path = require("node:path");
const target = process.argv[2], staging = target + ".tmp", made = new Set();
for (const [file, contents, mode] of ${JSON.stringify(files)}) {
  const place = path.join(staging, file), parent = path.dirname(place);
  if (!made.has(parent)) { fs.mkdirSync(parent, { recursive: true }); made.add(parent); }
  fs.writeFileSync(place, contents, { flag: "wx", mode });
}
fs.renameSync(staging, target);
`,
  );
  return { name, argumentsFor: (target) => [script, target] };
}

/** create-vite's own command, installed once into the project's cache; it takes its target below the working directory. */
function createVite(): Subject {
  const home = join(ROOT, ".cache/bench");
  const bin = join(home, "node_modules/create-vite/index.js");
  if (!existsSync(bin)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), '{"private":true}');
    execFileSync(
      "npm",
      ["install", "--prefix", home, "--no-audit", "--no-fund", `create-vite@${CREATE_VITE}`],
      { stdio: "ignore" },
    );
  }
  return {
    name: "create-vite",
    argumentsFor: (directory) => [
      bin,
      basename(directory),
      "--template",
      "vanilla-ts",
      "--no-interactive",
      "--overwrite",
    ],
  };
}

function count(subject: Subject): { directory: string; files: number } {
  const directory = join(scratch, `sample-${subject.name}`);
  execFileSync(process.execPath, [...subject.argumentsFor(directory)], { stdio: "ignore", cwd: scratch });
  return { directory, files: filesBelow(directory).length };
}

function print(label: string, value: string): void {
  process.stdout.write(`${label.padEnd(58)} ${value}\n`);
}

function printRatio(label: string, { ratio, a, b }: Comparison): void {
  print(label, `${ratio.toFixed(2)}  (${a.milliseconds.toFixed(0)} ms, ${b.milliseconds.toFixed(0)} ms)`);
}

function main(): void {
  const pairs = Number(process.env.BENCH_PAIRS ?? 15);
  const spec = specOf(3, 3);
  const usual = generate("usual", spec);
  const { directory } = count(usual);
  const paths = filesBelow(directory);
  const own = paths.filter((path) => !path.startsWith(".prod-stack"));
  print("files written (of which state for later merges)", `${paths.length} (${paths.length - own.length})`);
  const bare = bareWriter("bare-writer", directory, paths);
  const whole = compare(usual, bare, scratch, pairs);
  printRatio("generate ÷ bare writer of the same files", whole);
  printRatio(
    "bare writer without the state ÷ with it",
    compare(bareWriter("without-state", directory, own), bare, scratch, pairs),
  );
  printRatio(
    "generate without writing ÷ bare writer",
    compare(generate("dry-run", spec, "--dry-run"), bare, scratch, pairs),
  );
  printRatio(
    "update through the journal ÷ bare writer",
    compare(update(directory), bare, scratch, Math.ceil(pairs / 3)),
  );
  printRatio(`generate ÷ create-vite ${CREATE_VITE}`, compare(usual, createVite(), scratch, pairs));
  print(
    "peak memory, generate / bare writer",
    `${whole.a.memory.toFixed(0)} MiB / ${whole.b.memory.toFixed(0)} MiB`,
  );
  const large = measured(generate("large", specOf(50, 4)));
  print("50 services × 4 environments", `${shown(large)}, ${large.memory.toFixed(0)} MiB`);
  growth();
  for (const { label, comparison } of upkeepFigures(COMMAND, scratch, pairs)) printRatio(label, comparison);
}

/** Time per file, and per further file, from 10 to 100 services; linear growth keeps both level. */
function growth(): void {
  let before: Measured | undefined;
  for (const services of [10, 30, 100]) {
    const now = measured(generate(`growth-${services}`, specOf(services, 3)));
    const slope =
      before === undefined
        ? ""
        : `, ${microseconds(now.milliseconds - before.milliseconds, now.files - before.files)} a further file`;
    print(`${services} services × 3 environments`, `${shown(now)}${slope}`);
    before = now;
  }
}

type Measured = Run & { readonly files: number };

function measured(subject: Subject): Measured {
  const { files } = count(subject);
  return { files, ...medianRun(Array.from({ length: 5 }, () => runOnce(subject, scratch))) };
}

function shown({ files, milliseconds }: Measured): string {
  return `${files} files, ${milliseconds.toFixed(0)} ms, ${microseconds(milliseconds, files)} a file`;
}

function microseconds(milliseconds: number, files: number): string {
  return `${((milliseconds * 1000) / files).toFixed(0)} µs`;
}

try {
  main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
