// Owns: which plugins the small Backstage has.
// Promises: catalog, scaffolder, guests who need no login, and the module; the pages too, where they have been built.
// Must not: be a model for production: guests may do everything.

import { existsSync } from "node:fs";
import { createBackend } from "@backstage/backend-defaults";

const backend = createBackend();
backend.add(import("@backstage/plugin-auth-backend"));
backend.add(import("@backstage/plugin-auth-backend-module-guest-provider"));
backend.add(import("@backstage/plugin-catalog-backend"));
backend.add(import("@backstage/plugin-catalog-backend-module-scaffolder-entity-model"));
backend.add(import("@backstage/plugin-scaffolder-backend"));
backend.add(import("@backstage/plugin-scaffolder-backend-module-github"));
backend.add(import("@backstage/plugin-scaffolder-backend-module-gitlab"));
// Elsewhere: import("backstage-plugin-scaffolder-backend-module-prod-stack").
backend.add(import("../dist/index.js"));
backend.add(import("./publish-locally.mjs"));
if (existsSync(new URL("dist/index.html", import.meta.url)))
  backend.add(import("@backstage/plugin-app-backend"));
await backend.start();
