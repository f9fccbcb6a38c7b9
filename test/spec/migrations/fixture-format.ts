// Owns: versions of prod-stack.yaml that never were: what later ones may have to change.
// Promises: ends in today's version, so that what comes out is a real spec.
// Must not: be shipped.

import { nameList, renameKey, setMissing, splitScalar } from "../../../src/spec/migrations/document-edits.js";
import { SPEC_FORMAT } from "../../../src/spec/migrations/index.js";
import type { SpecFormat } from "../../../src/spec/migrations/migration.js";

/** `first` has a list of services and calls the image `container`; `second` has ports as numbers and no branch. */
export const FORMAT: SpecFormat = {
  current: SPEC_FORMAT.current,
  migrations: [
    {
      from: "prod-stack/second",
      to: SPEC_FORMAT.current,
      steps: ["ports by name: port: 80 is ports: { http: 80 }", "the branch that was meant is said"],
      edit: (document) => {
        renameKey(document, ["services", "*", "port"], "ports");
        splitScalar(document, ["services", "*", "ports"], (value) =>
          typeof value === "number" ? { http: value } : undefined,
        );
        setMissing(document, ["source", "revision"], "master");
      },
    },
    {
      from: "prod-stack/first",
      to: "prod-stack/second",
      steps: ["services by name", "container is called image"],
      edit: (document) => {
        nameList(document, ["services"], "name");
        renameKey(document, ["services", "*", "container"], "image");
      },
    },
  ],
};

export const OLD = `# Owned by the shop team.
apiVersion: prod-stack/first  # since March

name: shop
source: {url: https://github.com/example-org/shop-deploy}   # ours

# What customers see.
services:
  # Sells.
  - name: web          # the shop itself
    type: web-api
    runtime: nodejs
    # Built by CI.
    container: "ghcr.io/example-org/web:1.4.2"
    port: 3000   # not 80: no root
  - {name: worker, type: web-api, runtime: go, container: ghcr.io/example-org/worker:2.0.0, port: 8080}

environments:
    dev: { tier: development, domain: dev.example.com }
    prod: { tier: production, domain: example.com }   # last
`;

export const NEW = `# Owned by the shop team.
apiVersion: prod-stack/v1 # since March

name: shop
source: { url: https://github.com/example-org/shop-deploy, revision: master } # ours

# What customers see.
services:
  # Sells.
  web:
    # the shop itself
    type: web-api
    runtime: nodejs
    # Built by CI.
    image: "ghcr.io/example-org/web:1.4.2"
    ports: { http: 3000 } # not 80: no root
  worker: { type: web-api, runtime: go, image: ghcr.io/example-org/worker:2.0.0, ports: { http: 8080 } }

environments:
    dev: { tier: development, domain: dev.example.com }
    prod: { tier: production, domain: example.com }   # last
`;
