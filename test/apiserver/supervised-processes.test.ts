// What runs under supervision ends with the test process, even when that one gets no chance to say so.
import { existsSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test, vi } from "vitest";
import { isRunning } from "./exclusive-lock.js";
import { superviseProcesses } from "./supervised-processes.js";

const sleeper = {
  name: "sleeper",
  file: process.execPath,
  args: [
    "--eval",
    "require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => undefined, 1000)",
  ],
};

async function startedProcess(folder: string): Promise<number> {
  const file = join(folder, "pid");
  const read = async () => (existsSync(file) ? Number(await readFile(file, "utf8")) : 0);
  return vi.waitUntil(read, { timeout: 20_000, interval: 50 });
}

test("a program that ends by itself is named, with the end of its log", async () => {
  const folder = await mkdtemp(join(tmpdir(), "supervised-"));
  const args = ["--eval", "console.error('no such flag'); process.exit(3)"];
  const processes = superviseProcesses(folder, [{ name: "server", file: process.execPath, args }]);
  await vi.waitUntil(() => processes.endedEarly() !== "", { timeout: 20_000 });
  expect(processes.endedEarly()).toBe("server ended with exit code 3");
  expect(await processes.logTails(5)).toContain("no such flag");
  await processes.stop();
  expect(existsSync(folder)).toBe(false);
});

test("programs and folder go when the process that started them is killed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "supervised-"));
  const script = `
    import { superviseProcesses } from ${JSON.stringify(join(import.meta.dirname, "supervised-processes.ts"))};
    superviseProcesses(${JSON.stringify(folder)}, ${JSON.stringify([sleeper])});
    setInterval(() => undefined, 1000);`;
  const starter = execa(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    reject: false,
  });
  const endedTooEarly = starter.then(({ stderr }) =>
    Promise.reject(new Error(`the starter ended: ${stderr}`)),
  );
  const processId = await Promise.race([startedProcess(folder), endedTooEarly]);
  expect(isRunning(processId)).toBe(true);
  starter.kill("SIGKILL");
  await vi.waitUntil(() => !isRunning(processId) && !existsSync(folder), { timeout: 20_000 });
});
