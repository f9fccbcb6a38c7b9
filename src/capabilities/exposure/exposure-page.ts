// Owns: docs/exposure.md: what each gateway does with this stack's answers, and what the platform has to set for it.
// Promises: every answer that is given has a row; the gateways that are not chosen stand beside, for whoever wants to move.
// Must not: decide what a gateway can do; src/stack/presets/gateways.ts says it.

import {
  EDGE_ANSWERS,
  type EdgeAnswer,
  GATEWAY_PRESETS,
  gatewayPreset,
} from "../../stack/presets/gateways.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { type FileSpec, file } from "../capability.js";
import { INTERNAL_LOAD_BALANCER } from "./envoy-gateway.js";
import type { Exposed } from "./implementation.js";

/** Which services, or which environments, give an answer. */
function givers(stack: Stack, answer: EdgeAnswer): string[] {
  const environments = (test: (environment: Environment) => boolean) =>
    stack.environments.filter(test).map(({ label }) => label);
  switch (answer) {
    case "redirect":
      return environments(({ settings }) => settings.gateway.https);
    case "trustedHops":
      return environments(({ settings }) => settings.gateway.trustedHops > 0);
    case "loadBalancer":
      return environments(({ settings }) => settings.gateway.loadBalancer !== undefined);
    default: {
      const given = stack.environments.flatMap(({ services }) =>
        services.flatMap(({ name, exposure }) =>
          exposure !== undefined && gives(exposure, answer) ? [name] : [],
        ),
      );
      return [...new Set(given)].sort();
    }
  }
}

function gives(exposure: Exposed["exposure"], answer: EdgeAnswer): boolean {
  if (answer === "aliases") return exposure.hosts.length > 1;
  if (answer === "path") return exposure.path !== "/" || exposure.match === "exact";
  if (answer === "maxBody") return exposure.maxBodyBytes !== undefined;
  const value = exposure[answer as keyof typeof exposure];
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

/** What only the platform can set, by environment. */
function platformNeeds(stack: Stack): { environment: string; need: string }[] {
  return stack.environments.flatMap((environment) =>
    needsOf(environment).map((need) => ({ environment: environment.label, need })),
  );
}

function needsOf({ settings, services }: Environment): string[] {
  const { gateway } = settings;
  const { implementation, mode, trustedHops, loadBalancer } = gateway;
  const exposures = services.flatMap(({ exposure }) => (exposure === undefined ? [] : [exposure]));
  if (exposures.length === 0) return [];
  const any = (test: (exposure: Exposed["exposure"]) => boolean) => exposures.some(test);
  const isNginx = implementation === "ingress-nginx";
  const headers = [
    ...new Set(exposures.flatMap((exposure) => exposure.headers.map(({ name }) => name))),
  ].sort();
  const needs: (string | false)[] = [
    isNginx &&
      headers.length > 0 &&
      `controller ConfigMap: global-allowed-response-headers: ${headers.join(",")}`,
    isNginx &&
      "controller ConfigMap: hide-headers: Server,X-Powered-By; hsts-include-subdomains as you need it",
    isNginx &&
      any(({ rateLimit }) => rateLimit !== undefined) &&
      "controller ConfigMap: limit-req-status-code: 429",
    isNginx && any(({ compression }) => compression) && "controller ConfigMap: use-gzip: true",
    isNginx &&
      trustedHops > 0 &&
      "controller ConfigMap: use-forwarded-headers: true, proxy-real-ip-cidr: the ranges of the proxies in front",
    implementation === "traefik" &&
      trustedHops > 0 &&
      `static configuration: entryPoints.${gateway.httpsListener}.forwardedHeaders.trustedIPs: the ranges of the proxies in front`,
    implementation === "traefik" &&
      any(({ idleTimeout }) => idleTimeout !== undefined) &&
      `static configuration: entryPoints.${gateway.httpsListener}.transport.respondingTimeouts`,
    implementation === "envoy-gateway" &&
      mode === "shared" &&
      trustedHops > 0 &&
      `ClientTrafficPolicy of ${gateway.namespace}/${gateway.name}: clientIPDetection.xForwardedFor.numTrustedHops: ${trustedHops}`,
    mode !== "own" &&
      loadBalancer !== undefined &&
      `annotations of the proxies' Service: ${annotationsOf(gateway)}`,
  ];
  return needs.filter((need): need is string => need !== false);
}

function annotationsOf({ loadBalancer }: Environment["settings"]["gateway"]): string {
  const { internal, annotations } = loadBalancer ?? {};
  const all = { ...(internal && INTERNAL_LOAD_BALANCER[internal]), ...annotations };
  const list = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: "${value}"`);
  return [...list, ...(internal ? ["with externalTrafficPolicy: Local, for the health checks"] : [])].join(
    ", ",
  );
}

/** The page; none for a stack that exposes nothing. */
export function exposurePage(stack: Stack, exposed: readonly Exposed[]): FileSpec[] {
  if (exposed.length === 0) return [];
  const presets = Object.entries(GATEWAY_PRESETS);
  const chosen = [...new Set(stack.environments.map(({ settings }) => settings.gateway.implementation))];
  const view = {
    name: stack.name,
    gateways: presets.map(([id, preset]) => ({ id, ...preset })),
    environments: stack.environments.map(({ label, settings: { gateway } }) => ({
      name: label,
      title: gatewayPreset(gateway.implementation).title,
      legacy: gatewayPreset(gateway.implementation).legacy,
      mode: gateway.mode,
      counts: gateway.rateLimitScope === "global" ? "all proxies together" : "each proxy for itself",
    })),
    legacy: chosen.flatMap((id) => gatewayPreset(id).legacy ?? []),
    needs: platformNeeds(stack),
    answers: EDGE_ANSWERS.map((answer) => ({
      answer,
      by: givers(stack, answer).join(", "),
      cells: presets.map(([, { answers }]) => {
        const { by, limit } = answers[answer];
        return { by, limit };
      }),
    })),
  };
  return [
    file("docs/exposure.md", "exposure/exposure.md", view, {
      what: "What each gateway does with this stack's answers, and what the platform has to set for it.",
      why: "The same answers mean the same with every gateway; where they do not, it stands here.",
      change: "gateway and services.*.expose in prod-stack.yaml",
    }),
  ];
}
