// Proves that a prod-stack.yaml of a newer schema is refused by every verb, with the version of the program to install.

import { expect, it } from "vitest";
import { COMPLETE, contents, put, read, run, scratch } from "./command.js";

const STATE = ".prod-stack/state.json";

/** As a colleague with a newer version has left it. */
async function ahead(generator?: string): Promise<string> {
  const cwd = scratch();
  put(cwd, "prod-stack.yaml", COMPLETE);
  expect(await run(["--no-git"], { cwd })).toMatchObject({ code: 0 });
  put(cwd, "prod-stack.yaml", read(cwd, "prod-stack.yaml").replace("prod-stack/v1", "prod-stack/v7"));
  if (generator !== undefined)
    put(cwd, STATE, read(cwd, STATE).replace(/"generator": "[^"]+"/, `"generator": "${generator}"`));
  return cwd;
}

it("refuses a newer schema before it writes, and names the version that knows it", async () => {
  const cwd = await ahead("7.2.0");
  const before = contents(cwd);
  for (const args of [
    ["upgrade"],
    ["check"],
    [],
    ["add", "datastore", "cache", "--engine", "redis"],
    ["show"],
  ]) {
    const { code, stderr } = await run(args, { cwd });
    expect({ args, code }).toEqual({ args, code: 1 });
    expect(stderr).toContain("npx create-prod-stack@7.2.0");
    expect(stderr).toMatch(
      /prod-stack\.yaml:1:13 apiVersion: version prod-stack\/v7 of the schema is not known yet; expected prod-stack\/v1/,
    );
  }
  expect(contents(cwd)).toEqual(before);
});

it("names the newest version where nothing says which one wrote it", async () => {
  const cwd = await ahead();
  expect((await run(["upgrade"], { cwd })).stderr).toContain("npx create-prod-stack@latest");
  put(cwd, STATE, "<<<<<<< no state");
  expect((await run(["check"], { cwd })).stderr).toContain("npx create-prod-stack@latest");
});
