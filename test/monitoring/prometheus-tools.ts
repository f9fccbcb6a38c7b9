// Owns: running promtool and amtool.
// Promises: a missing program is a failure that names its Debian package.
// Must not: skip.
import { execa } from "execa";

const PACKAGES = { promtool: "prometheus", amtool: "prometheus-alertmanager" } as const;

/** Output and exit code of a Prometheus program. */
export async function runTool(
  tool: keyof typeof PACKAGES,
  args: readonly string[],
  cwd: string,
): Promise<{ exitCode: number; output: string }> {
  const { exitCode, all, code } = await execa(tool, args, { cwd, reject: false, all: true });
  if (code === "ENOENT")
    throw new Error(`${tool} is not installed: apt-get install --no-install-recommends ${PACKAGES[tool]}`);
  return { exitCode: exitCode ?? -1, output: all ?? "" };
}
