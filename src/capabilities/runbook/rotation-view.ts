// Owns: what docs/runbook/rotation.md says: every secret of the stack, who reads it, and how its value changes.
// Promises: names, paths and pods of this stack; a secret that nobody reads is said to be read by nobody.
// Must not: know an engine; how its server takes a password stands with the engine.

import { backupName } from "../../stack/backup-name.js";
import type { Datastore } from "../../stack/datastore.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { unique } from "../../stack/unique.js";
import { rowsByPlace } from "../places.js";

/** Components whose pods have a secret in their variables. */
function readersOf({ services, datastores }: Environment, secret: string): string[] {
  const ofServices = services
    .filter(({ main, containers }) =>
      [main, ...containers].some(({ secretVariables }) =>
        secretVariables.some((variable) => variable.secret === secret),
      ),
    )
    .map(({ name }) => name);
  const ofDatastores = datastores.flatMap(({ name, server, exporter, backup, operator }) => [
    ...([server, exporter].some((part) =>
      part?.variables.some((variable) => variable.secret?.secret === secret),
    )
      ? [name]
      : []),
    ...(backup?.credentials === secret ||
    backup?.variables.some((variable) => variable.secret?.secret === secret)
      ? [backupName(name)]
      : []),
    ...(operator !== undefined && (operator.backup?.credentials === secret || secret === `${name}-owner`)
      ? [`${operator.summary} (${name})`]
      : []),
  ]);
  return [...ofServices, ...ofDatastores];
}

/** A command into the server's container, instead of the word that engines write. */
function commandsOf({ name, operator, rotation }: Datastore): string[] {
  const pod = operator?.first.pod ?? `${name}-0`;
  const container = operator?.first.container ?? name;
  return rotation.map((line) =>
    line.replaceAll("EXEC", `kubectl -n "$NS" exec -it ${pod} -c ${container} -- sh -c`),
  );
}

/** Secrets that nobody fetches, for an operator makes them: which keys of each are read. */
function madeSecrets({ services }: Environment, fetched: readonly string[]): [string, string[]][] {
  const read = services
    .flatMap(({ main, containers }) => [main, ...containers].flatMap((part) => part.secretVariables))
    .filter(({ secret }) => !fetched.includes(secret));
  const names = [...new Set(read.map(({ secret }) => secret))].sort();
  return names.map((name) => [
    name,
    [...new Set(read.filter(({ secret }) => secret === name).map(({ key }) => key))].sort(),
  ]);
}

export function rotationView(stack: Stack) {
  const { environments } = stack;
  const all = environments.flatMap(({ datastores }) => datastores);
  const own = all.filter(({ mode }) => mode !== "external");
  const fetched = ({ secrets }: Environment) => secrets.map(({ name }) => name);
  const secrets = rowsByPlace(stack, (environment) => [
    ...environment.secrets.map(({ name, path, keys, refresh, properties }) => ({
      name,
      from: path,
      keys: keys.map((key) => properties?.[key] ?? key).join(", "),
      refresh,
      readers: readersOf(environment, name).join(", ") || "nobody here",
      restarts: restartsOf(environment),
    })),
    ...madeSecrets(environment, fetched(environment)).map(([name, keys]) => ({
      name,
      from: "made in the cluster by the operator",
      keys: keys.join(", "),
      refresh: "not fetched",
      readers: readersOf(environment, name).join(", "),
      restarts: restartsOf(environment),
    })),
  ]);
  const example = environments.at(-1)?.secrets[0]?.name;
  const places = environments.filter(({ datastores }) =>
    datastores.some(({ backup, operator }) => (backup ?? operator?.backup) !== undefined),
  );
  return {
    secrets,
    hasSecrets: secrets.length > 0,
    example,
    hasReloader: environments.some(({ settings }) => settings.reloader === "present"),
    lacksReloader: environments.some(({ settings }) => settings.reloader !== "present"),
    servers: unique(own, ({ name, mode }) => `${name} ${mode}`).map((datastore) => ({
      name: datastore.name,
      engine: datastore.engineName,
      by: datastore.operator?.summary ?? "",
      clients: datastore.clients.join(", ") || "nobody",
      steps: commandsOf(datastore),
    })),
    elsewhere: unique(
      all.filter(({ mode }) => mode === "external"),
      ({ name }) => name,
    ).map(({ name, engineName, clients, credentials }) => ({
      name,
      engine: engineName,
      clients: clients.join(", ") || "nobody",
      secret: `${credentials.password.secret}, key ${credentials.password.key}`,
    })),
    pulls: [...new Set(environments.flatMap(({ settings }) => settings.pullSecrets))].sort(),
    backupSecrets: [
      ...new Set(
        places.flatMap(({ datastores }) =>
          datastores.flatMap(({ backup, operator }) => (backup ?? operator?.backup)?.credentials ?? []),
        ),
      ),
    ].sort(),
  };
}

function restartsOf({ settings }: Environment): string {
  return settings.reloader === "present" ? "by Reloader" : "by hand";
}
