// Owns: the smallest stack that the tests generate.
// Promises: valid.
// Must not: be one of the examples.

export const HELLO = `apiVersion: prod-stack/v1
name: hello
description: Says hello.
source: { url: https://github.com/example-org/hello-deploy }
services:
  hello: { type: worker, runtime: go, image: ghcr.io/example-org/hello:1.0.0 }
environments:
  dev: { tier: development, domain: dev.example.com }
`;
