import ipaddr from "ipaddr.js";
import { AppError } from "../core/errors.ts";

export type TrustedProxies = readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

/** Reads addresses and ranges ("10.0.0.1", "10.0.0.0/8", "::1"). @throws AppError invalid_parameters */
export function parseProxies(list: readonly string[]): TrustedProxies {
  return list.map((entry) => {
    try {
      return entry.includes("/")
        ? ipaddr.parseCIDR(entry)
        : [ipaddr.process(entry), entry.includes(":") && !entry.includes(".") ? 128 : 32];
    } catch (cause) {
      throw new AppError("invalid_parameters", `Setting TRUSTED_PROXIES: ${entry} is no address or range`, { cause });
    }
  });
}

/**
 * The address that limits are counted for: the socket's, unless the socket is a trusted proxy; then the last address in
 * `X-Forwarded-For` that is not one.
 */
export function clientAddress(socket: string, forwarded: string | null, trusted: TrustedProxies): string {
  let address = socket;
  if (trusted.length === 0 || !isTrusted(address, trusted)) return normal(address);
  const hops = (forwarded ?? "").split(",").map((hop) => hop.trim());
  for (const hop of hops.toReversed()) {
    if (!ipaddr.isValid(hop)) break;
    address = hop;
    if (!isTrusted(address, trusted)) break;
  }
  return normal(address);
}

const mostSeen = 1_000;

/** The same, remembering how direct connections are called: most requests come from an address that was just seen. */
export function createAddresses(trusted: TrustedProxies): (socket: string, forwarded: string | null) => string {
  const seen = new Map<string, string>();
  return (socket, forwarded) => {
    if (trusted.length > 0) return clientAddress(socket, forwarded, trusted);
    const address = seen.get(socket) ?? clientAddress(socket, null, trusted);
    if (seen.size >= mostSeen) seen.clear();
    seen.set(socket, address);
    return address;
  };
}

/** One spelling for an address, so that an IPv4 one inside IPv6 counts as itself. IPv6 counts by its /64. */
function normal(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4" || parsed.range() === "loopback") return parsed.toString();
  return `${parsed.toNormalizedString().split(":").slice(0, 4).join(":")}::`;
}

export function isTrusted(address: string, trusted: TrustedProxies): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return trusted.some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits));
}

/** Whether an address is this computer's own way to itself. */
export const isLoopback = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
