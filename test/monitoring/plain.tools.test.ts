// Owns: whether Prometheus and Alertmanager themselves take the plain configuration.
// Promises: the very programs read it; a missing one is a failure that names its package.
// Must not: look at single settings; objects.test.ts does.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { runTool } from "./prometheus-tools.js";
import { PLAIN_SHOP, rendered } from "./stacks.js";

/**
 * Debian's Alertmanager is 0.25, and a webhook's url_file came with 0.26. Its promtool is built without discovery by
 * Kubernetes: objects.test.ts looks at that part.
 */
function asDebianTakesIt(path: string, contents: string): string {
  if (path.endsWith("alertmanager.yaml")) {
    return contents.replace(/url_file: .+/g, "url: http://localhost:9999/");
  }
  if (!/\/prometheus\.[a-z]+\.yaml$/.test(path)) return contents;
  const config = parse(contents) as { scrape_configs: Record<string, unknown>[] };
  const jobs = config.scrape_configs.map(({ kubernetes_sd_configs: found, ...job }) =>
    found === undefined ? job : { ...job, static_configs: [] },
  );
  return stringify({ ...config, scrape_configs: jobs });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "plain-"));
  for (const [path, contents] of rendered(PLAIN_SHOP)) {
    if (!path.includes("/monitoring/")) continue;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, asDebianTakesIt(path, contents));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("promtool takes the configuration of each cluster's Prometheus, rule files included", async () => {
  for (const name of ["prometheus.staging.yaml", "prometheus.prod.yaml"]) {
    const { exitCode, output } = await runTool(
      "promtool",
      ["check", "config", "--syntax-only", join("stacks/shop/monitoring/prometheus", name)],
      folder,
    );
    expect(output).toContain("SUCCESS");
    expect(exitCode).toBe(0);
  }
});

test("amtool takes the configuration of Alertmanager, and routes by environment and severity", async () => {
  const config = join("stacks/shop/monitoring/alertmanager/alertmanager.yaml");
  const checked = await runTool("amtool", ["check-config", config], folder);
  expect(checked.output).toContain("SUCCESS");
  const route = async (environment: string, severity: string) => {
    const labels = ["stack=shop", "team=shop-team", `environment=${environment}`, `severity=${severity}`];
    const args = ["config", "routes", "test", `--config.file=${config}`, ...labels];
    return (await runTool("amtool", args, folder)).output.trim().split("\n").at(-1)?.trim();
  };
  expect(await route("prod", "page")).toBe("prod-page");
  expect(await route("prod", "ticket")).toBe("prod-ticket");
  expect(await route("dev", "ticket")).toBe("dev-ticket");
  expect(await route("prod", "info")).toBe("default");
});
