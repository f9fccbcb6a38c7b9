// Owns: whether Prometheus and Alertmanager themselves take the plain configuration.
// Promises: the very programs read it; a missing one is a failure that names its package.
// Must not: look at single settings; plain.test.ts does.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTool } from "./prometheus-tools.js";
import { PLAIN_SHOP, rendered } from "./stacks.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "plain-"));
  for (const [path, contents] of rendered(PLAIN_SHOP)) {
    if (!path.includes("/monitoring/")) continue;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    // Debian's Alertmanager is 0.25; a webhook's url_file came with 0.26.
    const known = contents.replace(/url_file: .+/g, "url: http://localhost:9999/");
    writeFileSync(target, path.endsWith("alertmanager.yaml") ? known : contents);
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
    return (await runTool("amtool", ["config", "routes", "test", `--config.file=${config}`, ...labels], folder)).output.trim();
  };
  expect(await route("prod", "page")).toBe("prod-page");
  expect(await route("prod", "ticket")).toBe("prod-ticket");
  expect(await route("dev", "ticket")).toBe("dev-ticket");
  expect(await route("prod", "info")).toBe("default");
});
