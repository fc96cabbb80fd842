import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { OversizedBody, readBounded } from "./body.ts";

export interface GuardOptions {
  /** All addresses of a name; the system's resolver unless told. */
  resolve?(name: string): Promise<string[]>;
  /** Sends one request to exactly that address. */
  send?(url: URL, address: string, signal: AbortSignal): Promise<Response>;
  deadlineMs?: number;
}

const mostBytes = 64 * 1024;
const mostRedirects = 3;

/**
 * Fetches a JSON document from an address that a stranger gave. Only https, and only from public addresses: those of
 * the name are checked, and the connection goes to one of the checked ones, so that no second look-up can answer
 * otherwise. Every redirect is checked anew.
 * @throws Error with a sentence that may be shown
 */
export async function fetchGuardedJson(address: string, options: GuardOptions = {}): Promise<unknown> {
  const { resolve = resolveName, send = sendTo, deadlineMs = 5_000 } = options;
  const signal = AbortSignal.timeout(deadlineMs);
  let url = checkedUrl(address);
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const target = await publicAddress(url, (name) => within(resolve(name), signal));
    const response = await reach(() => send(url, target, signal), url);
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      if (!URL.canParse(location, url.href)) throw new Error(`${url.host} redirects to what is no address`);
      url = checkedUrl(new URL(location, url).href);
      continue;
    }
    if (response.status !== 200) throw new Error(`${url.host} answers ${response.status}`);
    return readJson(response, url);
  }
  throw new Error(`${url.host} redirects too often`);
}

function checkedUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) throw new Error("it is no address");
  if (url.protocol !== "https:") throw new Error("only https is fetched");
  if (url.username !== "" || url.password !== "")
    throw new Error("an address with a name or a password is not fetched");
  return url;
}

/** @throws Error when any of the name's addresses is not public: whoever mixes them has something in mind */
async function publicAddress(url: URL, resolve: (name: string) => Promise<string[]>): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = ipaddr.isValid(host) ? [host] : await reach(() => resolve(host), url);
  const [first] = addresses;
  if (first === undefined) throw new Error(`${url.host} has no address`);
  if (!addresses.every(isPublicAddress)) throw new Error(`${url.host} is not a public address`);
  return first;
}

/** The part of IPv6 that is given out at all; beyond it lie old ways to write an IPv4 address. */
const givenOut = ipaddr.parseCIDR("2000::/3");

/** Whether an address belongs to the public internet: not to this computer, a private network, or a cloud's own service. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(givenOut);
}

async function resolveName(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map((found) => found.address);
}

const sendTo = (url: URL, address: string, signal: AbortSignal): Promise<Response> => {
  const target = new URL(url);
  target.hostname = address.includes(":") ? `[${address}]` : address;
  return fetch(target.href, {
    headers: { host: url.host, accept: "application/json" },
    redirect: "manual",
    signal,
    tls: { serverName: url.hostname },
  });
};

/** Ends the wait when the time is over, for work that cannot be called off. */
async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const onLate = (): void => late.reject(signal.reason);
  if (signal.aborted) onLate();
  signal.addEventListener("abort", onLate);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener("abort", onLate);
  }
}

async function reach<T>(work: () => Promise<T>, url: URL): Promise<T> {
  try {
    return await work();
  } catch {
    throw new Error(`${url.host} cannot be reached`);
  }
}

async function readJson(response: Response, url: URL): Promise<unknown> {
  if (!/^application\/([a-z.+-]+\+)?json\s*(;|$)/i.test(response.headers.get("content-type") ?? ""))
    throw new Error(`${url.host} does not answer with JSON`);
  try {
    return JSON.parse(await readBounded(response, mostBytes));
  } catch (error) {
    if (error instanceof OversizedBody) throw new Error(`${url.host} answers with too much`);
    throw new Error(`${url.host} does not answer with readable JSON`);
  }
}
