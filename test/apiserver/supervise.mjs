// Owns: the processes of one control plane, as children of this small process.
// Promises: when standard input closes (the test asked, or was interrupted or killed) every child ends and the folder goes.
// Must not: know what the programs are. Argument: JSON of { folder, programs: [{ name, file, args }] }.
import { spawn } from "node:child_process";
import { openSync, rmSync } from "node:fs";
import { join } from "node:path";

const { folder, programs } = JSON.parse(process.argv[2]);

const children = programs.map(({ name, file, args }) => {
  const log = openSync(join(folder, `${name}.log`), "a");
  const child = spawn(file, args, { cwd: folder, stdio: ["ignore", log, log] });
  child.on("error", (error) => process.stdout.write(`${name} could not be started: ${error.message}\n`));
  child.on("exit", (code, signal) =>
    process.stdout.write(`${name} ended with ${signal ?? `exit code ${code}`}\n`),
  );
  return child;
});

// Nothing of theirs is kept, so they are not asked to shut down in order.
function endAll() {
  for (const child of children) child.kill("SIGKILL");
}

async function endAndClean() {
  const running = children.filter(
    (child) => child.exitCode === null && child.signalCode === null && child.pid,
  );
  const ended = running.map((child) => new Promise((resolve) => child.once("exit", resolve)));
  endAll();
  await Promise.all(ended);
  rmSync(folder, { recursive: true, force: true });
}

process.on("exit", endAll);
// The reader of the pipe is gone when the test was killed; that must not stop the clean-up.
process.stdout.on("error", endAll);
const end = () => endAndClean().then(() => process.exit(0));
process.stdin.on("end", end).resume();
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.once(signal, end);
