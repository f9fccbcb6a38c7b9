// Owns: the action prodStack:repo:generate: answers → repository in the workspace.
// Promises: the same bytes as the command; all of it or nothing; again, the same; a recovered task never mixes two versions.
// Must not: publish; that is what the next steps of a template are for.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConflictError, InputError } from "@backstage/errors";
import { createTemplateAction } from "@backstage/plugin-scaffolder-node";
import { type Data, type SpecText, specText } from "../answers.js";
import { core, type Location, type Rendered } from "../core.js";
import { summaryMarkdown } from "../plan-markdown.js";
import { withReadableErrors } from "../readable-error.js";
import { readPlatform, readText, stackDirectory } from "../repository.js";
import { workspacePath } from "../workspace-path.js";
import { examples } from "./generate.examples.js";

/** Makes a whole GitOps repository from the answers of a form, from the text of a prod-stack.yaml, or from both. */
export function createGenerateAction() {
  return createTemplateAction({
    id: "prodStack:repo:generate",
    description:
      "Generates a production-ready Kubernetes GitOps repository into the workspace: Kustomize base and overlays, Argo CD, policies, monitoring, backups, documentation.",
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        answers: (z) =>
          z
            .record(z.unknown(), {
              description:
                "What prod-stack.yaml holds. Wherever it has a map of named things, a list of objects with a name does as well, as forms give it.",
            })
            .optional(),
        spec: (z) =>
          z
            .string({
              description: "Text of a prod-stack.yaml, whole; or the part of it that the answers do not say.",
            })
            .optional(),
        repoUrl: (z) =>
          z
            .string({
              description:
                "Where the repository will be, as RepoUrlPicker gives it: HOST?owner=OWNER&repo=REPOSITORY. Becomes source.url where the answers have none.",
            })
            .optional(),
        platform: (z) =>
          z
            .string({
              description:
                "Text of a platform.yaml: what all stacks of the company share. It becomes part of the repository, unless the workspace has one there.",
            })
            .optional(),
        targetPath: (z) =>
          z
            .string({
              description:
                "Directory of the workspace that is the repository's root; the workspace itself by default.",
            })
            .optional(),
      },
      output: {
        files: (z) =>
          z.array(z.string(), { description: "Paths of the generated files, below the repository's root." }),
        summary: (z) => z.string({ description: "What was generated, as markdown." }),
        name: (z) => z.string({ description: "Name of the stack." }),
        sourceUrl: (z) => z.string({ description: "Git address from which Argo CD will read." }),
        defaultBranch: (z) => z.string({ description: "Branch that Argo CD will follow." }),
        catalogInfoPath: (z) =>
          z.string({
            description: "Path of catalog-info.yaml, for catalog:register; empty where the stack has none.",
          }),
        generator: (z) => z.string({ description: "Version of create-prod-stack." }),
      },
    },
    async handler(ctx) {
      let text: SpecText | undefined;
      await withReadableErrors(
        async () => {
          const { input, logger } = ctx;
          const target = workspacePath(ctx.workspacePath, input.targetPath ?? ".");
          text = textOf(input);
          const rendered = core().renderStack({
            spec: { text: text.text, file: "prod-stack.yaml" },
            platform: platformOf(input.platform, ctx.workspacePath, { root: target, path: "." }),
          });
          const { stack, tree } = rendered;
          logger.info(
            `Rendered ${stack.name}: ${tree.length} files for ${stack.environments.length} environments`,
          );
          // A published half would not match what another version renders after a recovery.
          const digest = digestOf(rendered);
          const before = await ctx.checkpoint({
            key: `prodStack.generate.${input.targetPath ?? "."}`,
            fn: async () => digest,
          });
          if (before !== digest)
            throw new ConflictError(
              "this task has begun with another version of create-prod-stack, and would go on with other files; start a new one",
            );
          write(rendered, { root: target, path: stack.source.path }, input.platform);
          const files = tree.map(({ path }) => path);
          logger.info(`Wrote ${files.length} files`);
          const catalogInfo = files.find((path) => path.endsWith("catalog-info.yaml"));
          ctx.output("files", files);
          ctx.output("summary", summaryMarkdown(stack, files.length));
          ctx.output("name", stack.name);
          ctx.output("sourceUrl", stack.source.url);
          ctx.output("defaultBranch", stack.source.revision);
          ctx.output("catalogInfoPath", catalogInfo === undefined ? "" : `/${catalogInfo}`);
          ctx.output("generator", core().VERSION);
        },
        () => text?.isOwn ?? true,
      );
    },
  });
}

interface GenerateInput {
  readonly answers?: Data | undefined;
  readonly spec?: string | undefined;
  readonly repoUrl?: string | undefined;
}

function textOf({ answers, spec, repoUrl }: GenerateInput): SpecText {
  if (answers === undefined && spec === undefined)
    throw new InputError(
      "there is nothing to generate from: give answers, or the text of a prod-stack.yaml as spec",
    );
  return specText({ answers, spec, repoUrl });
}

function platformOf(given: string | undefined, workspace: string, location: Location) {
  const there = readPlatform(workspace, location);
  return (
    there ?? (given === undefined || given.trim() === "" ? undefined : { text: given, file: "platform.yaml" })
  );
}

function digestOf({ tree }: Rendered): string {
  const { hashOf, VERSION } = core();
  return hashOf(
    JSON.stringify([VERSION, tree.map(({ path, contents, mode }) => [path, hashOf(contents), mode])]),
  );
}

function write(rendered: Rendered, location: Location, platform: string | undefined): void {
  const { applyPlan, planRepository, readState, recoverRepository, refuseNewer } = core();
  const { root } = location;
  const directory = stackDirectory(location);
  const isFirst = readText(root, join(directory, ".prod-stack/state.json")) === undefined;
  if (!isFirst) {
    recoverRepository(location);
    refuseNewer(readState(location) ?? { generator: core().VERSION });
  }
  const plan = planRepository(rendered as never, location, { replaceSpec: true });
  const conflicts = plan.files.filter(({ action }) => action === "conflict");
  if (conflicts.length > 0)
    throw new InputError(
      [
        `${conflicts.length} files are in the way, and nothing was written:`,
        ...conflicts.slice(0, 20).map(({ path, reason }) => `${path}: ${reason}`),
      ].join("\n"),
    );
  applyPlan(plan as never, location);
  if (platform === undefined || platform.trim() === "") return;
  mkdirSync(root, { recursive: true });
  if (readText(root, join(root, "platform.yaml")) === undefined)
    writeFileSync(join(root, "platform.yaml"), platform, { flag: "wx" });
}
