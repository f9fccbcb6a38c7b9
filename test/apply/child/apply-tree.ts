// Owns: a run of plan and apply in a process of its own, which tests can kill.
// Promises: plans, says "ready", waits for a line on stdin, applies, and prints the report or the error's code.
// Must not: import vitest; it is bundled and run by node.

import { readFileSync, readSync } from "node:fs";
import { applyPlan, recoverRepository } from "../../../src/apply/apply-plan.js";
import { readSnapshot, readState } from "../../../src/apply/read-repository.js";
import { planWrite } from "../../../src/plan/plan-write.js";
import type { FileTree } from "../../../src/render/file-tree.js";
import { StackError } from "../../../src/stack-error.js";

const [, , root = "", treeFile = "", umask] = process.argv;
if (umask !== undefined) process.umask(Number.parseInt(umask, 8));
const location = { root, path: "." };
const tree = JSON.parse(readFileSync(treeFile, "utf8")) as FileTree;

function run(): object {
  recoverRepository(location);
  const state = readState(location);
  const plan = planWrite(tree, state, readSnapshot(location, tree, state), { generator: "1.0.0" });
  process.stdout.write("ready\n");
  readSync(0, Buffer.alloc(1));
  return applyPlan(plan, location).counts;
}

try {
  process.stdout.write(`${JSON.stringify(run())}\n`);
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  const { code, message, hint } = error;
  process.stdout.write(`${JSON.stringify({ code, message, hint })}\n`);
}
