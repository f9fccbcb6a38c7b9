// Owns: how MongoDB is started and prepared: in which order, with what in reach, again after a failure.
// Promises: the generated scripts run, in a shell and in JavaScript; what they call is played.
// Must not: claim that a server takes it; known/mongodb-exporter.json tells of the one that these scripts started.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const scripts = join(import.meta.dirname, "../../templates/engines/mongodb");

describe("start.sh", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "mongodb-"));
    mkdirSync(join(directory, "bin"));
    play("hostname", "echo 10.1.2.3");
    play("getent", 'echo "10.1.2.3 $2"');
    play("mongosh", 'echo "$@" >>"$RUN/asked"');
    play("mongod", 'env >"$RUN/environment"; echo "$@" >"$RUN/started"');
    play("sleep", ":");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function play(name: string, body: string): void {
    const file = join(directory, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  }

  const read = (name: string) => readFileSync(join(directory, name), "utf8");

  async function start() {
    await execa("sh", [join(scripts, "start.sh")], {
      extendEnv: false,
      env: {
        PATH: `${join(directory, "bin")}:/usr/bin:/bin`,
        RUN: directory,
        CONFIGURATION: scripts,
        HOST_NAME: "data-0.data-headless",
        PORT: "27017",
        REPLICA_SET_KEY: "key",
        ROOT_PASSWORD: "secret-root",
        CLIENT_PASSWORD: "secret-client",
        EXPORTER_PASSWORD: "secret-exporter",
      },
    });
    for (let waited = 0; !existsSync(join(directory, "initiated")); waited += 1) {
      if (waited > 100) throw new Error("never prepared");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  test("becomes the server, with the key for itself alone and no password in its environment", async () => {
    await start();
    expect(read("started")).toBe(`--config ${scripts}/mongod.conf\n`);
    expect(read("replica-set.key")).toBe("key");
    expect(statSync(join(directory, "replica-set.key")).mode & 0o777).toBe(0o600);
    expect(read("environment")).not.toMatch(/secret-|REPLICA_SET_KEY/);
  });

  test("waits until its name is its own address, not that of the pod before", async () => {
    play(
      "getent",
      'if [ -e "$RUN/seen" ]; then echo "10.1.2.3 $2"; else touch "$RUN/seen"; echo "10.1.2.30 $2"; fi',
    );
    play("sleep", 'test -e "$RUN/started" && echo early >"$RUN/early"; echo slept >>"$RUN/slept"');
    await start();
    expect(read("slept")).toContain("slept");
    expect(existsSync(join(directory, "early"))).toBe(false);
  });

  test("prepares the server again until that succeeds, and says so only then", async () => {
    play("mongosh", 'echo asked >>"$RUN/asked"; test "$(wc -l <"$RUN/asked")" -ge 3');
    await start();
    expect(read("asked").trim().split("\n")).toHaveLength(3);
  });

  test("is not ready by what an earlier start left", async () => {
    writeFileSync(join(directory, "initiated"), "");
    play("mongosh", 'test ! -e "$RUN/initiated" && echo fresh >"$RUN/fresh"');
    await start();
    expect(read("fresh")).toBe("fresh\n");
  });
});

describe("initiate.js", () => {
  const script = readFileSync(join(scripts, "initiate.js"), "utf8");
  const env = {
    HOST_NAME: "data-0.data-headless",
    PORT: "27017",
    ROOT_PASSWORD: "root",
    CLIENT_NAME: "shop",
    CLIENT_PASSWORD: "new",
    CLIENT_DATABASE: "shop",
    EXPORTER_PASSWORD: "exp",
  };

  /** A server with these users; it refuses what a real one refuses. */
  function play(users: Record<string, string>, isInitiated: boolean) {
    const done: string[] = [];
    let loggedIn = false;
    const admin = {
      auth: (name: string, password: string) => {
        if (users[name] !== password) throw new Error("Authentication failed.");
        loggedIn = true;
        return { ok: 1 };
      },
      runCommand: (command: { replSetInitiate: { members: { host: string }[] } }) => {
        done.push(`initiate ${command.replSetInitiate.members[0]?.host}`);
        return isInitiated ? { ok: 0, codeName: "AlreadyInitialized" } : { ok: 1 };
      },
      getUser: (name: string) => (name in users ? { name } : null),
      createUser: ({ user, pwd, roles }: { user: string; pwd: string; roles: unknown }) => {
        if (!loggedIn && Object.keys(users).length > 0) throw new Error("requires authentication");
        users[user] = pwd;
        done.push(`create ${user} ${JSON.stringify(roles)}`);
      },
      updateUser: (name: string, { pwd }: { pwd: string }) => {
        users[name] = pwd;
        done.push(`update ${name}`);
      },
    };
    const db = { getSiblingDB: () => admin, hello: () => ({ isWritablePrimary: true }) };
    runInNewContext(script, { db, process: { env }, sleep: () => undefined });
    return { done, users };
  }

  test("makes a new server a replica set under its stable name, with its users", () => {
    const { done, users } = play({}, false);
    expect(done[0]).toBe("initiate data-0.data-headless:27017");
    expect(users).toEqual({ root: "root", shop: "new", exporter: "exp" });
    expect(done).toContain('create shop [{"role":"readWrite","db":"shop"}]');
  });

  test("goes on where an earlier start stopped between the two", () => {
    expect(play({}, true).users).toEqual({ root: "root", shop: "new", exporter: "exp" });
  });

  test("gives the users of a server that has data the passwords of the secret", () => {
    const { done, users } = play({ root: "root", shop: "old", exporter: "exp" }, true);
    expect(done).toEqual(["update shop", "update exporter"]);
    expect(users.shop).toBe("new");
  });

  test("changes nothing where root's password was rotated in the secret alone", () => {
    const users = { root: "another", shop: "old" };
    expect(() => play(users, true)).toThrow("requires authentication");
    expect(users.shop).toBe("old");
  });
});
