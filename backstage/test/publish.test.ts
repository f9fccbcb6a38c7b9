// Owns: that stacks reach GitHub and GitLab, and upgrades their pull requests.
// Promises: real tasks of a real scaffolder, against a local server that plays both; git checks what arrived.
// Must not: reach the network.

import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startScaffolder } from "./backend.js";
import { startForge, TOKENS } from "./forge/forge.js";
import { HELLO } from "./hello.js";
import { formAnswers } from "./split-answers.js";
import { byCommand, exampleText, treeOf } from "./tree.js";

let forge: Awaited<ReturnType<typeof startForge>>;
let scaffolder: Awaited<ReturnType<typeof startScaffolder>>;
beforeAll(async () => {
  forge = await startForge();
  scaffolder = await startScaffolder([], { integrations: forge.integrations });
});
afterAll(async () => {
  await scaffolder.stop();
  await forge.stop();
});

const lines = () => forge.requests.splice(0).map(({ line }) => line);

/** Two versions of one stack: what lies in the repository, and what its spec says since. */
function editedRepository(): string {
  const repository = byCommand(HELLO);
  appendFileSync(join(repository, "README.md"), "\n## Our own section\n");
  const spec = readFileSync(join(repository, "prod-stack.yaml"), "utf8");
  const second = "  second: { type: worker, runtime: go, image: ghcr.io/example-org/second:1.0.0 }\n";
  writeFileSync(join(repository, "prod-stack.yaml"), spec.replace("environments:", `${second}environments:`));
  return repository;
}

describe.each(["github", "gitlab"] as const)("%s", (provider) => {
  test("a form becomes a repository with one commit, the command's bytes in it", async () => {
    lines();
    const host = forge.hosts[provider];
    const repo = `limiter-by-${provider}`;
    const url = `https://${host}/example-org/${repo}`;
    const { values, answers } = formAnswers(
      exampleText("rate-limiter").replace(/https:\/\/github\.com\/\S+-deploy/, url),
    );
    const { status, log, output } = await scaffolder.run("prod-stack-create", { ...values, provider });
    expect(status, log).toBe("completed");
    const name = `example-org/${repo}`;
    expect(forge.repositories.commits(name, "main")).toBe(1);
    expect(treeOf(forge.repositories.checkOut(name, "main"))).toEqual(treeOf(byCommand(answers)));
    expect(output.links?.[0]?.url).toContain(name);
    // Below the address that the forge gives for the repository, in the forge's own way to name a file.
    const page = provider === "github" ? "tree/main" : "-/blob/main";
    expect(scaffolder.registered.at(-1)).toMatch(
      new RegExp(`^http://${host}/(git/)?${name}/${page}/catalog-info[.]yaml$`),
    );
    const asked = lines();
    if (provider === "github")
      expect(asked).toEqual(
        expect.arrayContaining([
          "POST /api/v3/orgs/example-org/repos",
          `POST /git/${name}.git/git-receive-pack`,
          `PUT /api/v3/repos/${name}/branches/main/protection`,
        ]),
      );
    else
      expect(asked).toEqual(
        expect.arrayContaining(["POST /api/v4/projects", `POST /git/${name}.git/git-receive-pack`]),
      );
    for (const token of Object.values(TOKENS)) expect(log).not.toContain(token);
  });

  test("an upgrade is a pull request with what changes and nothing else", async () => {
    const stale = join(editedRepository(), "/");
    const name = `example-org/hello-on-${provider}`;
    forge.repositories.seed(name, stale);
    const current = byCommand(HELLO);
    const same = `example-org/same-on-${provider}`;
    forge.repositories.seed(same, current);
    lines();
    const repoUrl = (full: string) => `${forge.hosts[provider]}?owner=example-org&repo=${full.split("/")[1]}`;
    const values = {
      provider,
      repositories: [repoUrl(same), repoUrl(name)],
      branch: "upgrade/stack",
      conflicts: "markers",
    };
    const { status, log, output } = await scaffolder.run("prod-stack-upgrade", values);
    expect(status, log).toBe("completed");

    const proposed = provider === "github" ? forge.github.pulls : forge.gitlab.mergeRequests;
    expect(proposed.map(({ repository }) => repository)).toEqual([name]);
    expect(proposed[0]).toMatchObject({ base: "main", title: "Regenerate hello" });
    expect(proposed[0]?.body).toContain("- create `base/second/deployment.yaml`");
    expect(proposed[0]?.body).toContain("- merge `README.md`");
    expect(output.text?.[0]?.content).toContain("Nothing to do");

    const branch = treeOf(forge.repositories.checkOut(name, "upgrade/stack"));
    const whole = byCommand(readFileSync(join(stale, "prod-stack.yaml"), "utf8"));
    const expected = treeOf(whole);
    const paths = [...new Set([...Object.keys(branch), ...Object.keys(expected)])];
    const different = paths.filter((path) => branch[path] !== expected[path]);
    expect(different).toEqual(["README.md"]);
    expect(branch["README.md"]).toContain("## Our own section");
    expect(treeOf(forge.repositories.checkOut(same, "main"))).toEqual(treeOf(current));
    for (const token of Object.values(TOKENS))
      expect(`${log}${JSON.stringify(proposed)}`).not.toContain(token);
  });

  test("a repository that was never generated fails the task, and nothing is proposed", async () => {
    const repository = byCommand(HELLO);
    rmSync(join(repository, ".prod-stack"), { recursive: true });
    writeFileSync(join(repository, "canary"), "kept");
    const name = `example-org/never-on-${provider}`;
    forge.repositories.seed(name, repository);
    const before = forge.github.pulls.length + forge.gitlab.mergeRequests.length;
    const values = {
      provider,
      repositories: [`${forge.hosts[provider]}?owner=example-org&repo=${name.split("/")[1]}`],
      branch: "upgrade",
      conflicts: "markers",
    };
    const { status, log } = await scaffolder.run("prod-stack-upgrade", values);
    expect(status).toBe("failed");
    expect(log).toContain("never generated");
    expect(forge.github.pulls.length + forge.gitlab.mergeRequests.length).toBe(before);
    expect(forge.repositories.commit(name, "upgrade")).toBeUndefined();
  });
});
