// Owns: the schema of how a service is reached from outside, and of what a gateway does with its requests.
// Promises: what a service may say of its requests, `gateway.defaults` may say for all of them, in the same words.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { Type } from "typebox";
import { annotate, Cidr, DnsName, Duration, mapOf, PortName, quantity, Rate } from "./scalars.js";

const closed = { additionalProperties: false } as const;

/**
 * Gateway API refuses a path with an empty or a dotted element or with an escaped slash (HTTPPathMatch);
 * proxies normalise them away, so that such a route would never match.
 */
const RoutePath = Type.String({
  pattern: "^(?!.*//)(?!.*/\\.{1,2}(?:/|$))(?!.*%2[fF])/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$",
  maxLength: 1024,
  expected: 'an absolute path such as /api, without "//", "/." or "%2F"',
});

const HEADER_NAME = "^[A-Z0-9][A-Za-z0-9]*(-[A-Z0-9][A-Za-z0-9]*)*$";
const HeaderName = Type.String({ pattern: "^[A-Za-z0-9-]+$", expected: "a header name" });

const Cors = Type.Object(
  {
    origins: Type.Optional(
      Type.Array(
        Type.String({
          pattern: "^(https?://(\\*\\.)?[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?|\\*)$",
          expected: "an origin such as https://app.example.com or https://*.example.com",
        }),
        { minItems: 1, description: "Sites whose pages may read the answers." },
      ),
    ),
    methods: Type.Optional(
      Type.Array(Type.Enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]), { minItems: 1 }),
    ),
    headers: Type.Optional(Type.Array(HeaderName, { description: "Request headers that pages may set." })),
    exposedHeaders: Type.Optional(
      Type.Array(HeaderName, { description: "Headers of the answer that pages may read." }),
    ),
    credentials: Type.Optional(Type.Boolean({ description: "Pages may send cookies along." })),
    maxAge: Type.Optional(annotate(Duration, { description: "How long browsers remember the permission." })),
  },
  { ...closed, description: "Cross-origin requests that browsers may make.", def: "Cors" },
);

/** What a gateway does with the requests of a service. */
export const requestFields = {
  rateLimit: Type.Optional(annotate(Rate, { description: "Requests per client; more are answered 429." })),
  timeout: Type.Optional(annotate(Duration, { description: "Time for a request at the edge." })),
  idleTimeout: Type.Optional(
    annotate(Duration, { description: "Time without a byte after which a request is given up." }),
  ),
  streaming: Type.Optional(
    Type.Boolean({
      description:
        "Answers go on for long: server-sent events, websockets, streams. There is no request timeout then, only an idle one.",
    }),
  ),
  maxBody: Type.Optional(
    quantity(["10Mi"], "Largest request body; more is answered 413. Requests are taken in whole for it."),
  ),
  buffering: Type.Optional(
    Type.Boolean({
      description:
        "Take in a request whole before it is passed on, so that slow clients hold no worker; needs maxBody.",
    }),
  ),
  compression: Type.Optional(
    Type.Boolean({
      description:
        "Compress answers. Off where secrets and what an attacker chose stand in one answer (BREACH).",
    }),
  ),
  allow: Type.Optional(Type.Array(Cidr, { description: "Client ranges that may connect; all by default." })),
  cors: Type.Optional(Cors),
  headers: Type.Optional(
    mapOf(
      Type.String({ pattern: "^[\\x20-\\x7e]{1,4096}$", expected: "a header's value in one line" }),
      HEADER_NAME,
      "a header name as Like-This",
      {
        description:
          "Headers of every answer, by name; null takes one of the defaults away. The gateway's replace the application's.",
      },
    ),
  ),
  contentSecurityPolicy: Type.Optional(
    Type.String({
      pattern: "^[\\x20-\\x7e]+$",
      expected: "a Content-Security-Policy in one line",
      description: "Only the application knows it, so there is no default.",
    }),
  ),
  affinity: Type.Optional(
    annotate(Type.Enum(["cookie", "client-ip"]), {
      description: "Requests of one client go to the same pod, as long as it lives.",
    }),
  ),
};

export const Expose = Type.Object(
  {
    host: Type.Optional(
      annotate(DnsName, {
        description:
          "Host name; one label is completed with the environment's domain. The stack's name by default.",
        flag: "host",
        question: "Host name?",
      }),
    ),
    aliases: Type.Optional(
      Type.Array(
        Type.String({
          pattern:
            "^(?=.{1,253}$)(\\*|(\\*\\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$",
          expected: 'a DNS name in lower case, such as www.example.com or *.example.com; or "*"',
        }),
        {
          description:
            'Further hosts; one label is completed with the environment\'s domain, and "*" means every host below it.',
        },
      ),
    ),
    path: Type.Optional(
      annotate(RoutePath, {
        description: "Path prefix on these hosts; of a gRPC service /package.Service.",
        default: "/",
      }),
    ),
    match: Type.Optional(
      annotate(Type.Enum(["prefix", "exact"]), {
        description: "prefix: the path and all below it, element by element; exact: this path alone.",
        default: "prefix",
      }),
    ),
    rewrite: Type.Optional(
      annotate(RoutePath, { description: "What the service sees in the path's place; / strips it." }),
    ),
    port: Type.Optional(
      Type.String({
        pattern: PortName,
        expected: "the name of a port of this service",
        description: "Port to route to; the first one by default.",
      }),
    ),
    ...requestFields,
  },
  { ...closed, description: "How the world reaches the service.", def: "Expose" },
);
