// Owns: how one service of the merged spec is reached from outside.
// Promises: hosts complete, answers concrete, lists sorted where their order means nothing.
// Must not: know which gateway serves it.

import { PREVIEWS } from "../spec/schema/words.js";
import type { Port } from "./container.js";
import type { Derivation } from "./derivation.js";
import type { EffectiveService } from "./effective.js";
import { previewHost } from "./previews.js";
import { bytes, goDuration, seconds } from "./quantity.js";
import type { Exposure } from "./service.js";

type Expose = NonNullable<EffectiveService["expose"]>;

const UNITS = { s: "Second", min: "Minute", h: "Hour" } as const;

/** Answers that speak of HTTP requests, which a gRPC service has no use for. */
export const HTTP_ONLY = [
  "match",
  "rewrite",
  "streaming",
  "maxBody",
  "buffering",
  "compression",
  "cors",
  "headers",
  "contentSecurityPolicy",
] as const;

/** The exposure of a service; undefined where it has none, or no port to lead to. */
export function exposureOf(
  { expose, type }: EffectiveService,
  port: Port | undefined,
  derivation: Derivation,
): Exposure | undefined {
  if (expose === undefined || port === undefined) return undefined;
  const streaming = expose.streaming ?? false;
  const maxBody = expose.maxBody === undefined ? undefined : bytes(expose.maxBody);
  return {
    ...hostsOf(expose, derivation),
    path: expose.path ?? "/",
    match: expose.match ?? "prefix",
    rewrite: expose.rewrite,
    port,
    rateLimit: rateOf(expose),
    timeout: streaming ? undefined : expose.timeout && goDuration(expose.timeout),
    idleTimeout: expose.idleTimeout === undefined ? streamIdle(streaming) : goDuration(expose.idleTimeout),
    streaming,
    maxBodyBytes: maxBody,
    buffering: expose.buffering,
    compression: expose.compression ?? false,
    allow: [...new Set(expose.allow ?? [])].sort(),
    cors: corsOf(expose),
    headers: headersOf(expose),
    affinity: expose.affinity,
    httpOnly: type === "grpc-service" ? HTTP_ONLY.filter((key) => expose[key] !== undefined) : [],
  };
}

/** A stream that is silent for an hour is dead. */
function streamIdle(streaming: boolean): string | undefined {
  return streaming ? "1h" : undefined;
}

function hostsOf(expose: Expose, { spec, place }: Derivation): { host: string; hosts: readonly string[] } {
  const complete = (host: string) => {
    if (place?.name === PREVIEWS) return previewHost(host, place.domain);
    return host.includes(".") || place === undefined ? host : `${host}.${place.domain}`;
  };
  const host = complete(expose.host ?? spec.name);
  const aliases = [...new Set((expose.aliases ?? []).map(complete))].sort();
  return { host, hosts: [host, ...aliases.filter((alias) => alias !== host)] };
}

function rateOf({ rateLimit }: Expose): Exposure["rateLimit"] {
  const [requests, unit] = rateLimit?.split("/") ?? [];
  return requests === undefined
    ? undefined
    : { requests: Number(requests), unit: UNITS[unit as keyof typeof UNITS] };
}

function corsOf({ cors }: Expose): Exposure["cors"] {
  return (
    cors && {
      // A layer may give the rest and leave the origins to another; src/stack/rules looks at the sum.
      origins: cors.origins ?? [],
      methods: cors.methods ?? ["GET", "POST", "OPTIONS"],
      headers: cors.headers ?? [],
      exposedHeaders: cors.exposedHeaders ?? [],
      credentials: cors.credentials ?? false,
      maxAgeSeconds: cors.maxAge === undefined ? 600 : seconds(cors.maxAge),
    }
  );
}

function headersOf({ headers, contentSecurityPolicy }: Expose): Exposure["headers"] {
  return Object.entries({
    ...headers,
    ...(contentSecurityPolicy !== undefined && { "Content-Security-Policy": contentSecurityPolicy }),
  })
    .map(([name, value]) => ({ name, value: String(value) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
