// Owns: the action prodStack:repo:upgrade: a generated repository in the workspace as this version renders it, with people's edits.
// Promises: refuses before it writes: no downgrade, no data is lost without being named; what changed lies apart, for a pull request.
// Must not: publish.

import { ConflictError, InputError } from "@backstage/errors";
import { createTemplateAction } from "@backstage/plugin-scaffolder-node";
import { type Before, before, changesSince, markDeleted, refuseOverlap, setApart } from "../changed-files.js";
import { core, type Impact, impactCore, type Location, type PlannedFile, type WritePlan } from "../core.js";
import { planMarkdown } from "../plan-markdown.js";
import { withReadableErrors } from "../readable-error.js";
import { readPlatform, readText, stackDirectory } from "../repository.js";
import { workspacePath } from "../workspace-path.js";
import { examples } from "./upgrade.examples.js";

/** Brings a generated repository to this version, or to what its prod-stack.yaml says now. */
export function createUpgradeAction() {
  return createTemplateAction({
    id: "prodStack:repo:upgrade",
    description:
      "Brings a generated repository in the workspace to this version of create-prod-stack: merges edits, says what changes in the clusters, refuses to lose data.",
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
        conflicts: (z) =>
          z
            .enum(["markers", "leave", "fail"], {
              description:
                "What becomes of edits that disagree with the new rendering: markers in the file (default), leave the file as it is, or fail.",
            })
            .optional(),
        allowReplace: (z) =>
          z
            .array(z.string(), {
              description: "Kind/name of objects with data that may be deleted, renamed or replaced.",
            })
            .optional(),
        restore: (z) =>
          z.array(z.string(), { description: "Paths of deleted files that should come back." }).optional(),
        changesPath: (z) =>
          z
            .string({
              description:
                "Directory of the workspace that gets the changed files alone, as sourcePath of a pull request; prod-stack-changes by default.",
            })
            .optional(),
      },
      output: {
        changed: (z) => z.boolean({ description: "Whether there is anything to propose." }),
        changedFiles: (z) => z.array(z.string(), { description: "Paths of files that were written." }),
        deletedFiles: (z) => z.array(z.string(), { description: "Paths of files that were deleted." }),
        conflicts: (z) =>
          z.array(z.string(), { description: "Paths of files whose edits disagree with the new rendering." }),
        plan: (z) => z.string({ description: "What changes, in the clusters and in files, as markdown." }),
        title: (z) => z.string({ description: "Title for a pull request." }),
        deletionsPath: (z) =>
          z.string({
            description:
              "Directory of the workspace with an empty file for each deleted one, for actions that delete what they find in a directory.",
          }),
        changesPath: (z) =>
          z.string({ description: "Directory of the workspace with the changed files alone." }),
        name: (z) => z.string({ description: "Name of the stack." }),
        from: (z) => z.string({ description: "Version that had generated the repository." }),
        to: (z) => z.string({ description: "This version." }),
      },
    },
    async handler(ctx) {
      await withReadableErrors(async () => {
        const { input, logger } = ctx;
        const target = workspacePath(ctx.workspacePath, input.targetPath ?? ".");
        const changesPath = input.changesPath ?? "prod-stack-changes";
        const apart = workspacePath(ctx.workspacePath, changesPath);
        refuseOverlap(apart, target);
        const { name, from, plan, location } = propose(target, input);
        const impact = await impactOn(plan, location, ctx.signal);
        refuseLoss(impact, input.allowReplace ?? []);
        const inConflict = plan.files.filter(({ action }) => action === "conflict");
        if (input.conflicts === "fail") refuseConflicts(inConflict);
        // A task that goes on after a crash may find its own work done: what it was going to do is remembered before the first byte.
        const now = { ...before(plan, location), from, plan: planMarkdown({ from, plan, impact }) };
        const first = await ctx.checkpoint({
          key: `prodStack.upgrade.${input.targetPath ?? "."}`,
          fn: async () => now,
        });
        core().applyPlan(plan as never, location);
        const changes = changesSince([now, first as Before], location);
        setApart(changes, target, apart);
        markDeleted(changes, workspacePath(ctx.workspacePath, `${changesPath}-deleted`));
        logger.info(countLine(name, plan));
        const { VERSION } = core();
        ctx.output("changed", changes.written.length + changes.deleted.length > 0);
        ctx.output("changedFiles", changes.written);
        ctx.output("deletedFiles", changes.deleted);
        ctx.output(
          "conflicts",
          inConflict.map(({ path }) => path),
        );
        ctx.output("plan", first.plan);
        ctx.output(
          "title",
          first.from === VERSION ? `Regenerate ${name}` : `Upgrade ${name} to create-prod-stack ${VERSION}`,
        );
        ctx.output("changesPath", changesPath);
        ctx.output("deletionsPath", `${changesPath}-deleted`);
        ctx.output("name", name);
        ctx.output("from", first.from);
        ctx.output("to", VERSION);
      });
    },
  });
}

interface UpgradeInput {
  readonly stackPath?: string | undefined;
  readonly conflicts?: "markers" | "leave" | "fail" | undefined;
  readonly restore?: string[] | undefined;
}

interface Proposal {
  readonly name: string;
  /** Version that has generated the repository. */
  readonly from: string;
  readonly plan: WritePlan;
  readonly location: Location;
}

function propose(
  target: string,
  { stackPath = ".", conflicts = "markers", restore = [] }: UpgradeInput,
): Proposal {
  const { planRepository, readState, recoverRepository, refuseNewer, renderStack, rewriteSpec } = core();
  const asked: Location = { root: target, path: stackPath };
  const text = readText(target, `${stackDirectory(asked)}/prod-stack.yaml`);
  if (text === undefined)
    throw new InputError("there is no prod-stack.yaml in the repository: nothing was generated here");
  const rewritten = rewriteSpec(text);
  const rendered = renderStack({
    // The stack is what the user's own text says, so that what is wrong with it is said of that text.
    spec: { text, file: "prod-stack.yaml", written: rewritten?.text },
    platform: readPlatform(target, asked),
  });
  const { name, source } = rendered.stack;
  if (stackDirectory({ root: target, path: source.path }) !== stackDirectory(asked))
    throw new InputError(
      `the stack says that it lives at ${source.path} of its repository: give that as stackPath`,
    );
  const location: Location = { root: target, path: source.path };
  const state = readState(location);
  if (state === undefined)
    throw new InputError(
      "the repository has a prod-stack.yaml, and was never generated: use prodStack:repo:generate",
    );
  refuseNewer(state);
  recoverRepository(location);
  const plan = planRepository(rendered as never, location, {
    conflicts: conflicts === "markers" ? "markers" : "leave",
    replaceSpec: rewritten === undefined ? false : `rewritten as ${rewritten.to}`,
    restore,
  });
  return { name, from: state.generator, plan, location };
}

async function impactOn(
  plan: WritePlan,
  location: Location,
  signal: AbortSignal | undefined,
): Promise<Impact> {
  return impactCore().impactOf({
    directory: stackDirectory(location),
    location,
    plan: plan as never,
    searchPath: process.env.PATH ?? "",
    ...(signal === undefined ? {} : { signal }),
  });
}

function refuseLoss(impact: Impact, allowed: readonly string[]): void {
  const ids = [
    ...new Set(
      core()
        .lostData(impact as never, allowed)
        .map(({ id }) => id),
    ),
  ];
  if (ids.length > 0)
    throw new InputError(
      `objects with data would be deleted, renamed or replaced: ${ids.join(", ")}. Nothing was written. If that is meant, take a backup, and name them in allowReplace`,
    );
}

function refuseConflicts(files: readonly PlannedFile[]): void {
  if (files.length === 0) return;
  const lines = files.slice(0, 20).map(({ path, reason }) => `${path}: ${reason}`);
  throw new ConflictError(
    [`${files.length} files in conflict, and nothing was written:`, ...lines].join("\n"),
  );
}

function countLine(name: string, plan: WritePlan): string {
  const { create, update, merge, delete: gone, conflict } = core().countActions(plan as never);
  return `${name}: ${create} files created, ${update} updated, ${merge} merged, ${gone} deleted, ${conflict} in conflict`;
}
