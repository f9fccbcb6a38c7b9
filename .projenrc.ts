import { javascript, typescript } from "projen";
import { restrictRooms } from "./projenrc/rooms.js";

const project = new typescript.TypeScriptProject({
  name: "create-prod-stack",
  description:
    "Generates complete, production-ready Kubernetes GitOps repositories, and keeps them up to date.",
  keywords: ["argocd", "generator", "gitops", "kubernetes", "kustomize", "prometheus", "scaffold"],
  authorName: "create-prod-stack authors",
  authorOrganization: true,
  license: "Apache-2.0",
  copyrightOwner: "create-prod-stack authors",
  defaultReleaseBranch: "main",
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: "20.19.0",
  entrypoint: "lib/index.cjs",

  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx() },
  projenVersion: "0.103.25",
  typescriptVersion: "7.0.2",

  // Each of these defaults needs a GitHub token, rewrites sources while it tests, or is replaced by a plain script below.
  jest: false,
  eslint: false,
  sampleCode: false,
  github: false,
  release: false,
  package: false,
  depsUpgrade: false,
  npmignoreEnabled: false,
  licensed: true,

  biome: true,
  biomeOptions: {
    version: "2.5.15",
    biomeConfig: {
      formatter: { lineWidth: 110, indentStyle: "space" },
      files: {
        includes: [
          "src/**",
          "test/**",
          "projenrc/**",
          "backstage/{src,test,scripts,dev}/**/*.{ts,mjs}",
          ".projenrc.ts",
          "!**/generated",
          "!**/fixtures",
        ],
      },
      linter: {
        rules: {
          style: { useNodejsImportProtocol: "error", noNonNullAssertion: "error" },
          suspicious: { noExplicitAny: "error", noEmptyBlockStatements: "error" },
          complexity: {
            noExcessiveCognitiveComplexity: { level: "error", options: { maxAllowedComplexity: 20 } },
          },
        },
      },
      overrides: restrictRooms(),
    } as never,
  },

  // The projen door takes both from the project that uses it: the versions that are tested, and only where it is used.
  peerDeps: ["constructs@10.8.1", "projen@0.103.25"],
  peerDependencyOptions: { pinnedDevDependency: false },

  // Everything is bundled into the package (ADR 2), so there are no runtime dependencies.
  devDeps: [
    "@lezer/common@1.5.5",
    "@lezer/highlight@1.2.5",
    "@lezer/lr@1.4.12",
    "@prometheus-io/lezer-promql@0.315.0",
    "@types/node@20.19.25",
    "ajv@8.20.0",
    "constructs@10.8.1",
    "covertable@2.5.2",
    "diff@8.0.4",
    "enquirer@2.4.1",
    "esbuild@0.28.2",
    "execa@9.6.1",
    "fast-check@4.10.2",
    "fastest-levenshtein@1.0.16",
    "semver@7.8.6",
    "@types/semver@7.8.0",
    "handlebars@4.7.10",
    "tsx@4.23.15",
    "typebox@1.4.3",
    "vitest@4.1.12",
    "yaml@2.9.1",
  ],

  gitignore: [
    "/.cache/",
    "/.jsii",
    "*.tgz",
    "/backstage/core/",
    "/backstage/dist/",
    "/backstage/dev/dist/",
    "/backstage/dev/pages/app/dist/",
    "/backstage/dev/repositories/",
  ],
  tsconfig: {
    compilerOptions: {
      target: "ES2022",
      lib: ["ES2023"],
      module: "nodenext",
      moduleResolution: javascript.TypeScriptModuleResolution.NODE_NEXT,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
    },
  },
  tsconfigDev: { include: ["src/**/*.ts", "test/**/*.ts", "projenrc/**/*.ts", ".projenrc.ts"] },
  disableTsconfig: true,
});

project.package.addVersion("0.1.0");
project.package.addField("type", "module");
project.package.addField("bin", { "create-prod-stack": "lib/cli.cjs" });
project.package.addField("types", undefined);
project.package.addField("files", ["lib", ".jsii"]);
// projen loads the directory of a package, which is its `main`; everybody else asks for a name in `exports`.
project.package.addField("main", "lib/projen.cjs");
project.package.addField("exports", {
  ".": "./lib/index.cjs",
  "./projen": "./lib/projen.cjs",
  "./.jsii": "./.jsii",
  "./validate": "./lib/validate.cjs",
  "./package.json": "./package.json",
});
project.package.addField("peerDependenciesMeta", {
  constructs: { optional: true },
  projen: { optional: true },
});
project.package.addField("allowScripts", { esbuild: true });

// Plain package scripts, never projen tasks: the task runner reports a killed step as success.
for (const task of ["build", "compile", "post-compile", "pre-compile", "package", "test", "watch", "biome"]) {
  project.tasks.removeTask(task);
}
const scripts: Record<string, string> = {
  build: "tsx projenrc/build.ts",
  start: "npm run --silent build && node lib/cli.cjs",
  lint: "biome ci",
  format: "biome check --write",
  typecheck: "tsc --noEmit -p tsconfig.dev.json",
  test: "npm run --silent build && npm run --silent lint && npm run --silent typecheck && vitest run && npm run --silent test:acceptance",
  "test:acceptance": "vitest run --config test/acceptance/vitest.config.ts",
  "test:tools": "npm run --silent build && vitest run --config vitest.tools.config.ts",
  "test:apiserver": "npm run --silent build && vitest run --config test/apiserver/vitest.config.ts",
  "test:slow": "npm run --silent build && vitest run --config vitest.slow.config.ts",
  bench: "npm run --silent build && tsx test/bench/run.ts",
  schemas: "tsx projenrc/schemas/make.ts",
  docs: "tsx projenrc/docs.ts",
  backstage: "npm run --silent build && node backstage/dev/start.mjs",
  "backstage:install": "npm --prefix backstage ci",
  "test:backstage":
    "npm run --silent build && npm --prefix backstage run --silent build && npm --prefix backstage test --silent",
  prepack: "npm run --silent build",
};
for (const name of Object.keys(project.package.manifest.scripts ?? {})) {
  if (!["projen", "default"].includes(name)) project.package.removeScript(name);
}
for (const [name, command] of Object.entries(scripts)) project.package.setScript(name, command);

// No download addresses in the lock file: it serves behind any registry.
const npmConfig = new javascript.NpmConfig(project);
npmConfig.addConfig("omit-lockfile-registry-resolved", "true");
npmConfig.addConfig("fund", "false");
project.gitignore.exclude("/src/generated/");
project.gitattributes.addAttributes("*.br", "binary");

project.synth();
