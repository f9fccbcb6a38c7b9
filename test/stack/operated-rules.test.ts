// Owns: what is refused of datastores that an operator runs.
// Promises: a red and a green case each.
// Must not: test what every datastore may say.

import { expect, test } from "vitest";
import { stackProblems } from "../spec/problems-of.js";

const spec = (datastore: string) => `apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop }
services:
  api: { type: web-api, image: ghcr.io/example-org/api:1, ports: { http: 8080 }, uses: { orders: {} } }
datastores: { orders: { engine: postgresql, ${datastore} } }
network: { apiServer: [10.0.0.1/32] }
backup: { store: { s3: { bucket: shop-backups } } }
environments: { prod: { tier: production, domain: example.com } }
`;
const berlin = 'backup: { schedule: "0 3 * * *", timeZone: Europe/Berlin }';

test("a time zone of backups that the operator does not know is refused where it stands", () => {
  expect(stackProblems(spec(`mode: operator, ${berlin}`))).toMatchObject([
    {
      path: "environments.prod.datastores.orders.backup",
      message: expect.stringMatching(/by UTC alone, not by Europe\/Berlin/),
    },
  ]);
});

test.each([`mode: statefulset, ${berlin}`, `mode: operator, ${berlin.replace("Europe/Berlin", "Etc/UTC")}`])(
  "%s is taken",
  (datastore) => {
    expect(stackProblems(spec(datastore))).toEqual([]);
  },
);
