// Owns: what a program must do before tests may rely on it.
// Promises: judges by behaviour, never by a version: builds from source print "development" or "(devel)".
// Must not: search for programs, build them or remember a judgement.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import {
  kubeconformArguments,
  openSchemaArchive,
  writeSchemaFolder,
} from "../../src/validate/schema-archive.js";

/** Says why the program at `binary` cannot be used; undefined if it can. */
export type Probe = (binary: string) => Promise<string | undefined>;

/** Builds an overlay as the generator writes them. */
export const probeKustomize: Probe = (binary) =>
  inScratchFolder(async (folder) => {
    await writeFiles(folder, {
      "base/kustomization.yaml": "resources: [configmap.yaml]\nnameSuffix: -one\n",
      "base/configmap.yaml": configMap("probe", "value: base"),
      // Kustomize 5.8.0 finds nothing to patch here (kubernetes-sigs/kustomize#6031); 4 does not know sortOptions.
      "overlay/kustomization.yaml":
        "namespace: probe\nsortOptions: {order: fifo}\nresources: [../base]\npatches: [{path: patch.yaml}]\n",
      "overlay/patch.yaml": configMap("probe-one", "value: patched"),
    });
    const { stdout, stderr, exitCode } = await execa(binary, ["build", join(folder, "overlay")], {
      reject: false,
    });
    if (exitCode !== 0) return `it cannot build an overlay that patches and moves a base: ${stderr}`;
    if (!/value: patched/.test(stdout) || !/namespace: probe$/m.test(stdout)) {
      return `it builds an overlay wrongly:\n${stdout}`;
    }
    return undefined;
  });

/** Validates good and bad objects with the schemas of the package. */
export const probeKubeconform: Probe = (binary) =>
  inScratchFolder(async (folder) => {
    const archive = openSchemaArchive();
    const schemas = join(folder, "schemas");
    writeSchemaFolder(archive, schemas);
    const monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: probe}\n";
    const wanted: Record<string, "valid" | "invalid" | "error"> = {
      "good.yaml": "valid",
      "unknown-field.yaml": "invalid",
      "duplicate-key.yaml": "error",
      "custom.yaml": "valid",
      "custom-unknown-field.yaml": "invalid",
    };
    await writeFiles(folder, {
      "good.yaml": configMap("probe", "value: good"),
      "unknown-field.yaml": `${configMap("probe", "value: good")}dat: {}\n`,
      "duplicate-key.yaml": configMap("probe", "value: good\n  value: better"),
      "custom.yaml": `${monitor}spec: {endpoints: [], selector: {}}\n`,
      "custom-unknown-field.yaml": `${monitor}spec: {endpoints: [], selector: {}, endpoint: {}}\n`,
    });
    const files = Object.keys(wanted).map((name) => join(folder, name));
    const arguments_ = kubeconformArguments(archive, schemas, String(archive.kubernetesVersions.at(-1)));
    const { stdout, stderr } = await execa(binary, [...arguments_, ...files], { reject: false });
    return compareStatuses(stdout, stderr, wanted);
  });

function compareStatuses(stdout: string, stderr: string, wanted: Record<string, string>): string | undefined {
  if (!stdout.startsWith("{")) return `it does not report as JSON: ${stderr || stdout}`;
  const { resources } = JSON.parse(stdout) as { resources: { filename: string; status: string }[] };
  for (const [name, status] of Object.entries(wanted)) {
    const got = resources.find(({ filename }) => filename.endsWith(`/${name}`))?.status;
    if (got !== `status${status[0]?.toUpperCase()}${status.slice(1)}`)
      return `it calls ${name} ${got}, not ${status}`;
  }
  return undefined;
}

/** Finds a mistake in a workflow, and none in a correct one. */
export const probeActionlint: Probe = (binary) =>
  inScratchFolder(async (folder) => {
    const workflow = (property: string) =>
      "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n" +
      `    steps: [{run: "echo \${{ github.${property} }}"}]\n`;
    await writeFiles(folder, { "good.yaml": workflow("sha"), "bad.yaml": workflow("sah") });
    const lint = (name: string) =>
      execa(binary, ["-shellcheck=", "-pyflakes=", join(folder, name)], { reject: false });
    if ((await lint("good.yaml")).exitCode !== 0) return "it refuses a correct workflow";
    const { exitCode, stdout } = await lint("bad.yaml");
    return exitCode === 1 && stdout.includes("sah")
      ? undefined
      : "it overlooks a misspelt property of github";
  });

function configMap(name: string, data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n  ${data}\n`;
}

async function inScratchFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "tool-probe-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}
