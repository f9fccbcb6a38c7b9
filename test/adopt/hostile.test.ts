// Owns: what repositories of strangers may hold: broken and hostile YAML, names that break out, secrets in all kinds of places.
// Promises: nothing crashes, nothing hangs; what cannot be read is named; no secret value gets through.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { looksLikeCredential } from "../../src/spec/credentials.js";
import { StackError } from "../../src/stack-error.js";
import { deployment, type filesOf, propose, proposeText } from "./fixtures.js";

const API = deployment("api", "");
const withFile = (path: string, text: string) =>
  propose([
    { path: "api.yaml", text: API },
    { path, text },
  ]);
const unreadOf = (path: string, text: string) => withFile(path, text).unread.map(({ what }) => what);

const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
for (const [index, letter] of [..."bcdefghij"].entries())
  bomb.push(`${letter}: &${letter} [${Array(9).fill(`*${"abcdefghij"[index]}`).join(", ")}]`);

describe("texts that are no manifests", () => {
  test.each<[string, string, RegExp]>([
    ["broken", "kind: Deployment\nmetadata: { name: x", /^x\.yaml is not YAML/],
    [
      "duplicate keys",
      "kind: Deployment\nkind: Service\nmetadata: { name: x }",
      /^x\.yaml has the same key twice/,
    ],
    ["tabs", "kind: Deployment\nmetadata:\n\tname: x\n", /^x\.yaml/],
    [
      "billion laughs",
      `kind: ConfigMap\napiVersion: v1\nmetadata: { name: x }\n${bomb.join("\n")}\n`,
      /^x\.yaml expands too many aliases/,
    ],
    ["deep nesting", `kind: ConfigMap\nx: ${"[".repeat(5000)}`, /^x\.yaml nests deeper/],
    [
      "control characters",
      "kind: Deployment\nmetadata: { name: \u0007 }",
      /^x\.yaml holds a control character/,
    ],
  ])("%s: named with its line, and the rest is read", (_what, text, expected) => {
    const started = Date.now();
    expect(unreadOf("x.yaml", text)).toEqual([expect.stringMatching(expected)]);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test.each<[string, string]>([
    ["a Compose file", "services:\n  web:\n    image: nginx\n"],
    ["an OpenAPI page", "openapi: 3.0.0\npaths: {}\n"],
    ["nothing at all", ""],
    ["a CI workflow", `on: push\njobs: { a: { steps: [{ run: "echo $\{{ github.sha }}" }] } }\n`],
  ])("%s is left without a word", (_what, text) => {
    expect(unreadOf("x.yaml", text)).toEqual([]);
  });

  test("a repository without a workload is an error that says what was seen", () => {
    for (const text of ["", "a: 1\n", "kind: ConfigMap\napiVersion: v1\nmetadata: { name: x }\n"])
      expect(() => proposeText(text)).toThrow(expect.objectContaining({ kind: "input", code: "ADOPT" }));
  });
});

describe("kustomizations", () => {
  test.each<[string, string]>([
    ["of itself", "resources: [.]"],
    ["in a circle", "resources: [../k/../k]"],
    ["out of the directory", "resources: [../../../etc, /etc/passwd]"],
    ["from the network", "resources: ['https://example.com/x?ref=main', 'github.com/a/b']"],
    ["with an endless expression", "patches: [{ target: { name: '(a+)+$' }, patch: 'x: 1' }]"],
  ])("%s end, and give what is there", (_what, text) => {
    expect(withFile("k/kustomization.yaml", text).parsed.spec.services).toHaveProperty("api");
  });
});

test("kustomizations that refer to each other, again and again, end", () => {
  const next = (index: number) => Array(9).fill(`../k${index}`).join(", ");
  const bomb = Array.from({ length: 16 }, (_, index) => ({
    path: `k${index}/kustomization.yaml`,
    text: `resources: [${next(index + 1)}]`,
  }));
  const circle = [
    { path: "root/kustomization.yaml", text: "resources: [../one]" },
    { path: "one/kustomization.yaml", text: "resources: [../two]" },
    { path: "two/kustomization.yaml", text: "resources: [../one]" },
  ];
  const started = Date.now();
  const proposal = propose([{ path: "api.yaml", text: API }, ...bomb, ...circle]);
  expect(proposal.parsed.spec.services).toHaveProperty("api");
  expect(Date.now() - started).toBeLessThan(10_000);
});

describe("names and values that would break out", () => {
  test("escapes, paths and right-to-left marks in names are shown, never sent to a terminal", () => {
    const name = '"\\e[31mred\\u202e/../../etc"';
    const proposal = proposeText(`${API}apiVersion: x/v1\nkind: Widget\nmetadata: { name: ${name} }\n`);
    const said = proposal.leftAsIs.map(({ what }) => what).join("\n");
    expect(said).toContain("\\u{1b}[31mred\\u{202e}");
    expect(said).not.toMatch(/[\p{Cc}\p{Cf}](?<!\n)/u);
    const text = proposeText(`${API}${deployment("x", "").replaceAll("name: x", `name: ${name}`)}`).text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  test("a value that a manifest cannot carry is left out, and said", () => {
    const proposal = proposeText(
      deployment("api", 'env: [{ name: BELL, value: "a\\u0085b" }, { name: OK, value: fine }]'),
    );
    expect(proposal.parsed.spec.services.api?.env).toEqual({ OK: "fine" });
    expect(proposal.leftAsIs.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^services\.api\.env\.BELL: holds a character/),
    ]);
  });

  test("comments of the proposal hold no line break of a stranger's", () => {
    const { text } = proposeText(API.replace("1.0.0", "latest"));
    expect(text).toMatch(
      /^ {4}image: ghcr\.io\/example-org\/api # adopt: the tag latest moves[^\n]*\(manifests\.yaml:11\)$/m,
    );
  });
});

const SECRET = "S3cr3t-Fixture-Value";

describe("secret values", () => {
  test.each<[string, string]>([
    ["a variable by its name", `env: [{ name: DB_PASSWORD, value: ${SECRET} }]`],
    ["a variable in camel case", `env: [{ name: Jwt__SigningKey, value: ${SECRET} }]`],
    ["an address with a password", `env: [{ name: BROKER, value: "amqp://user:${SECRET}@mq:5672/" }]`],
    ["a connection string", `env: [{ name: CS, value: "Server=db;User=x;Password=${SECRET}" }]`],
    ["an argument", `args: ["--password=${SECRET}"]`],
    ["a command", `command: [sh, -c, "TOKEN=${SECRET} ./run"]`],
    ["a probe", `readinessProbe: { exec: { command: [sh, -c, "curl -u x: --data password=${SECRET}"] } }`],
  ])("%s is not copied", (_what, container) => {
    const proposal = proposeText(deployment("api", container));
    const { text, origins, warnings, leftAsIs, unread } = proposal;
    expect(JSON.stringify({ text, origins, warnings, leftAsIs, unread })).not.toContain(SECRET);
  });

  test("of ConfigMaps, Secrets, generators and broken files nothing gets through either", () => {
    const encoded = Buffer.from(SECRET).toString("base64");
    const files: ReturnType<typeof filesOf> = [
      {
        path: "all.yaml",
        text: `${deployment(
          "api",
          "envFrom: [{ configMapRef: { name: c } }, { secretRef: { name: s } }]\nvolumeMounts: [{ name: f, mountPath: /etc/app }]",
          "volumes: [{ name: f, configMap: { name: files } }]",
        )}apiVersion: v1
kind: ConfigMap
metadata: { name: c }
data: { SMTP_PASSWORD: ${SECRET}, MODE: fast }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: files }
data: { app.properties: "spring.datasource.password=${SECRET}\\n" }
---
apiVersion: v1
kind: Secret
metadata: { name: s }
data: { token: ${encoded} }
stringData: { other: ${SECRET} }
`,
      },
      { path: "broken.yaml", text: `kind: Secret\nstringData: { a: ${SECRET}\n  b: "` },
      {
        path: "k/kustomization.yaml",
        text: `secretGenerator: [{ name: g, literals: ["password=${SECRET}"] }]`,
      },
    ];
    const { text, origins, warnings, leftAsIs, unread, parsed } = propose(files);
    const everything = JSON.stringify({ text, origins, warnings, leftAsIs, unread });
    expect(everything).not.toContain(SECRET);
    expect(everything).not.toContain(encoded);
    expect(parsed.spec.services.api?.env).toEqual({
      MODE: "fast",
      SMTP_PASSWORD: { secret: "api", key: "smtp-password" },
      token: { secret: "s", key: "token" },
      other: { secret: "s", key: "other" },
    });
    expect(parsed.spec.secrets).toMatchObject({ s: { keys: ["other", "token"] } });
    const said = warnings.map(({ what }) => what).join("\n");
    expect(said).toMatch(/Secret s keeps 2 values in git \(all\.yaml\)/);
    expect(said).toMatch(/app\.properties of ConfigMap files holds what looks like a secret/);
  });

  test("what only looks a little like one is kept", () => {
    const { env } = proposeText(
      deployment(
        "api",
        "env: [{ name: TOKEN_TTL, value: 1h }, { name: PASSWORD_FILE, value: /run/secrets/db }, { name: KEYBOARD, value: qwertz }]",
      ),
    ).parsed.spec.services.api as { env: unknown };
    expect(env).toEqual({ TOKEN_TTL: "1h", PASSWORD_FILE: "/run/secrets/db", KEYBOARD: "qwertz" });
  });
});

/** Manifests whose fields are of the right and of any other form. */
const anything = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "api",
      "8080",
      "1Gi",
      "",
      "a b",
      "é",
      "x".repeat(300),
      "true",
      "http://api:80",
    ),
  },
  fc.integer({ min: -1, max: 70_000 }),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.constantFrom("a", 1, null), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom("name", "key", "value", "a.b/c"), fc.constantFrom("x", 1, null), {
    maxKeys: 2,
  }),
);
const container = fc.record(
  {
    name: anything,
    image: fc.oneof(
      fc.constantFrom("a/b:1", "postgres:15", "redis", "UPPER/Case:1", "kafka:3", "x:latest"),
      anything,
    ),
    ports: fc.oneof(
      anything,
      fc.array(fc.record({ containerPort: anything, name: anything }), { maxLength: 2 }),
    ),
    env: fc.oneof(
      anything,
      fc.array(
        fc.record({ name: anything, value: anything, valueFrom: anything }, { requiredKeys: ["name"] }),
        { maxLength: 3 },
      ),
    ),
    envFrom: fc.array(fc.record({ configMapRef: anything, secretRef: anything }, { requiredKeys: [] }), {
      maxLength: 1,
    }),
    resources: fc.record(
      { requests: fc.record({ cpu: anything, memory: anything }), limits: anything },
      { requiredKeys: [] },
    ),
    readinessProbe: fc.record(
      { httpGet: fc.record({ path: anything, port: anything }), periodSeconds: anything },
      { requiredKeys: [] },
    ),
    volumeMounts: fc.array(
      fc.record({ name: anything, mountPath: fc.constantFrom("/a", "/a/b", "relative", "/") }),
      { maxLength: 2 },
    ),
    securityContext: anything,
    args: anything,
  },
  { requiredKeys: ["image"] },
);
const manifest = fc.record(
  {
    apiVersion: fc.constant("apps/v1"),
    kind: fc.constantFrom(
      "Deployment",
      "StatefulSet",
      "CronJob",
      "Job",
      "Service",
      "Ingress",
      "ConfigMap",
      "Secret",
      "HorizontalPodAutoscaler",
      "InferenceService",
      "PersistentVolumeClaim",
    ),
    metadata: fc.record({
      name: fc.constantFrom("api", "db", "web", "default-deny", "a.b", "x".repeat(80), "1"),
      namespace: anything,
      annotations: anything,
    }),
    spec: fc.record(
      {
        replicas: anything,
        selector: fc.constantFrom({ app: "x" }, { matchLabels: { app: "x" } }, null),
        schedule: anything,
        template: fc.record({
          metadata: fc.constant({ labels: { app: "x" } }),
          spec: fc.record({ containers: fc.array(container, { maxLength: 2 }), volumes: anything }),
        }),
        jobTemplate: fc.record({
          spec: fc.record({
            template: fc.record({ spec: fc.record({ containers: fc.array(container, { maxLength: 1 }) }) }),
          }),
        }),
        ports: fc.array(fc.record({ port: anything, targetPort: anything, name: anything }), {
          maxLength: 2,
        }),
        rules: anything,
        scaleTargetRef: fc.constant({ kind: "Deployment", name: "api" }),
        minReplicas: anything,
        maxReplicas: anything,
        volumeClaimTemplates: anything,
      },
      { requiredKeys: ["selector", "template", "jobTemplate"] },
    ),
    data: anything,
  },
  { requiredKeys: ["apiVersion", "kind", "metadata", "spec"] },
);

test("whatever manifests stand beside it, a sound service is proposed, and the proposal is valid", () => {
  fc.assert(
    fc.property(fc.array(manifest, { minLength: 1, maxLength: 4 }), (manifests) => {
      const texts = [deployment("anchor", ""), ...manifests.map((one) => JSON.stringify(one))];
      const { parsed, stack, text } = proposeText(texts.join("\n---\n"));
      expect(parsed.spec.services).toHaveProperty("anchor");
      expect(stack.environments.length).toBeGreaterThan(0);
      expect(looksLikeCredential(text)).toBe(false);
    }),
    { numRuns: 80 },
  );
});

test("manifests of which nothing is sound are an error for people", () => {
  fc.assert(
    fc.property(fc.array(manifest, { minLength: 1, maxLength: 2 }), (manifests) => {
      try {
        proposeText(manifests.map((one) => JSON.stringify(one)).join("\n---\n"));
      } catch (error) {
        if (!(error instanceof StackError) || error.code !== "ADOPT") throw error;
      }
    }),
    { numRuns: 60 },
  );
});
