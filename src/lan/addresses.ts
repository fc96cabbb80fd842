import { hostname, networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { AppError } from "../core/errors.ts";

/** An address of this computer at which others could reach it. */
export interface OwnAddress {
  address: string;
  /** The interface that has it, such as "wlan0". */
  name: string;
  /** The network around it, such as "192.168.1.0/24". */
  network: string;
}

/** Interfaces between this computer and its own containers and virtual machines. */
const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|cni|podman|bridge)/;
const narrowest = { ipv4: 24, ipv6: 64 };

/** The addresses that a second listener may have: private ones, and loopback for trying it out. */
export function listAddresses(interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces()): OwnAddress[] {
  return Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ address }) => isPrivate(address) || isLoopback(address))
      .map(({ address, cidr }) => ({ address, name, network: networkOf(address, cidr) })),
  );
}

/**
 * The one address to listen on: the named one, that of the named interface, or the only private one there is.
 * @throws AppError not_found, usage when there are several, forbidden for an address that is no private one
 */
export function chooseAddress(known: readonly OwnAddress[], wanted: { address?: string; name?: string }): OwnAddress {
  if (wanted.address !== undefined) {
    const found = findAddress(known, wanted.address);
    if (found) return found;
    const isForeign = ipaddr.isValid(wanted.address) && !isPrivate(wanted.address) && !isLoopback(wanted.address);
    throw isForeign ? notPrivate(wanted.address) : noSuch(known, `the address ${wanted.address}`);
  }
  if (wanted.name !== undefined) {
    const found = findAddress(known, wanted.name);
    if (found) return found;
    throw noSuch(known, `a private address on ${wanted.name}`);
  }
  const outward = known.filter(({ address, name }) => isPrivate(address) && !virtual.test(name));
  const [first, ...others] = preferIpv4(outward);
  if (!first) throw noSuch(known, "a private address");
  if (others.length === 0) return first;
  throw new AppError("usage", "This computer has several private addresses, so say which", {
    hint: [first, ...others].map(({ address, name }) => `mcqueen lan on --address ${address}   (${name})`).join("\n"),
  });
}

/** The address that a setting means, an address or an interface; undefined while this computer does not have it. */
export function findAddress(known: readonly OwnAddress[], wanted: string): OwnAddress | undefined {
  if (ipaddr.isValid(wanted)) {
    const text = ipaddr.parse(wanted).toString();
    return known.find(({ address }) => ipaddr.parse(address).toString() === text);
  }
  return preferIpv4(known.filter(({ name }) => name === wanted))[0];
}

/** The name under which a computer is known in its own network, or undefined when it has none that fits. */
export function localName(name: string = hostname()): string | undefined {
  const [label = ""] = name.toLowerCase().split(".");
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label) && label !== "localhost" ? `${label}.local` : undefined;
}

/** Whether an address lies in a network such as "192.168.1.0/24". */
export function isWithin(address: string, network: string): boolean {
  const parsed = ipaddr.parse(address);
  const [range, bits] = ipaddr.parseCIDR(network);
  return parsed.kind() === range.kind() && parsed.match(range, bits);
}

const rangeOf = (address: string): string => (ipaddr.isValid(address) ? ipaddr.process(address).range() : "invalid");
const isPrivate = (address: string): boolean => /^(private|uniqueLocal|carrierGradeNat)$/.test(rangeOf(address));
const isLoopback = (address: string): boolean => rangeOf(address) === "loopback";

function preferIpv4(list: readonly OwnAddress[]): OwnAddress[] {
  const four = list.filter(({ address }) => ipaddr.IPv4.isValid(address));
  return four.length > 0 ? four : [...list];
}

/** Never wider than what one home or office has, also where a company's network is. */
function networkOf(address: string, cidr: string | null): string {
  const parsed = ipaddr.parse(address);
  const bits = Math.max(Number(cidr?.split("/")[1] ?? 0), narrowest[parsed.kind()]);
  const base = parsed.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${base.networkAddressFromCIDR(`${address.split("%")[0]}/${bits}`).toString()}/${bits}`;
}

const notPrivate = (address: string): AppError =>
  new AppError("forbidden", `${address} is no private address, and the daemon listens on no other`, {
    hint: "For the internet put a TLS proxy of yours in front of it: see TLS=proxy in docs/security.md.",
  });

const noSuch = (known: readonly OwnAddress[], what: string): AppError =>
  new AppError("not_found", `This computer does not have ${what}`, {
    hint: `It has: ${known.map(({ address, name }) => `${address} (${name})`).join(", ") || "none but loopback"}`,
  });
