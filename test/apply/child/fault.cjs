// Makes the process die, or one call fail, at the FAULT_AT-th call of node:fs that changes a disk; for `node --require`.
// FAULT_AS: KILL (before the call), TORN (after half of a write), or an error code.
const fs = require("node:fs");

const at = Number(process.env.FAULT_AT);
const as = process.env.FAULT_AS;
let calls = 0;

function strike(name, args, call) {
  if (as === "TORN" && name === "writeSync") call(args[0], args[1], 0, Math.floor(args[1].length / 2));
  if (as === "TORN" && name === "writeFileSync") call(args[0], args[1].slice(0, args[1].length / 2), args[2]);
  if (as === "KILL" || as === "TORN") process.kill(process.pid, "SIGKILL");
  throw Object.assign(new Error(`${as}: made to fail, ${name}`), { code: as });
}

const NAMES = [
  ...["chmodSync", "fsyncSync", "linkSync", "mkdirSync", "openSync", "renameSync", "rmSync", "rmdirSync"],
  ...["writeFileSync", "writeSync"],
];
for (const name of NAMES) {
  const call = fs[name];
  fs[name] = (...args) => {
    // readFileSync opens through here, too.
    if (name === "openSync" && !/[wa+]/.test(String(args[1]))) return call(...args);
    calls += 1;
    return calls === at ? strike(name, args, call) : call(...args);
  };
}

process.on("exit", () => {
  if (process.env.FAULT_COUNT) fs.appendFileSync(process.env.FAULT_COUNT, `${calls}\n`);
});
