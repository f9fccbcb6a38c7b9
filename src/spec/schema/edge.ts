// Owns: the schema of the settings at the network's edges: the gateway, certificates, network policies.
// Promises: the same words in platform.yaml, at the top of prod-stack.yaml, in `tiers` and in `environments`.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { Type } from "typebox";
import { requestFields } from "./exposure.js";
import { annotate, Cidr, LABEL_NAME, LabelValue, mapOf, objectName } from "./scalars.js";
import { GATEWAYS } from "./words.js";

const closed = { additionalProperties: false } as const;
const text = (pattern: string, expected: string, description: string) =>
  Type.String({ pattern, expected, description });

const LoadBalancer = Type.Object(
  {
    internal: Type.Optional(
      annotate(Type.Enum(["azure", "aws", "gcp"]), {
        description: "Reachable from inside of this cloud's network alone, with its health checks.",
      }),
    ),
    annotations: Type.Optional(
      mapOf(Type.String(), LABEL_NAME, "the name of an annotation", {
        description: "Further annotations of the load balancer's Service.",
      }),
    ),
  },
  {
    ...closed,
    description:
      "Load balancer of an own Gateway. The platform owns the Service of every other gateway; docs/exposure.md lists what it needs.",
  },
);

export const Gateway = Type.Object(
  {
    implementation: Type.Optional(
      annotate(Type.Enum(GATEWAYS), {
        description:
          "envoy-gateway: Gateway API; traefik: its IngressRoute; ingress-nginx: Ingress, legacy since its retirement in March 2026.",
      }),
    ),
    mode: Type.Optional(
      annotate(Type.Enum(["shared", "own", "listener-set"]), {
        description:
          "shared: routes attach to the platform's Gateway; own: the stack has a Gateway; listener-set: the stack adds listeners to the platform's Gateway. Traefik and NGINX are always shared.",
      }),
    ),
    class: Type.Optional(objectName("GatewayClass of an own Gateway, or the IngressClass.")),
    name: Type.Optional(objectName("Name of the shared Gateway.")),
    namespace: Type.Optional(objectName("Namespace of the shared Gateway.")),
    proxyNamespace: Type.Optional(
      objectName(
        "Namespace in which the gateway's proxies run; network policies let them in. Never the stack's own: default-deny would close them off.",
      ),
    ),
    proxyLabels: Type.Optional(
      mapOf(LabelValue, LABEL_NAME, "a label name", {
        description: "Labels of the gateway's proxies; those that the implementation gives them by default.",
      }),
    ),
    https: Type.Optional(Type.Boolean({ description: "Serve HTTPS only, and redirect plain HTTP." })),
    httpListener: Type.Optional(
      objectName("Name of the shared Gateway's listener for HTTP, or of Traefik's entry point."),
    ),
    httpsListener: Type.Optional(
      objectName("Name of the shared Gateway's listener for HTTPS, or of Traefik's entry point."),
    ),
    rateLimitScope: Type.Optional(
      annotate(Type.Enum(["global", "local"]), {
        description:
          "global: all proxies count together, in Envoy Gateway's rate limit service; local: each proxy counts for itself.",
      }),
    ),
    trustedHops: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 9,
        expected: "a number between 0 and 9",
        description:
          "Proxies in front of the gateway that append to X-Forwarded-For; the client's address is what the first of them saw.",
      }),
    ),
    loadBalancer: Type.Optional(LoadBalancer),
    defaults: Type.Optional(
      Type.Object(requestFields, {
        ...closed,
        description: "What holds for every exposed service that says nothing else.",
        def: "RequestDefaults",
      }),
    ),
  },
  { ...closed, description: "The gateway that exposes services.", def: "Gateway" },
);

const Dns01 = Type.Object(
  {
    route53: Type.Optional(
      Type.Object(
        {
          region: text("^[a-z0-9-]+$", "a region such as eu-central-1", "Region."),
          hostedZone: Type.Optional(text("^[A-Z0-9]+$", "the id of a hosted zone", "Hosted zone.")),
          role: Type.Optional(text("^arn:[^\\s]+$", "the ARN of a role", "Role that cert-manager assumes.")),
        },
        closed,
      ),
    ),
    cloudDNS: Type.Optional(
      Type.Object({ project: text("^[a-z][a-z0-9-]{4,29}$", "a project id", "Project.") }, closed),
    ),
    azureDNS: Type.Optional(
      Type.Object(
        {
          subscription: text("^[0-9a-fA-F-]{36}$", "a UUID", "Subscription."),
          resourceGroup: text("^[A-Za-z0-9._()-]+$", "the name of a resource group", "Resource group."),
          zone: text("^[a-z0-9.-]+$", "a DNS zone", "Zone."),
          client: Type.Optional(text("^[0-9a-fA-F-]{36}$", "a UUID", "Client id of the managed identity.")),
        },
        closed,
      ),
    ),
    cloudflare: Type.Optional(
      Type.Object(
        { secret: Type.String({ expected: "the name of an entry of `secrets`" }), key: Type.String() },
        { ...closed, description: "API token." },
      ),
    ),
  },
  {
    ...closed,
    minProperties: 1,
    expected: "one of route53, cloudDNS, azureDNS, cloudflare",
    description: "Prove the domain by DNS, which wildcards need; by HTTP without it.",
  },
);

export const CertManager = Type.Object(
  {
    mode: Type.Optional(
      annotate(Type.Enum(["present", "off"]), {
        description: "present: the platform runs cert-manager; off: the stack does without.",
      }),
    ),
    issuer: Type.Optional(objectName("Name of the issuer.")),
    issuerKind: Type.Optional(
      annotate(Type.Enum(["ClusterIssuer", "Issuer"]), { description: "Kind of the issuer." }),
    ),
    acme: Type.Optional(
      Type.Object(
        {
          email: text("^[^\\s@]+@[^\\s@]+$", "an e-mail address", "Who is told of certificates that end."),
          directory: Type.Optional(
            text(
              "^https://[^\\s]+$",
              "an https address",
              "The authority's directory; Let's Encrypt's by default.",
            ),
          ),
          dns01: Type.Optional(Dns01),
        },
        {
          ...closed,
          description: "The stack brings its own issuer: an ACME authority such as Let's Encrypt.",
        },
      ),
    ),
    ca: Type.Optional(
      Type.Object(
        {
          secret: Type.String({
            expected: "the name of an entry of `secrets`",
            description: "Secret with the authority's tls.crt and tls.key.",
          }),
        },
        {
          ...closed,
          description: "The stack brings its own issuer: a certificate authority of the company.",
        },
      ),
    ),
  },
  { ...closed, description: "Certificates at the edge.", def: "CertManager" },
);

export const Network = Type.Object(
  {
    policies: Type.Optional(Type.Boolean({ description: "Deny all traffic but the declared edges." })),
    flavour: Type.Optional(
      annotate(Type.Enum(["kubernetes", "cilium"]), {
        description:
          "kubernetes: NetworkPolicy alone, which knows no names; cilium: externals by their DNS name, the API server as an entity.",
      }),
    ),
    mtls: Type.Optional(
      annotate(Type.Enum(["off", "istio"]), {
        description:
          "istio: mutual TLS between all pods by Istio's ambient mesh, which the platform has; plain text is refused. off by default.",
      }),
    ),
    apiServer: Type.Optional(
      Type.Array(Cidr, { description: "Addresses of the API server, for pods that call it." }),
    ),
    nodeLocalDns: Type.Optional(
      Type.Boolean({ description: "The cluster runs NodeLocal DNSCache on 169.254.20.10." }),
    ),
    ipv6: Type.Optional(
      Type.Boolean({ description: "Pods have IPv6 addresses too: the public internet includes IPv6." }),
    ),
    privateRanges: Type.Optional(
      Type.Array(Cidr, {
        description: "Ranges inside the company, kept out of rules for the public internet.",
      }),
    ),
  },
  { ...closed, description: "Network policies.", def: "Network" },
);
