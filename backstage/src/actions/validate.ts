// Owns: the action prodStack:repo:validate: builds every overlay of a repository in the workspace and checks it.
// Promises: what was not checked is never called passed; an abort of the task stops the tools that run.
// Must not: write.

import { InputError } from "@backstage/errors";
import { createTemplateAction } from "@backstage/plugin-scaffolder-node";
import { validateCore } from "../core.js";
import { validationMarkdown } from "../plan-markdown.js";
import { withReadableErrors } from "../readable-error.js";
import { stackDirectory } from "../repository.js";
import { workspacePath } from "../workspace-path.js";
import { examples } from "./validate.examples.js";

/** Checks a generated repository: builds, schemas, references, rules, scripts. The backend's machine needs kustomize or kubectl. */
export function createValidateAction() {
  return createTemplateAction({
    id: "prodStack:repo:validate",
    description:
      "Builds every overlay of a generated repository in the workspace, and checks schemas, references, rules and scripts. Needs kustomize or kubectl beside the backend.",
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        targetPath: (z) =>
          z
            .string({
              description:
                "Directory of the workspace with the repository's root; the workspace itself by default.",
            })
            .optional(),
        stackPath: (z) =>
          z
            .string({
              description: "Directory of the stack in the repository, where it is not the root: source.path.",
            })
            .optional(),
        kubernetes: (z) =>
          z
            .string({
              description: "Minor version to check against, such as 1.36; what the stack says by default.",
            })
            .optional(),
        environments: (z) =>
          z.array(z.string(), { description: "Environments to build; all by default." }).optional(),
        failOnError: (z) =>
          z.boolean({ description: "Whether a failed check fails the task; true by default." }).optional(),
      },
      output: {
        passed: (z) => z.boolean({ description: "Whether every check that ran has passed." }),
        report: (z) => z.string({ description: "What was found, as markdown." }),
      },
    },
    async handler(ctx) {
      await withReadableErrors(async () => {
        const { input, logger, signal } = ctx;
        const target = workspacePath(ctx.workspacePath, input.targetPath ?? ".");
        const directory = workspacePath(
          target,
          stackDirectory({ root: target, path: input.stackPath ?? "." }),
        );
        const report = await validateCore().validateRepository({
          directory,
          searchPath: process.env.PATH ?? "",
          today: new Date().toISOString().slice(0, 10),
          ...(input.kubernetes === undefined ? {} : { kubernetes: input.kubernetes }),
          ...(input.environments === undefined ? {} : { environments: input.environments }),
          ...(signal === undefined ? {} : { signal }),
          onProgress: ({ environment, check, status }) => logger.info(`${environment} ${check}: ${status}`),
        });
        const markdown = validationMarkdown(report);
        ctx.output("passed", report.status === "passed");
        ctx.output("report", markdown);
        if (report.status === "failed" && (input.failOnError ?? true))
          throw new InputError(`the repository does not pass its checks:\n${markdown}`);
      });
    },
  });
}
