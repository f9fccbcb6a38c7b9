// Owns: the public internet as address ranges: all addresses without the company's own and the clouds' metadata services.
// Promises: IPv4 always, IPv6 where pods have such addresses; link-local is out, whatever else a company calls private.
// Must not: know policies.

interface Range {
  readonly cidr: string;
  readonly except: readonly string[];
}

/** Where clouds serve instance metadata and credentials: 169.254.169.254 and its like. */
const LINK_LOCAL = "169.254.0.0/16";
/** Unique local (fd00:ec2::254 among them) and link-local addresses: RFC 4193, RFC 4291. */
const PRIVATE_IPV6 = ["fc00::/7", "fe80::/10"];

export function internetRanges(network: { ipv6: boolean; privateRanges: readonly string[] }): Range[] {
  const ipv4 = unique([...network.privateRanges.filter((range) => !range.includes(":")), LINK_LOCAL]);
  const ranges: Range[] = [{ cidr: "0.0.0.0/0", except: ipv4 }];
  if (!network.ipv6) return ranges;
  const given = network.privateRanges.filter((range) => range.includes(":"));
  // NAT64 (RFC 6052) reaches private IPv4 addresses by IPv6 ones.
  return [
    ...ranges,
    { cidr: "::/0", except: unique([...given, ...PRIVATE_IPV6, ...ipv4.map(throughNat64)]) },
  ];
}

function throughNat64(range: string): string {
  const [address = "", prefix] = range.split("/");
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  const group = (high: number, low: number) => (high * 256 + low).toString(16);
  return `64:ff9b::${group(a, b)}:${group(c, d)}/${96 + Number(prefix)}`;
}

function unique(ranges: readonly string[]): string[] {
  return [...new Set(ranges)];
}
