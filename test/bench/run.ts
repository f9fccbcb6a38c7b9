// Owns: `npm run bench`: how long generation takes, against a script that only writes the same files and against create-vite.
// Promises: ratios within one run; every figure says what it is. Aim: at most twice the bare writer, linear growth.
// Must not: fail because of a figure.

import { execFileSync } from "node:child_process";
import {
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
import { compare, median, runOnce, type Subject } from "./pairs.js";
import { specOf } from "./stacks.js";

const ROOT = join(import.meta.dirname, "../..");
const COMMAND = join(ROOT, "lib/cli.cjs");
const CREATE_VITE = "9.3.0";

/** In memory where there is such a place: a disk that forgets files slows every later run. */
const scratch = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "bench-"));

function generate(name: string, spec: string): Subject {
  const answers = join(scratch, `${name}.yaml`);
  writeFileSync(answers, spec);
  return {
    name,
    argumentsFor: (directory) => [COMMAND, directory, "--answers", answers, "--yes", "--no-git", "--json"],
  };
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(directory, path)).isFile(),
  );
}

/** A script that holds what a generation wrote, and writes it as plainly as Node can. */
function bareWriter(directory: string): Subject {
  const files = filesBelow(directory).map((path) => [
    path,
    readFileSync(join(directory, path), "utf8"),
    statSync(join(directory, path)).mode & 0o777,
  ]);
  const script = join(scratch, "bare-writer.cjs");
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
  return { name: "bare-writer", argumentsFor: (target) => [script, target] };
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

function main(): void {
  const pairs = Number(process.env.BENCH_PAIRS ?? 15);
  const usual = generate("usual", specOf(3, 3));
  const sample = count(usual);
  const state = filesBelow(join(sample.directory, ".prod-stack")).length;
  print("files written (of which state for later merges)", `${sample.files} (${state})`);
  const bare = compare(usual, bareWriter(sample.directory), scratch, pairs);
  print(
    "generate ÷ bare writer of the same files",
    `${bare.ratio.toFixed(2)}  (${bare.a.milliseconds.toFixed(0)} ms, ${bare.b.milliseconds.toFixed(0)} ms)`,
  );
  const vite = compare(usual, createVite(), scratch, pairs);
  print(
    `generate ÷ create-vite ${CREATE_VITE}`,
    `${vite.ratio.toFixed(2)}  (${vite.a.milliseconds.toFixed(0)} ms, ${vite.b.milliseconds.toFixed(0)} ms)`,
  );
  print(
    "peak memory, generate / bare writer",
    `${bare.a.memory.toFixed(0)} MiB / ${bare.b.memory.toFixed(0)} MiB`,
  );
  const large = generate("large", specOf(50, 4));
  const largeFiles = count(large).files;
  const runs = Array.from({ length: 5 }, () => runOnce(large, scratch));
  print(
    "50 services × 4 environments",
    `${largeFiles} files, ${median(runs.map(({ milliseconds }) => milliseconds)).toFixed(0)} ms, ${median(runs.map(({ memory }) => memory)).toFixed(0)} MiB`,
  );
  growth();
}

/** Time per further file from 10 to 100 services; linear growth keeps it level. */
function growth(): void {
  let before: { files: number; milliseconds: number } | undefined;
  for (const services of [10, 25, 50, 100]) {
    const subject = generate(`growth-${services}`, specOf(services, 3));
    const { files } = count(subject);
    const milliseconds = median(Array.from({ length: 5 }, () => runOnce(subject, scratch).milliseconds));
    const slope =
      before === undefined
        ? ""
        : `, ${(((milliseconds - before.milliseconds) * 1000) / (files - before.files)).toFixed(0)} µs a further file`;
    print(`${services} services × 3 environments`, `${files} files, ${milliseconds.toFixed(0)} ms${slope}`);
    before = { files, milliseconds };
  }
}

try {
  main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
