// Owns: whether docs/runbook/rotation.md says of every secret where it is, who reads it and how its value changes, and says the truth.
// Promises: readers are counted in the manifests; what a server does at a restart is asked of the script that it starts by.
// Must not: read the view that makes the page.

import { describe, expect, test } from "vitest";
import type { FileTree } from "../../src/render/file-tree.js";
import { engines } from "../../src/stack/engines/index.js";
import { renderText } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

const textOf = (tree: FileTree, wanted: string) =>
  String(tree.find(({ path }) => path === wanted)?.contents ?? "");
const pageOf = (text: string) => {
  const { tree, stack } = renderText(text);
  return { tree, stack, page: textOf(tree, "docs/runbook/rotation.md") };
};
/** Cells of the table's line about a secret. */
const rowOf = (page: string, secret: string) =>
  page
    .split("\n")
    .find((line) => line.includes(`| \`${secret}\` |`))
    ?.split("|")
    .map((cell) => cell.trim()) ?? [];

describe.each(["brokers", "kafka", "stores", "clusters", "moving"])("[SEC-08] %s", (name) => {
  const { page, stack } = pageOf(SAMPLE_STACKS[name] ?? "");

  test("every secret of every environment is there, with those that read it", () => {
    for (const { secrets, services } of stack.environments) {
      const read = services.flatMap(({ main, containers, name: reader }) =>
        [main, ...containers].flatMap(({ secretVariables }) =>
          secretVariables.map(({ secret }) => [secret, reader] as const),
        ),
      );
      for (const secret of new Set([...secrets.map((one) => one.name), ...read.map(([one]) => one)]))
        expect(rowOf(page, secret), secret).not.toEqual([]);
    }
    for (const { services } of stack.environments.slice(-1))
      for (const { main, name: reader } of services)
        for (const { secret } of main.secretVariables)
          expect(page).toMatch(new RegExp(`\\| \`${secret}\` \\|.*\\b${reader}\\b`));
  });

  test("every datastore that the stack runs has its steps, without a blank to fill in but the value", () => {
    for (const { datastores } of stack.environments)
      for (const { name: datastore, mode, engineName } of datastores)
        expect(page).toContain(
          mode === "external" ? `| ${datastore} | ${engineName} |` : `### ${datastore}: ${engineName}`,
        );
    expect(page).not.toMatch(/\bEXEC\b|undefined/);
  });
});

test("[SEC-08] every engine that can run here says how its server takes a new password", () => {
  const input = { name: "x", username: "shop", database: "shop" } as never;
  for (const [name, { modes, rotation, operator }] of Object.entries(engines)) {
    if (modes.includes("statefulset")) expect(rotation(input).length, name).toBeGreaterThan(0);
    if (modes.includes("operator")) expect(operator?.rotation(input).length, name).toBeGreaterThan(0);
  }
});

test("[SEC-08] what the page says of a restart is what the servers' scripts do", () => {
  const { tree, page } = pageOf(SAMPLE_STACKS.brokers ?? "");
  const script = (wanted: RegExp) => String(tree.find(({ path }) => wanted.test(path))?.contents ?? "");
  // RabbitMQ: definitions at every start, not the variable that counts for an empty volume alone.
  expect(script(/queue\/.*start\.sh$/)).toContain("Definitions are imported at every start");
  expect(tree.filter(({ contents }) => /name: RABBITMQ_DEFAULT_PASS/.test(String(contents)))).toEqual([]);
  expect(page).toContain("RABBITMQ_DEFAULT_PASS");
  // MySQL: in the file that the server runs before it lets anybody in.
  expect(script(/accounts\/.*start\.sh$/)).toMatch(/ALTER USER '\$USERNAME'@'%' IDENTIFIED BY/);
  // MongoDB: with root's password, which therefore changes in the server first.
  expect(script(/documents\/.*initiate\.js$/)).toContain('admin.auth("root", env.ROOT_PASSWORD)');
  expect(page).toContain("change root's in the server first");
});

test("[SEC-08] pods learn of a new value by Reloader, or the page says that somebody restarts them", () => {
  const text = SAMPLE_STACKS.brokers ?? "";
  expect(rowOf(pageOf(text).page, "queue").at(-2)).toBe("by Reloader");
  const { tree, page } = pageOf(`${text}reloader: off\n`);
  expect(rowOf(page, "queue").at(-2)).toBe("by hand");
  expect(page).toContain("rollout restart");
  expect(tree.filter(({ contents }) => String(contents).includes("reloader.stakater.com"))).toEqual([]);
});

test("[SEC-08] what an operator needs to notice a new password is on the secret", () => {
  const { tree } = pageOf(SAMPLE_STACKS.moving ?? "");
  const owners = tree.filter(({ path }) => /-owner\.external-secret\.yaml$/.test(path));
  for (const { contents } of owners) expect(String(contents)).toContain('cnpg.io/reload: "true"');
});
