// Owns: what clients and logs of MariaDB and MySQL say when something is wrong, and what it means.
// Promises: words that the servers and their clients really use.
// Must not: alert.

import type { EngineSymptom } from "../engine.js";

export const SYMPTOMS: readonly EngineSymptom[] = [
  {
    where: "client",
    says: "`Access denied for user`",
    means: "the secret was rotated, and one side has not restarted",
  },
  {
    where: "client",
    says: "`Too many connections`",
    means: "all connections are taken",
    alert: "MysqlConnectionsHigh",
  },
  {
    where: "client",
    says: "`Deadlock found when trying to get lock`",
    means: "two transactions wait for each other; the log names both",
  },
  {
    where: "client",
    says: "`Lock wait timeout exceeded`",
    means: "another transaction has held the row for half a minute",
    alert: "MysqlLockWaits",
  },
  {
    where: "client",
    says: "`account is locked`",
    means:
      "a restore exchanges the tables just now, or one died doing it: a restart of the server lets clients in",
  },
  {
    where: "log",
    says: "`the data is of`",
    means: "the version was changed: dump with the old one, restore into the new one",
  },
  {
    where: "log",
    says: "`Starting crash recovery`, `Starting XA crash recovery`",
    means: "it replays its log after a crash: wait",
  },
  {
    where: "log",
    says: "`No space left on device`, `is full`",
    means: "the volume is full",
    alert: "VolumeAlmostFull",
  },
];
