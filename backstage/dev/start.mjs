// Owns: one command from a checkout to a Backstage in the browser.
// Promises: installs and builds what is missing, once; says where it is when it answers.
// Must not: change anything outside of backstage/.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const dev = fileURLToPath(new URL(".", import.meta.url));
const own = join(dev, "..");
const pages = join(dev, "pages");
const given = process.argv.slice(2);
const hasPages = !given.includes("--no-app");
const config = given.filter((argument) => argument !== "--no-app");
// Node 22 or later, which package.json brings where the machine's own is older.
const env = { ...process.env, PATH: `${join(own, "node_modules/.bin")}${delimiter}${process.env.PATH}` };
const run = (command, args, cwd) => execFileSync(command, args, { cwd, env, stdio: "inherit" });

if (!existsSync(join(own, "node_modules/@backstage"))) run("npm", ["ci"], own);
run("node", ["scripts/build.mjs"], own);
if (hasPages && !existsSync(join(dev, "dist/index.html"))) {
  if (!existsSync(join(pages, "node_modules/@backstage"))) run("npm", ["ci"], pages);
  run("npm", ["run", "--silent", "build"], pages);
  cpSync(join(pages, "app/dist"), join(dev, "dist"), { recursive: true });
}

const args = config.length > 0 ? config : ["--config", "app-config.yaml"];
const backend = spawn("node", ["backend.mjs", ...args], {
  cwd: dev,
  env: { NODE_ENV: "development", ...env },
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => backend.kill(signal));
backend.on("exit", (code) => {
  process.exitCode = code ?? 1;
  ended = true;
});
let ended = false;

const URL_OF_PAGES = "http://localhost:7007";
while (!ended) {
  const answer = await fetch(`${URL_OF_PAGES}/.backstage/health/v1/readiness`).catch(() => undefined);
  if (answer?.ok) {
    console.log(
      `\nBackstage is at ${URL_OF_PAGES}/create: choose "Enter" as guest, then a template. Ctrl-C ends it.\n`,
    );
    break;
  }
  await new Promise((wake) => setTimeout(wake, 500));
}
