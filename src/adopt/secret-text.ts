// Owns: which texts of a manifest may be secret values.
// Promises: rather one too many: what is taken for a secret becomes a reference, and its value goes nowhere.
// Must not: return, log or keep a value.

import { looksLikeCredential } from "../spec/credentials.js";

const NAMES =
  /PASSWORD|PASSWD|PASSPHRASE|(?:^|[_.-])(?:PASS|PWD|PW|SECRET|TOKEN|CREDENTIALS?|SALT|DSN)$|SECRET_?KEY|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|MASTER_?KEY|AUTH_?TOKEN|(?:^|[_.-])SECRET(?:[_.-]|$)/i;

/** Camel case, as .NET and Java write it: Jwt__SigningKey, clientSecret. */
const CAMEL = /(?:Password|Secret|Token|ApiKey|SigningKey|AccessKey|PrivateKey)$/;

/** What cannot be one: switches, numbers of little use to a thief, paths, times, and what only points elsewhere. */
const HARMLESS = /^(?:|true|false|yes|no|\d{1,6}|\d+(?:ms|s|m|h|d)|\/[\w./-]*|\$\([A-Za-z_][\w]*\))$/i;

const ASSIGNMENT =
  /(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)["']?\s*[=:]\s*["']?(?!\s*(?:$|["'\n]|\$\{|\$\(|true\b|false\b|null\b|\/))\S/im;

/** An address with a password: //user:password@host, or //:password@host. */
const USER_INFO = /:\/\/[^\s/@]{0,200}:[^\s/@]{1,200}@/;

/** Whether a variable's value has to be taken for a secret, by its name or by its text. */
export function isSecretVariable(name: string, value: string): boolean {
  if (HARMLESS.test(value)) return false;
  return NAMES.test(name) || CAMEL.test(name) || isSecretText(value);
}

/** Whether a text, such as a file's, holds what looks like a secret. */
export function isSecretText(text: string): boolean {
  return looksLikeCredential(text) || USER_INFO.test(text) || ASSIGNMENT.test(text);
}
