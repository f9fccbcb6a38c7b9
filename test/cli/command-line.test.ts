// Owns: what holds for every verb: help, version, completion scripts, closed pipes, colours.

import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { CREATE, flagsOf, VERBS } from "../../src/cli/command-table.js";
import { COMMAND, IDENTITY, listing, plainEnvironment, read, run, scratch } from "./command.js";

const cwd = () => scratch();

describe("help", () => {
  it("shows every verb and flag of the table, and examples", async () => {
    const { code, stdout, stderr } = await run(["--help"], { cwd: cwd() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const { name } of VERBS) expect(stdout).toContain(`  ${name}`);
    for (const { name, negatable, value } of await flagsOf(CREATE)) {
      expect(stdout).toContain(negatable && value === undefined ? `--[no-]${name}` : `--${name}`);
    }
    for (const [example] of CREATE.examples) expect(stdout).toContain(example);
    expect(stdout).toContain("  130  cancelled");
  });

  it.each(VERBS.map(({ name }) => name))("explains %s", async (name) => {
    const [long, short, help] = await Promise.all(
      [
        [name, "--help"],
        ["-h", name],
        ["help", name],
      ].map((words) => run(words, { cwd: cwd() })),
    );
    expect(long?.code).toBe(0);
    expect(long?.stdout).toContain(`create-prod-stack ${name}`);
    expect([short?.stdout, help?.stdout]).toEqual([long?.stdout, long?.stdout]);
  });

  it("does not name a word of the schema that is not there", async () => {
    const { stdout } = await run(["--help"], { cwd: cwd() });
    const { stdout: schema } = { stdout: read(process.cwd(), "src/generated/spec-schema.json") };
    for (const word of /One of (.*?)\./s.exec(stdout)?.[1]?.split(/,\s+/) ?? ["none"])
      expect(schema).toContain(`"${word}"`);
  });
});

it("prints the version of the package", async () => {
  const { version } = JSON.parse(read(process.cwd(), "package.json"));
  for (const flag of ["--version", "-V"]) {
    expect(await run([flag], { cwd: cwd() })).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  }
});

describe("output", () => {
  it("has no control characters without a terminal, and colours where they are forced", async () => {
    const place = cwd();
    const control = String.fromCharCode(27);
    expect((await run(["x", "--yes", "--dry-run"], { cwd: place })).stdout).not.toContain(control);
    const forced = await run(["x", "--yes", "--dry-run"], { cwd: place, env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain(`${control}[`);
    const both = await run(["x", "--yes", "--dry-run"], {
      cwd: place,
      env: { FORCE_COLOR: "1", NO_COLOR: "1" },
    });
    expect(both.stdout).not.toContain(control);
  });

  it("finishes its work in silence when the reader leaves", async () => {
    const place = cwd();
    const child = spawn("sh", ["-c", '"$0" "$1" x --yes; echo "code $?" >&2', process.execPath, COMMAND], {
      cwd: place,
      env: { ...plainEnvironment(place), ...IDENTITY },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    await new Promise((done) => child.on("close", done));
    expect(stderr).toBe("code 0\n");
    expect(read(place, "x/prod-stack.yaml")).toContain("name: x");
  });

  it("reports a bug as one, with how to report it, and exits 70", async () => {
    const place = cwd();
    const { code, stderr } = await run(["x", "--yes"], {
      cwd: place,
      env: { NODE_OPTIONS: `--require ${place}/break.cjs` },
    }).then(async () => {
      const { writeFileSync } = await import("node:fs");
      writeFileSync(
        `${place}/break.cjs`,
        'require("node:fs").statSync = () => { throw new TypeError("broken on purpose") };',
      );
      return run(["x", "--yes", "--answers", "a.yaml"], {
        cwd: place,
        env: { NODE_OPTIONS: `--require ${place}/break.cjs` },
      });
    });
    expect(code).toBe(70);
    expect(stderr).toContain("error: broken on purpose");
    expect(stderr).toContain("This is a bug in create-prod-stack");
    expect(stderr).toMatch(/Please report it .* Node \d+/);
    expect(listing(place)).toEqual(["break.cjs"]);
  });
});
