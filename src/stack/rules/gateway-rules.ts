// Owns: rules about the settings of the gateway and of the issuer of its certificates.
// Promises: only where something is exposed, or an issuer is asked for.
// Must not: look at single exposures.

import type { Problem } from "../../stack-error.js";
import { isCertificateShared } from "../certificate-home.js";
import { exposedIn } from "../exposed.js";
import { gatewayPreset } from "../presets/gateways.js";
import { environmentPath, type StackRule } from "./stack-rule.js";

const gatewaysFit: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) => {
    const { implementation, mode, rateLimitScope } = environment.settings.gateway;
    const { title, modes } = gatewayPreset(implementation);
    if (exposedIn(environment).length === 0) return [];
    const at = (key: string) => environmentPath(environment, "gateway", key);
    const problems: (Problem | false)[] = [
      !modes.includes(mode) &&
        source.problem(at("mode"), `${title} is always the platform's, and the mode is ${mode}`, {
          expected: modes.join(" or "),
        }),
      rateLimitScope === "global" &&
        implementation !== "envoy-gateway" &&
        source.problem(at("rateLimitScope"), `each pod of ${title} counts for itself`, { expected: "local" }),
    ];
    return problems.filter((problem): problem is Problem => problem !== false);
  });

/** An issuer of the stack's own comes from one place, and what it reads is declared. */
const issuersFit: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) => {
    const { acme, ca } = environment.settings.certManager;
    const at = (...keys: string[]) => environmentPath(environment, "certManager", ...keys);
    const unknown = (secret: string | undefined, key: string) =>
      secret !== undefined &&
      !environment.secrets.some(({ name, keys }) => name === secret && keys.includes(key));
    const problems: (Problem | false)[] = [
      acme !== undefined &&
        ca !== undefined &&
        source.problem(at("ca"), "an issuer is an ACME authority or an authority of the company", {
          expected: "acme or ca",
        }),
      (acme ?? ca) !== undefined &&
        isCertificateShared(environment) &&
        source.problem(
          at(acme === undefined ? "ca" : "acme"),
          "the certificate lies with the platform's Gateway, and so does its issuer",
          { expected: "gateway.mode own or listener-set, or the platform's issuer" },
        ),
      Object.keys(acme?.dns01 ?? {}).length > 1 &&
        source.problem(at("acme", "dns01"), "a domain is proven by one DNS service", {
          expected: "one of route53, cloudDNS, azureDNS, cloudflare",
        }),
      acme !== undefined &&
        acme.dns01 === undefined &&
        exposedIn(environment).some(({ exposure }) => exposure.hosts.some((host) => host.startsWith("*."))) &&
        source.problem(
          at("acme"),
          `${environment.label} has a wildcard host, and no authority proves that by HTTP`,
          { expected: "acme.dns01, or hosts by name" },
        ),
      (unknown(ca?.secret, "tls.crt") || unknown(ca?.secret, "tls.key")) &&
        source.problem(at("ca", "secret"), `there is no secret ${ca?.secret} with tls.crt and tls.key`, {
          expected: "an entry of `secrets` with the keys tls.crt and tls.key",
        }),
      unknown(acme?.dns01?.cloudflare?.secret, acme?.dns01?.cloudflare?.key ?? "") &&
        source.problem(at("acme", "dns01", "cloudflare"), "there is no such secret with such a key", {
          expected: "an entry of `secrets`, and one of its keys",
        }),
    ];
    return problems.filter((problem): problem is Problem => problem !== false);
  });

/** Envoy Gateway can run proxies beside a Gateway (GatewayNamespace), where the stack's policies would close them off. */
const proxiesAreElsewhere: StackRule = ({ environments }, source) =>
  environments
    .filter((environment) => exposedIn(environment).length > 0 && environment.settings.network.policies)
    .filter(({ settings, namespace }) => settings.gateway.proxyNamespace === namespace)
    .map((environment) =>
      source.problem(
        environmentPath(environment, "gateway", "proxyNamespace"),
        `the gateway's proxies would run in ${environment.namespace}, where all traffic but the stack's own is denied`,
        { expected: "a namespace of the gateway's own, such as envoy-gateway-system" },
      ),
    );

export const gatewayRules: readonly StackRule[] = [gatewaysFit, issuersFit, proxiesAreElsewhere];
