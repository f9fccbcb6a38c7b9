// Owns: whether a password survives in what External Secrets' templates make of it: addresses and connection strings.
// Promises: the templates are run by Go's own text/template; `replace` is the one function of sprig that they use.
// Must not: know how a template escapes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";

const PROGRAM = `package main

import (
	"encoding/json"
	"os"
	"strings"
	"text/template"
)

func main() {
	var input struct {
		Templates []string
		Password  string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		panic(err)
	}
	functions := template.FuncMap{"replace": func(old, new, text string) string { return strings.ReplaceAll(text, old, new) }}
	made := []string{}
	for _, text := range input.Templates {
		var out strings.Builder
		parsed := template.Must(template.New("value").Funcs(functions).Parse(text))
		if err := parsed.Execute(&out, map[string]string{"password": input.Password}); err != nil {
			panic(err)
		}
		made = append(made, out.String())
	}
	json.NewEncoder(os.Stdout).Encode(made)
}
`;

const specOf = (engine: string) => `
apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop }
services:
  api: { type: web-api, runtime: nodejs, image: ghcr.io/example-org/api:1, ports: { http: 80 }, uses: { db: {} } }
  net: { type: web-api, runtime: dotnet, image: ghcr.io/example-org/net:1, ports: { http: 80 }, uses: { db: {} } }
datastores: { db: { engine: ${engine} } }
environments: { prod: { tier: production, domain: example.com } }
`;

/** Every printable character of ASCII, and some beyond. */
const PASSWORD = `${Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("")}äß€''""++  %2B`;

/** What the templates of the secret values make of a password, by key. */
function madeOf(spec: string): Record<string, string> {
  const stack = resolveStack(parseSpec(spec), { generator: "0.1.0" });
  const made = stack.environments[0]?.secrets.find(({ name }) => name === "db")?.made ?? [];
  const folder = mkdtempSync(join(tmpdir(), "escapes-"));
  writeFileSync(join(folder, "main.go"), PROGRAM);
  const input = JSON.stringify({ Templates: made.map(({ template }) => template), Password: PASSWORD });
  const values: string[] = JSON.parse(
    execFileSync("go", ["run", "main.go"], { cwd: folder, input, encoding: "utf8" }),
  );
  rmSync(folder, { recursive: true });
  return Object.fromEntries(made.map(({ key }, index) => [key, values[index] ?? ""]));
}

test.each([
  ["postgresql", 5432],
  ["mariadb", 3306],
  ["mysql", 3306],
])(
  "every character of a password comes back from an address and from a connection string of %s",
  (engine, port) => {
    const made = madeOf(specOf(engine));
    expect(Object.keys(made)).toEqual(["db-connection-string", "db-url"]);
    const parsed = new URL(made["db-url"] ?? "");
    expect(decodeURIComponent(parsed.password)).toBe(PASSWORD);
    expect(parsed.host).toBe(`db:${port}`);
    // ADO.NET: a value within single quotes, in which a single quote is doubled.
    const quoted = /;Password='((?:[^']|'')*)';/.exec(made["db-connection-string"] ?? "")?.[1] ?? "";
    expect(quoted.replaceAll("''", "'")).toBe(PASSWORD);
  },
);

test("every character of a password comes back from Kafka's login configuration", () => {
  const spec = specOf("kafka, host: kafka.example.com").replace("runtime: dotnet", "runtime: spring-boot");
  const { "db-jaas-config": jaas = "" } = madeOf(spec);
  // JAAS (java.io.StreamTokenizer): within quotes a backslash goes before a quote and before a backslash.
  const quoted =
    /^\S+ScramLoginModule required username="shop" password="((?:[^"\\]|\\.)*)";$/.exec(jaas)?.[1] ?? "";
  expect(quoted.replace(/\\(.)/g, "$1")).toBe(PASSWORD);
});
