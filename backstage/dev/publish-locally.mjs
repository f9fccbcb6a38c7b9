// Owns: publishing into a bare git repository beside the small Backstage: no account, no network.
// Promises: one commit for each repository, whatever crashes in between.
// Must not: be used elsewhere; publish:github and publish:gitlab are for that.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { coreServices, createBackendModule } from "@backstage/backend-plugin-api";
import { InputError } from "@backstage/errors";
import { createTemplateAction, scaffolderActionsExtensionPoint } from "@backstage/plugin-scaffolder-node";

const IDENTITY = {
  GIT_AUTHOR_NAME: "Backstage",
  GIT_AUTHOR_EMAIL: "backstage@localhost",
  GIT_COMMITTER_NAME: "Backstage",
  GIT_COMMITTER_EMAIL: "backstage@localhost",
};

const git = (args, options = {}) =>
  execFileSync("git", args, {
    ...options,
    env: { ...process.env, ...IDENTITY },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  }).trim();

function publish(workspace, bare) {
  mkdirSync(bare, { recursive: true });
  git(["init", "--quiet", "--bare", "--initial-branch=main", bare]);
  // A task that crashed after its push finds it done.
  if (git(["-C", bare, "for-each-ref", "refs/heads/main"]) !== "") return;
  const inWorkspace = ["--git-dir", bare, "--work-tree", workspace];
  git([...inWorkspace, "-c", "core.bare=false", "add", "--all", "--force"], { cwd: workspace });
  git([...inWorkspace, "-c", "core.bare=false", "commit", "--quiet", "-m", "Generate the stack"], {
    cwd: workspace,
  });
}

const publishLocally = (folder) =>
  createTemplateAction({
    id: "dev:repo:publish",
    description: "Publishes the workspace into a bare git repository beside this Backstage.",
    schema: {
      input: { name: (z) => z.string({ description: "Name of the repository." }) },
      output: { path: (z) => z.string({ description: "Where it is." }) },
    },
    async handler(ctx) {
      const { name } = ctx.input;
      if (!/^[a-z][-a-z0-9]*$/.test(name)) throw new InputError("expected a name of a-z, 0-9 and '-'");
      const bare = join(folder, `${name}.git`);
      await ctx.checkpoint({
        key: `publish.${name}`,
        fn: async () => publish(ctx.workspacePath, bare),
      });
      ctx.logger.info(`git clone ${bare}`);
      ctx.output("path", bare);
    },
  });

export default createBackendModule({
  pluginId: "scaffolder",
  moduleId: "publish-locally",
  register({ registerInit }) {
    registerInit({
      deps: { actions: scaffolderActionsExtensionPoint, config: coreServices.rootConfig },
      async init({ actions, config }) {
        actions.addActions(
          publishLocally(resolve(config.getOptionalString("dev.repositories") ?? "repositories")),
        );
      },
    });
  },
});
