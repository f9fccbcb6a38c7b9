// Owns: an npm registry of a few tarballs, as a process of its own: its caller waits for npm, and could not answer it.
// Promises: what npm asks for an install, from the files of one folder; the newest version is `latest`.
// Must not: be reached from elsewhere.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const folder = process.argv[2];
const known = new Map();

function packageIn(file) {
  const path = join(folder, file);
  const manifest = JSON.parse(
    execFileSync("tar", ["-xzOf", path, "package/package.json"], { encoding: "utf8" }),
  );
  const integrity = `sha512-${createHash("sha512").update(readFileSync(path)).digest("base64")}`;
  return { ...manifest, dist: { tarball: `http://127.0.0.1:${server.address().port}/-/${file}`, integrity } };
}

function packages() {
  for (const file of readdirSync(folder)) {
    if (file.endsWith(".tgz") && !known.has(file)) known.set(file, packageIn(file));
  }
  return [...known.values()];
}

const server = createServer(({ url = "" }, response) => {
  if (url.startsWith("/-/") && url.endsWith(".tgz"))
    return response.end(readFileSync(join(folder, url.slice(3))));
  const name = decodeURIComponent(url.slice(1));
  const versions = packages().filter((one) => one.name === name);
  response.statusCode = versions.length === 0 ? 404 : 200;
  const latest = versions
    .map(({ version }) => version)
    .sort()
    .at(-1);
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({
      name,
      "dist-tags": { latest },
      versions: Object.fromEntries(versions.map((one) => [one.version, one])),
    }),
  );
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.on("disconnect", () => process.exit());
