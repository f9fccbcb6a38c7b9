// Owns: the proof of what a pod with an identity of a cloud may reach to get its tokens.
// Promises: each address of GKE's metadata server with its own ports, and none without an identity.
// Must not: simulate; test/capabilities does.

import { expect, test } from "vitest";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { derivePolicies } from "../../src/stack/derive-policies.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import type { Environment } from "../../src/stack/stack.js";

function metadataOf(service: string): string[] {
  const text = `apiVersion: prod-stack/v1
name: ident
source: { url: https://github.com/example-org/ident }
services:
  api: { type: web-api, runtime: go, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }${service} }
environments:
  prod: { tier: production, domain: example.com }
`;
  const [prod] = resolveStack(parseSpec(text), { generator: "0.0.0-test" }).environments;
  return derivePolicies(prod as Environment).flatMap(({ egress }) =>
    egress.flatMap(({ peers, ports }) =>
      peers.flatMap((peer) =>
        peer.kind === "range" && peer.cidr.startsWith("169.254.169.")
          ? [`${peer.cidr} ${ports.map(({ port }) => port).join()}`]
          : [],
      ),
    ),
  );
}

test("GKE's metadata server is reached by its two addresses, each on its own ports, with an identity alone", () => {
  expect(metadataOf(', identity: { gcp: "api@p.iam.gserviceaccount.com" }')).toEqual([
    "169.254.169.252/32 987,988",
    "169.254.169.254/32 80,8080",
  ]);
  expect(metadataOf("")).toEqual([]);
});
