import { expect, it } from "vitest";
import { openSchemaArchive } from "../../src/validate/schema-archive.js";
import { countTrials, findWrongVerdicts, planTrials } from "../validate/schema-proof/prove-schemas.js";
import { withKubeconform } from "../validate/schema-proof/run-kubeconform.js";

const archive = openSchemaArchive();

/** Places to break per kind and sort of breakage, spread over the whole schema; the quick tests break one. */
const PLACES = 8;

/** What can be broken in the kinds of each version; custom resources count for the newest. */
const COUNTS: Readonly<Record<string, object>> = {
  "1.35": {
    valid: 2481,
    "unknown field at the root": 82,
    "unknown field in a top-level field": 76,
    "unknown field deep inside": 337,
    "field of the wrong type": 589,
    "required field left out": 437,
    "value outside the enum": 215,
    "string that breaks its pattern": 74,
    "null where it is not declared": 589,
  },
  "1.36": {
    valid: 2646,
    "unknown field at the root": 87,
    "unknown field in a top-level field": 81,
    "unknown field deep inside": 366,
    "field of the wrong type": 625,
    "required field left out": 468,
    "value outside the enum": 231,
    "string that breaks its pattern": 76,
    "null where it is not declared": 625,
  },
  "1.37": {
    valid: 13931,
    "unknown field at the root": 419,
    "unknown field in a top-level field": 402,
    "unknown field deep inside": 2115,
    "field of the wrong type": 3089,
    "required field left out": 2544,
    "value outside the enum": 1075,
    "string that breaks its pattern": 779,
    "null where it is not declared": 3089,
  },
};

it.each(archive.kubernetesVersions)(
  "both validators refuse every breakage in Kubernetes %s",
  async (version) => {
    // Custom resources are the same in every version: they are broken in the newest only.
    const newest = version === archive.kubernetesVersions.at(-1);
    const kinds = archive.kinds.filter(({ kubernetes }) => kubernetes?.includes(version) ?? newest);
    const { trials, unreached } = planTrials(archive, kinds, version, PLACES);
    expect(unreached).toEqual([]);
    expect(await withKubeconform(archive, (ask) => findWrongVerdicts(trials, ask))).toEqual([]);
    expect(countTrials(trials)).toEqual(COUNTS[version]);
  },
);
