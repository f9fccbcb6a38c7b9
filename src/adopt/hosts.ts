// Owns: hosts in the texts of variables: in addresses, in connection strings, alone.
// Promises: linear in the text; user names and passwords of an address are no part of the answer.
// Must not: know which hosts there are.

export interface NamedHost {
  readonly host: string;
  readonly port: number | undefined;
  readonly scheme: string | undefined;
}

/** What kind of address a text is. */
export type Shape = "jdbcUrl" | "url" | "connectionString" | undefined;

export function shapeOf(text: string): Shape {
  if (/^jdbc:/i.test(text)) return "jdbcUrl";
  if (/^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(text)) return "url";
  return /(?:^|;)\s*(?:host|server|data source)\s*=/i.test(text) ? "connectionString" : undefined;
}

const SPEAKS_OF_HOST =
  /(?:HOST|HOSTNAME|URL|URI|ADDR|ADDRESS|ENDPOINT|SERVERS?|BROKERS?|SERVICE|UPSTREAM|BACKEND|API|DSN)$/i;

/** Hosts in a variable's text: in addresses, in connection strings, or alone where the variable's name speaks of one. */
export function hostsIn(name: string, text: string): readonly NamedHost[] {
  if (text.length > 4096) return [];
  const found: NamedHost[] = [];
  for (const [, scheme, host = "", port] of text.matchAll(
    /([a-z][a-z0-9+.-]{0,30}):\/\/(?:[^\s/@]{0,200}@)?([A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(\d{1,5}))?/gi,
  ))
    found.push({
      host: host.toLowerCase(),
      port: port === undefined ? undefined : Number(port),
      scheme: scheme?.toLowerCase(),
    });
  for (const [, host = ""] of text.matchAll(
    /(?:^|;)\s*(?:host|server|data source)\s*=\s*([A-Za-z0-9.-]{1,253})/gi,
  ))
    found.push({ host: host.toLowerCase(), port: undefined, scheme: undefined });
  if (found.length === 0)
    for (const part of text.split(/[\s,;]+/)) {
      const [, host, port] = /^([A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(\d{1,5}))?(?:\/.*)?$/.exec(part) ?? [];
      const isHost = host !== undefined && (port !== undefined || SPEAKS_OF_HOST.test(name));
      if (isHost && !/^[\d.]+$/.test(host))
        found.push({
          host: host.toLowerCase(),
          port: port === undefined ? undefined : Number(port),
          scheme: undefined,
        });
    }
  return found;
}

/** api, api.shop and api.shop.svc.cluster.local are one. */
export function hostLabel(host: string): string {
  const parts = host.split(".");
  const isInCluster = parts.length <= 2 || parts[2] === "svc";
  return isInCluster ? (parts[0] ?? host) : host;
}
