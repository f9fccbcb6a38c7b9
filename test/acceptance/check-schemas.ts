// Owns: asking real kubeconform about built manifests, many files in one process.
// Promises: only the schemas of the package; every object that kubeconform saw is counted.
// Must not: accept a skipped object.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import {
  kubeconformArguments,
  openSchemaArchive,
  writeSchemaFolder,
} from "../../src/validate/schema-archive.js";
import { ensureTool } from "../tools/ensure-tool.js";

export interface SchemaCheck {
  /** Objects that are valid, as `file Kind/name`. */
  readonly valid: readonly string[];
  /** Everything else, with the reason. */
  readonly faults: readonly string[];
}

interface Resource {
  readonly filename: string;
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly msg: string;
}

export class SchemaChecker {
  private readonly archive = openSchemaArchive();
  private readonly folder = mkdtempSync(join(tmpdir(), "prod-stack-schemas-"));

  constructor() {
    writeSchemaFolder(this.archive, this.folder);
  }

  get versions(): readonly string[] {
    return this.archive.kubernetesVersions;
  }

  async check(files: readonly string[], kubernetes: string): Promise<SchemaCheck> {
    const args = kubeconformArguments(this.archive, this.folder, kubernetes);
    const { stdout, stderr } = await execa(await ensureTool("kubeconform"), [...args, "-n", "2", ...files], {
      reject: false,
      maxBuffer: 256 * 1024 * 1024,
    });
    if (!stdout.startsWith("{")) throw new Error(stderr);
    const { resources } = JSON.parse(stdout) as { resources: Resource[] };
    const seen = resources.filter(({ status }) => status !== "statusEmpty");
    const nameOf = ({ filename, kind, name }: Resource) => `${filename} ${kind}/${name}`;
    return {
      valid: seen.filter(({ status }) => status === "statusValid").map(nameOf),
      faults: seen
        .filter(({ status }) => status !== "statusValid")
        .map((resource) => `${nameOf(resource)} ${resource.status} ${resource.msg}`),
    };
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}
