// Owns: what the command says of mistakes in flags, words and files of answers: one clear error, nothing written.

import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAX_SPEC_BYTES } from "../../src/index.js";
import { COMPLETE, listing, put, run, scratch } from "./command.js";

describe("mistakes", () => {
  const cases: [string, string[], RegExp[]][] = [
    [
      "an image that is none",
      ["--image", "Bad Image"],
      [/--image: is not well formed; expected an image reference/],
    ],
    ["a port out of range", ["--port", "99999"], [/--port: .*expected a port number between 1 and 65535/]],
    ["a port that is no number", ["--port", "http"], [/--port: .*expected a port number/]],
    ["a misspelled word", ["--service-type", "web-ap"], [/did you mean "web-api"/]],
    [
      "an environment without its parts",
      ["--environment", "prod"],
      [/--environment prod is not NAME=TIER:DOMAIN/],
    ],
    [
      "an unknown tier",
      ["--environment", "prod=prd:example.com"],
      [/--environment: "prd" is not allowed here; expected one of development/],
    ],
    ["a datastore without its engine", ["--datastore", "redis"], [/is not NAME=ENGINE/]],
    [
      "an unknown path",
      ["--set", "monitorin.slo=1"],
      [/--set monitorin: unknown key.*did you mean "monitoring"/],
    ],
    ["a setting without a value", ["--set", "owner"], [/is not PATH=VALUE/]],
    ["a flag without its value", ["--name", "--json"], [/--name needs a value/]],
    ["a switch with a value", ["--json=1"], [/--json takes no value/]],
    ["a flag given twice", ["--name", "a", "--name", "b"], [/--name is given twice/]],
    ["a misspelled flag", ["--dryrun"], [/no flag --dryrun; did you mean "--dry-run"/]],
    ["a word too many", ["b"], [/"b" is one word too many|there is no verb/]],
    ["a terminal that is not there", ["--interactive"], [/--interactive needs a terminal/]],
  ];
  it.each(cases)("refuses %s", async (_, words, messages) => {
    const cwd = scratch();
    const { code, stdout, stderr } = await run(
      [
        "a",
        "--no-git",
        ...words.filter((word) => word !== "--json"),
        ...(words.includes("--interactive") ? [] : ["--yes"]),
        ...words.filter((word) => word === "--json"),
      ],
      { cwd },
    );
    expect(code).toBe(1);
    for (const message of messages) expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).not.toContain("Wrote");
    expect(listing(cwd)).toEqual([]);
  });

  it("places problems of a file at its own lines, although answers were added", async () => {
    const cwd = scratch();
    const file = put(
      cwd,
      "answers.yaml",
      "# one\nname: ours\nservices:\n  api:\n    type: web-ap\n    image: ghcr.io/o/api\n",
    );
    const { code, stderr } = await run(["x", "--answers", file, "--yes"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(`${file}:5:11 services.api.type: "web-ap" is not allowed here`);
    expect(stderr).toContain('did you mean "web-api"');
  });

  it("suggests the verb that was meant", async () => {
    const cwd = scratch();
    expect((await run(["valdate"], { cwd })).stderr).toContain('no verb "valdate"; did you mean "validate"?');
    expect((await run(["ad", "service", "x"], { cwd })).stderr).toContain('did you mean "add"?');
    expect(await run(["shop", "--yes", "--dry-run"], { cwd })).toMatchObject({ code: 0 });
  });

  it.each([
    ["2 MiB of nonsense", Buffer.alloc(2 * 1024 * 1024, "x\n: [{"), /larger than 1024 KiB/],
    ["as much nonsense as is read", Buffer.alloc(MAX_SPEC_BYTES, "x\n: [{"), /nests deeper/],
    [
      "one key over and over",
      Buffer.alloc(MAX_SPEC_BYTES - (MAX_SPEC_BYTES % 5), "a: b\n"),
      /cannot be read[\s\S]*… and 180 more/,
    ],
    ["a binary file", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]), /is not a text file/],
    ["text with a NUL", Buffer.from("name: a\0b"), /is not a text file/],
    [
      "a Kubernetes manifest",
      Buffer.from("apiVersion: apps/v1\nkind: Deployment\n"),
      /is a Kubernetes manifest \(Deployment\)/,
    ],
    ["a list", Buffer.from("- a\n"), /is not a map/],
    ["deep nesting", Buffer.from("[".repeat(5000)), /nests deeper/],
    ["broken YAML", Buffer.from("name: [a\nb: }"), /answers\.yaml:\d+:\d+/],
  ])("refuses %s as answers", async (_, bytes, message) => {
    const cwd = scratch();
    put(cwd, "answers.yaml", bytes);
    for (const words of [
      ["x", "--answers", "answers.yaml"],
      ["x", "--answers", "answers.yaml", "--yes"],
    ]) {
      const { code, stderr } = await run(words, { cwd });
      expect(stderr).toMatch(message);
      expect(code).toBe(1);
      expect(stderr.length).toBeLessThan(8000);
      expect(listing(cwd)).toEqual(["answers.yaml"]);
    }
    const piped = await run(["x", "--answers", "-"], { cwd, input: bytes });
    expect(piped.code).toBe(1);
  });

  it.each([
    ["a directory", ".", /is a directory, and a file is needed/],
    ["a missing file", "nowhere.yaml", /nowhere\.yaml: there is no such file/],
    ["a path through a file", "file/x", /a part of the path is not a directory/],
  ])("refuses %s as answers", async (_, path, message) => {
    const cwd = scratch();
    put(cwd, "file", "");
    const { code, stderr } = await run(["x", "--answers", path, "--yes"], { cwd });
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  it.skipIf(process.getuid?.() !== 0)("refuses files and places without permission", async () => {
    const cwd = scratch();
    put(cwd, "answers.yaml", COMPLETE);
    chmodSync(join(cwd, "answers.yaml"), 0o600);
    chmodSync(cwd, 0o755);
    const unreadable = await run(["/tmp/cps-nobody", "--answers", "answers.yaml", "--dry-run"], {
      cwd,
      uid: 65534,
    });
    expect(unreadable.stderr).toContain(
      "cannot read answers.yaml: permission denied".replace("answers.yaml", join(cwd, "answers.yaml")),
    );
    const unwritable = await run(["x", "--yes"], { cwd, uid: 65534 });
    expect(unwritable.stderr).toContain(`cannot write to ${cwd}: permission denied`);
    expect([unreadable.code, unwritable.code]).toEqual([1, 1]);
    expect(listing(cwd)).toEqual(["answers.yaml"]);
  });

  it("shows a stack trace only on request", async () => {
    const cwd = scratch();
    expect((await run(["x", "--nope", "--debug"], { cwd })).stderr).toMatch(/^\s+at /m);
    expect((await run(["x", "--nope"], { cwd, env: { DEBUG: "1" } })).stderr).toMatch(/^\s+at /m);
  });

  it("reports a refusal as JSON too", async () => {
    const cwd = scratch();
    const { code, stdout } = await run(["x", "--json", "--yes", "--image", "Bad Image"], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      kind: "input",
      code: "SPEC",
      problems: [{ path: "services.x.image", file: "--image" }],
    });
  });
});
