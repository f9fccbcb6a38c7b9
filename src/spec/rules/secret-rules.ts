// Owns: rules that keep secret values out of the spec.
// Promises: what looks like a credential is refused, and the message never repeats it.
// Must not: let a value into an error, a log or a file.

import type { Problem } from "../../stack-error.js";
import type { Path, SpecDocument } from "../spec-document.js";
import type { SpecRule } from "./check-rules.js";
import { servicesOf } from "./layers.js";

/** Published formats of credentials (GitHub, GitLab, Slack, AWS, Google, Stripe, npm, JWT, PEM) and addresses with a password. */
const CREDENTIALS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\bgithub_pat_[A-Za-z0-9_]{22,}/,
  /\bglpat-[A-Za-z0-9_-]{20}/,
  /\bxox[abposr]-[A-Za-z0-9-]{10,}/,
  /\bAIza[A-Za-z0-9_-]{35}\b/,
  /\b[sr]k_live_[A-Za-z0-9]{16,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i,
];

/** Names of variables whose literal value is taken for a secret. */
const SECRET_NAME =
  /(?:^|[_.-])(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

const EXPECTED = "{ secret: NAME, key: KEY }, with NAME declared under `secrets`";

const noCredentials: SpecRule = (_spec, source) => findCredentials(source.toData(), [], source);

function findCredentials(value: unknown, path: Path, source: SpecDocument): Problem[] {
  if (typeof value === "string") {
    return CREDENTIALS.some((pattern) => pattern.test(value))
      ? [
          source.problem(path, "looks like a secret, and secrets do not belong into git", {
            expected: EXPECTED,
          }),
        ]
      : [];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => findCredentials(item, [...path, key], source));
}

const noSecretVariables: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, value }) =>
    Object.entries(value.env ?? {})
      .filter(
        ([name, item]) =>
          SECRET_NAME.test(name) &&
          typeof item === "string" &&
          item !== "" &&
          !/^(true|false|\/.*)$/.test(item),
      )
      .map(([name]) =>
        source.problem(
          [...path, "env", name],
          `"${name}" is the name of a secret, and secrets do not belong into git`,
          { expected: EXPECTED },
        ),
      ),
  );

export const secretRules: readonly SpecRule[] = [noCredentials, noSecretVariables];
