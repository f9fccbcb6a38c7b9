// Owns: canary credentials in every place of a spec.
// Promises: refused with a position, and no message repeats one, whole or in part.
// Must not: hold a credential that is real; these are made up in published formats.

import { describe, expect, test } from "vitest";
import { formatProblem } from "../../src/stack-error.js";
import { platformProblems, problemsOf } from "./problems-of.js";

const X = (length: number) => "aZ3x9Qw7Lm".repeat(40).slice(0, length);
const PEM = ["-----BEGIN", "PRIVATE KEY-----"];

/** Put together here, so that no scanner takes this file for a leak. */
const CANARIES: readonly [string, string][] = [
  ["a GitHub token", `ghp_${X(36)}`],
  ["a fine-grained GitHub token", `github_pat_${X(40)}`],
  ["a GitHub application's token", `ghs_${X(36)}`],
  ["a GitLab token", `glpat-${X(20)}`],
  ["an AWS key id", `AKIA${"ABCDEFGH23456789"}`],
  ["a temporary AWS key id", `ASIA${"ABCDEFGH23456789"}`],
  ["a Google key", `AIza${X(35)}`],
  ["a Google access token", `ya29.${X(60)}`],
  ["a Slack token", `xoxb-${"1234567890"}-${X(24)}`],
  ["a Slack hook", `https://hooks.slack.com/services/T0000/B0000/${X(24)}`],
  ["a Stripe key", `sk_live_${X(24)}`],
  ["a SendGrid key", `SG.${X(22)}.${X(43)}`],
  ["an npm token", `npm_${X(36)}`],
  ["a PyPI token", `pypi-${X(80)}`],
  ["a Vault token", `hvs.${X(40)}`],
  ["a DigitalOcean token", `dop_v1_${"0123456789abcdef".repeat(4)}`],
  ["a Hugging Face token", `hf_${X(34)}`],
  ["a model provider's key", `sk-proj-${X(48)}`],
  ["a Shopify token", `shpat_${"0123456789abcdef".repeat(2)}`],
  ["a Docker Hub token", `dckr_pat_${X(27)}`],
  ["an Azure connection string", `DefaultEndpointsProtocol=https;AccountKey=${X(86)}==`],
  ["a JSON Web Token", `eyJ${X(20)}.eyJ${X(30)}.${X(43)}`],
  ["an address with a password", `postgres://app:${X(16)}@db.example.com:5432/app`],
  ["a private key", `${PEM[0]} RSA ${PEM[1]}\n${X(64)}\n${X(64)}`],
  ["an age identity", `AGE-SECRET-KEY-1${"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"}`],
];

const spec = (service: string, top = "") => `apiVersion: prod-stack/v1
name: a
source: { url: "https://github.com/example-org/a" }
${top}
secrets: { known: { keys: [one] } }
services:
  a:
    type: worker
    image: example/a
${service}
environments: { dev: { tier: development, domain: x.example } }
`;

/** Every place where somebody might paste a secret: free text, words, names, keys, numbers. */
const PLACES: readonly ((secret: string) => string)[] = [
  (secret) => spec(`    env: { VALUE: ${secret} }`),
  (secret) => spec(`    args: [--key, ${secret}]`),
  (secret) => spec(`    description: ${secret}`),
  (secret) => spec(`    env: { VALUE: { secret: ${secret}, key: one } }`),
  (secret) => spec(`    env: { VALUE: { secret: known, key: ${secret} } }`),
  (secret) => spec(`    env: { ${secret}: x }`),
  (secret) => spec(`    runtime: ${secret}`),
  (secret) => spec(`    replicas: ${secret}`),
  (secret) => spec(`    uses: { ${secret}: {} }`),
  (secret) => spec(`    ${secret}: 1`),
  (secret) => spec("", `logLevel: ${secret}`),
  (secret) => spec("", `monitoring: { labels: { a: ${secret} }, runbooks: ${secret} }`),
  (secret) => spec("", `capabilities: { ${secret}: false }`),
  (secret) => spec("").replace("tier: development", `tier: development, promotesFrom: ${secret}`),
  (secret) => spec("").replace("prod-stack/v1", `prod-stack/${secret}`),
  (secret) => `apiVersion: v1\nkind: ${secret}\n`,
  (secret) => `*${secret}\n`,
  (secret) => `${secret}: &a\n${secret}: b\n`,
];

/** What must not come back: any ten characters in a row of the secret part. */
function isRepeated(message: string, secret: string): boolean {
  const parts = secret.split(/[\s@]/).filter((part) => part.length >= 20);
  return parts.some((part) => {
    const tail = part.slice(-16);
    return message.includes(tail) || message.includes(Buffer.from(tail).toString("base64").slice(0, 12));
  });
}

describe("a spec with", () => {
  test.each(CANARIES)("%s is refused and not repeated, wherever it stands", (_title, secret) => {
    for (const place of PLACES) {
      const quoted = JSON.stringify(secret);
      const text = place(quoted).replace(`*${quoted}`, `*${secret.split(/\s/)[0]}`);
      const problems = problemsOf(text);
      expect([text, problems.length > 0]).toEqual([text, true]);
      const said = problems.map((problem) => formatProblem(problem)).join("\n");
      expect([said, isRepeated(said, secret)]).toEqual([said, false]);
    }
  });

  test.each(CANARIES)("%s as the value of a variable is called a secret", (_title, secret) => {
    const problems = problemsOf(spec(`    env: { VALUE: ${JSON.stringify(secret)} }`));
    expect(problems.map(({ line, path, message }) => [line, path, message])).toEqual([
      [10, "services.a.env.VALUE", "looks like a secret, and secrets do not belong into git"],
    ]);
  });
});

test("platform.yaml takes no secret either", () => {
  expect(
    platformProblems(`monitoring: { runbooks: "https://user:${X(12)}@wiki.example.com/" }\n`),
  ).toHaveLength(1);
});

test.each([
  "sha256:0123456789abcdef",
  "https://user@example.com/x",
  "sk-",
  "AKIA",
  "https://a.example:8080/@x",
  "a:b@c",
])("%s is no secret", (value) => {
  expect(problemsOf(spec(`    env: { VALUE: ${JSON.stringify(value)} }`))).toEqual([]);
});

test.each<[string, string, boolean]>([
  ["DB_PASSWORD", "hunter2", false],
  ["API_TOKEN", "x", false],
  ["apiKey", "x", false],
  ["TOKEN_FILE", "/run/token", true],
  ["DB_PASSWORD", "/run/secrets/password", true],
  ["USE_TOKEN", "true", true],
  ["DB_PASSWORD", "", true],
  ["TOKENS_PER_MINUTE", "100", true],
])("the variable %s: %s is taken for a secret: not %s", (name, value, isFine) => {
  expect(problemsOf(spec(`    env: { ${name}: "${value}" }`))).toHaveLength(isFine ? 0 : 1);
});
