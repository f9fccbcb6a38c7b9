// Owns: rules about datastores that need merged values: which ways to run an engine there are, and what each asks for.
// Promises: runs before anything is derived, so that derivations may rely on it.
// Must not: repeat the schema.

import type { SpecDocument } from "../../spec/spec-document.js";
import type { Problem } from "../../stack-error.js";
import type { EffectiveDatastore, EffectiveSpec } from "../effective.js";
import { engines } from "../engines/index.js";
import { type PlaceName, pathOf } from "../stack-layers.js";

type Fault = { readonly field: string; readonly message: string; readonly expected: string };

/** Zones that mean what an operator's own clock says. */
const UTC: readonly string[] = ["UTC", "Etc/UTC"];

/** Every datastore of one environment that could not run, or not be reached. */
export function checkDatastores(
  { datastores }: EffectiveSpec,
  place: PlaceName,
  source: SpecDocument,
): Problem[] {
  return Object.entries(datastores).flatMap(([name, datastore]) =>
    faultsOf(name, datastore).map(({ field, message, expected }) =>
      source.problem([...pathOf(place), "datastores", name, field], `${message} in ${place.name}`, {
        expected,
      }),
    ),
  );
}

function faultsOf(name: string, datastore: EffectiveDatastore): Fault[] {
  const { summary, modes, sizes = [1] } = engines[datastore.engine];
  const mode = datastore.mode ?? modes[0];
  if (!modes.includes(mode))
    return [
      {
        field: "mode",
        message: `${summary} (${name}) cannot run as ${mode}`,
        expected: `one of ${modes.join(", ")}`,
      },
    ];
  if (mode === "external" && datastore.host === undefined)
    return [
      {
        field: "host",
        message: `${name} is external, and nobody says where it is`,
        expected: `datastores.${name}.host, such as db.example.com`,
      },
    ];
  const replicas = datastore.replicas ?? 1;
  if (mode === "statefulset" && !sizes.includes(replicas))
    return [
      {
        field: "replicas",
        message: `${summary} (${name}) cannot run with ${replicas} members`,
        expected: `one of ${sizes.join(", ")}${modes.includes("operator") ? ", or mode: operator" : ""}`,
      },
    ];
  const zone = datastore.backup?.timeZone;
  if (mode === "operator" && zone !== undefined && !UTC.includes(zone))
    return [
      {
        field: "backup",
        message: `${engines[datastore.engine].operator?.summary} backs ${name} up by UTC alone, not by ${zone}`,
        expected: "a schedule in UTC, and no timeZone",
      },
    ];
  const { answers = [] } = engines[datastore.engine];
  const strange = (["hosts", "sasl", "controllers", "topics"] as const).find(
    (field) => datastore[field] !== undefined && !answers.includes(field),
  );
  if (strange !== undefined)
    return [
      {
        field: strange,
        message: `${summary} (${name}) has no ${strange}`,
        expected: `no ${strange}`,
      },
    ];
  const ofOperator = (["controllers", "topics"] as const).find((field) => datastore[field] !== undefined);
  if (mode !== "operator" && ofOperator !== undefined)
    return [
      {
        field: ofOperator,
        message: `${name} runs elsewhere, and its ${ofOperator} are made there`,
        expected: `mode: operator, or no ${ofOperator}`,
      },
    ];
  const operated = mode === "operator" ? operatedFault(name, datastore) : undefined;
  if (operated !== undefined) return [operated];
  const address = (["host", "hosts", "port", "tls", "sasl", "addresses"] as const).find(
    (field) => datastore[field] !== undefined,
  );
  return mode !== "external" && address !== undefined
    ? [
        {
          field: address,
          message: `${name} runs in the cluster, which decides its ${address},`,
          expected: `mode: external, or no ${address}`,
        },
      ]
    : [];
}

/** What the operator that runs it cannot do. */
function operatedFault(
  name: string,
  { engine, replicas, controllers }: EffectiveDatastore,
): Fault | undefined {
  const { operator } = engines[engine];
  const { longestName = Number.POSITIVE_INFINITY, summary = "" } = operator ?? {};
  if (name.length > longestName)
    return {
      field: "mode",
      message: `"${name}" is too long a name for what ${summary} makes of it: its pods would have names over 63 characters`,
      expected: `a name of at most ${longestName} characters`,
    };
  return operator?.refuses?.({ members: replicas, controllers });
}
