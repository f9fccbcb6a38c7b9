// Owns: rules that keep secret values out of the spec.
// Promises: what looks like a credential is refused, and the message never repeats it.
// Must not: let a value into an error, a log or a file.

import type { Problem } from "../../stack-error.js";
import { looksLikeCredential } from "../credentials.js";
import type { Path, SpecDocument } from "../spec-document.js";
import type { SpecRule } from "./check-rules.js";
import { environmentsOf, servicesOf } from "./layers.js";

/** Names of variables whose literal value is taken for a secret. */
const SECRET_NAME =
  /(?:^|[_.-])(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

const EXPECTED = "{ secret: NAME, key: KEY }, with NAME declared under `secrets`";

/** Looks at the raw document, so that it can run however wrong the rest is. */
export function credentialProblems(source: SpecDocument): Problem[] {
  return findCredentials(source.toData(), [], source);
}

function findCredentials(value: unknown, path: Path, source: SpecDocument): Problem[] {
  if (typeof value === "string")
    return looksLikeCredential(value) ? [isCredential(path, "value", source)] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...(looksLikeCredential(key) ? [isCredential([...path, key], "key", source)] : []),
    ...findCredentials(item, [...path, key], source),
  ]);
}

function isCredential(path: Path, at: "key" | "value", source: SpecDocument): Problem {
  const message = "looks like a secret, and secrets do not belong into git";
  return source.problem(path, message, { at, expected: EXPECTED });
}

const noSecretVariables: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, value }) =>
    environmentsOf(value).flatMap(([place, env]) =>
      Object.entries(env)
        .filter(
          ([name, item]) =>
            SECRET_NAME.test(name) &&
            typeof item === "string" &&
            item !== "" &&
            !/^(true|false|\/.*)$/.test(item),
        )
        .map(([name]) =>
          source.problem(
            [...path, ...place, name],
            `"${name}" is the name of a secret, and secrets do not belong into git`,
            { expected: EXPECTED },
          ),
        ),
    ),
  );

export const secretRules: readonly SpecRule[] = [noSecretVariables];
