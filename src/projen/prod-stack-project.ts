// Owns: a generated repository as a projen project: its tasks, its escape hatches, its synthesis.
// Promises: everything that is written goes through the plan and apply of the command: edits are merged, nothing is overwritten
//           silently, nothing is deleted because of a marker in it; a failure ends the process with the command's exit code.
// Must not: render for itself or write generated files.

import { renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Component, FileBase, Project, ProjenrcFile, TaskShell } from "projen";
import { GeneratedTree } from "./generated-tree.js";
import { type ProdStackOptions, tellApart } from "./options.js";
import { installPinned, pinPackage } from "./pin-package.js";
import { askToRender, handOver, type SpecText } from "./run-command.js";

const RC = ".projenrc.mjs";

/** Files are written and conflicts are left in some: the work goes on, and ends with this code. */
const CONFLICTS = 3;

export class ProdStackProject extends Project {
  private readonly spec: SpecText;
  private readonly tree: GeneratedTree;
  /** It is made by `projen new`. */
  private readonly isNew: boolean;

  /** Ends the process where prod-stack.yaml, or an answer of the options, is not valid: exit code 1, one message. */
  constructor(options: ProdStackOptions = {}) {
    const apart = tellApart(options);
    const outdir = resolve(apart.projen.outdir ?? ".");
    const isNew = "__new__" in options;
    const { answers, flags } = apart;
    const rendered = askToRender({ task: "render", answers, flags, isNew }, outdir);
    super({ ...apart.projen, name: rendered.name, outdir });
    this.spec = rendered.spec;
    this.isNew = isNew;
    this.tree = new GeneratedTree(this, rendered);
    new RcFile(this);
    this.setTasks();
  }

  override tryFindFile(path: string): FileBase | undefined {
    // projen looks for its own files before this constructor has come to the tree.
    this.tree?.make(path);
    return super.tryFindFile(path);
  }

  /** projen's own would first delete what its list of files says, or what carries its marker where the list is lost. */
  override synth(): void {
    const task = taskOf(process.env.PROD_STACK_TASK, this.ejected);
    this.preSynthesize();
    this.runHooks((component) => component.preSynthesize());
    if (task === "check" || task === "diff") {
      process.exitCode = this.handOver(task);
      return;
    }
    for (const project of this.subprojects) project.synth();
    const isDry = this.args.includes("--dry-run");
    if (task === "write" && !isDry) pinPackage(this.outdir, this.isNew ? packageFields(this.name) : {});
    const code = this.handOver(task);
    if (code !== 0 && code !== CONFLICTS) process.exit(code);
    if (!isDry) this.finish();
    if (code !== 0) process.exitCode = code;
  }

  /** What projen does after the files: components that are none, hooks, what was new, what was ejected. */
  private finish(): void {
    for (const component of this.components) if (!(component instanceof FileBase)) component.synthesize();
    const { initProject } = this;
    if (initProject !== undefined) this.runHooks((component) => component.projectCreation(initProject));
    if (process.env.PROJEN_DISABLE_POST !== "true") {
      this.runHooks((component) => component.postSynthesize());
      this.postSynthesize();
      if (initProject !== undefined) this.runHooks((component) => component.postProjectCreation(initProject));
      if (this.isNew) installPinned(this.outdir);
    }
    if (this.ejected) renameSync(join(this.outdir, RC), join(this.outdir, `${RC}.bak`));
  }

  private runHooks(hook: (component: Component) => void): void {
    for (const component of this.components) hook(component);
  }

  private handOver(task: "write" | "check" | "diff" | "eject"): number {
    const handover = { task, spec: this.spec, customization: this.tree.customization() };
    const code = handOver(handover, this.outdir, this.args);
    // projen ends with 1 whatever a step ends with.
    if (code !== 0) console.error(`create-prod-stack ended with exit code ${code}.`);
    return code;
  }

  /** What was given to `node .projenrc.mjs`; in `projen new` the words are projen's. */
  private get args(): readonly string[] {
    return this.isNew ? [] : process.argv.slice(2);
  }

  private setTasks(): void {
    for (const name of ["build", "compile", "pre-compile", "post-compile", "test", "package"])
      this.removeTask(name);
    if (this.ejected) return;
    // The shell of the system: projen's own takes a step that was killed for one that went well.
    const shell = TaskShell.system();
    const node = `node ${RC}`;
    if (this.defaultTask !== undefined) {
      this.defaultTask.shell = shell;
      this.defaultTask.exec(node, { receiveArgs: true });
    }
    this.addTask("upgrade", {
      description: "Bring the repository to the newest version of create-prod-stack",
      shell,
      steps: [
        // Forced, since projen and constructs follow: the new version pins them to what it is tested with.
        { exec: "npm install --save-dev --save-exact --force create-prod-stack@latest" },
        { exec: node, receiveArgs: true },
        { exec: "npm install" },
      ],
    });
    const env = (task: string) => ({ PROD_STACK_TASK: task });
    const described = {
      check: "Say whether files, answers and code agree",
      diff: "Print what people have edited, and what npx projen would change",
    };
    for (const [task, description] of Object.entries(described))
      this.addTask(task, { description, shell, env: env(task), exec: node, receiveArgs: true });
    this.addTask("validate", {
      description: "Build every overlay; check schemas, references, rules and scripts",
      shell,
      exec: "npx --no create-prod-stack validate",
      receiveArgs: true,
    });
  }
}

class RcFile extends ProjenrcFile {
  readonly filePath = RC;
}

function taskOf(asked: string | undefined, isEjected: boolean): "write" | "check" | "diff" | "eject" {
  if (isEjected) return "eject";
  return asked === "check" || asked === "diff" ? asked : "write";
}

/** What `projen new` finds is what npm has written: dependencies alone. */
function packageFields(name: string): Record<string, unknown> {
  const tasks = ["upgrade", "validate", "check", "diff"];
  const scripts = Object.fromEntries(tasks.map((task) => [task, `projen ${task}`]));
  return { name, private: true, type: "module", scripts: { default: "projen", ...scripts } };
}
