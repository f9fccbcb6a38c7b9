// Owns: the order in which the package is built: what is generated from schema and templates, then the bundle.
// Promises: same sources, same bytes; no network.
// Must not: be needed at run time.

import { bundle } from "./build/bundle.js";
import { generateSpecModules } from "./build/spec-modules.js";
import { generateTemplates } from "./build/template-module.js";

const ROOT = new URL("..", import.meta.url).pathname;

generateTemplates(ROOT);
generateSpecModules(ROOT);
await bundle(ROOT);
// It reads the command's table, which stands on what has just been generated.
const { writeJsiiManifest } = await import("./build/jsii-manifest.js");
writeJsiiManifest(ROOT);
