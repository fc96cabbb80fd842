import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import { readPrivateFile, writePrivateFile } from "../files.ts";
import { isWithin, localName, type OwnAddress } from "./addresses.ts";
import { makeCertificate, namesOf, permittedNames, pinOf } from "./certificate.ts";

/** By what a daemon is known in its network. */
export interface LanIdentity {
  /** Key and certificate of the listener, the second one for clients that ask for it by name. */
  tls: { serverName?: string; key: string; cert: string }[];
  /** PEM of the authority, which a phone may install. */
  authority: string;
  /** SHA-256 of the listener's public key, base64url: what an app pins. It stays when the certificate is renewed. */
  pin: string;
  /** SHA-256 of the authority's certificate as phones show it: "AB:CD:…". */
  fingerprint: string;
  /** DNS names of the certificate. */
  names: readonly string[];
  endsAt: Date;
}

export interface IdentityOptions {
  /** The folder of the keys. */
  folder: string;
  address: OwnAddress;
  now: Date;
  /** Whether an authority that is not good for this address may be replaced: phones then have to install the new one. */
  mayReplace: boolean;
  /** Make a new authority in any case. */
  renewAuthority?: boolean;
  hostName?: string | undefined;
}

const dayMs = 24 * 60 * 60_000;
const authorityDays = 3_650;
const serverDays = 90;
const renewDays = 30;
const loopback = ["127.0.0.1", "::1"];

/**
 * The identity for an address: what is kept as long as it is good, and a renewed certificate by the same authority and
 * for the same key where it is not.
 * @throws AppError not_configured when the authority is not good for this address and may not be replaced
 */
export async function ensureIdentity(options: IdentityOptions): Promise<LanIdentity & { isNewAuthority: boolean }> {
  const { folder, address, now } = options;
  const authority = await ensureAuthority(options);
  const key = ensureKey(join(folder, "lan.key"));
  const path = join(folder, "lan.crt");
  const kept = readCertificates(path);
  const isKept = kept.length === 2 && kept.every((each) => isGood(each, key, authority.certificate, now));
  const isRight = isKept && kept[0]?.checkIP(address.address) !== undefined;
  const servers = isRight ? kept : await makeServers(authority, key, address, now);
  if (!isRight) writePrivateFile(path, servers.map(String).join(""));
  return { ...describe(key, servers, authority.certificate), isNewAuthority: authority.isNew };
}

/** What there is already; undefined before the first time. */
export function readIdentity(folder: string): LanIdentity | undefined {
  const key = readKey(join(folder, "lan.key"));
  const servers = readCertificates(join(folder, "lan.crt"));
  const [authority] = readCertificates(join(folder, "lan-authority.crt"));
  return key && servers.length === 2 && authority ? describe(key, servers, authority) : undefined;
}

/** PEM of the authority, which is what a client on this computer trusts; undefined before there is one. */
export const readAuthority = (folder: string): string | undefined => readPrivateFile(join(folder, "lan-authority.crt"));

function describe(key: KeyObject, servers: readonly X509Certificate[], authority: X509Certificate): LanIdentity {
  const [whole = authority, named = authority] = servers;
  const pair = (of: X509Certificate) => ({ key: pemOf(key), cert: `${of}${authority}` });
  const names = namesOf(named);
  return {
    tls: [pair(whole), ...names.map((serverName) => ({ serverName, ...pair(named) }))],
    authority: authority.toString(),
    pin: pinOf(whole),
    fingerprint: authority.fingerprint256,
    names,
    endsAt: new Date(whole.validTo),
  };
}

interface Authority {
  certificate: X509Certificate;
  key: KeyObject;
  isNew: boolean;
}

async function ensureAuthority(options: IdentityOptions): Promise<Authority> {
  const { folder, address, now } = options;
  const [keyPath, path] = [join(folder, "lan-authority.key"), join(folder, "lan-authority.crt")];
  const [kept] = readCertificates(path);
  const isWanted = options.renewAuthority === true;
  const keptKey = isWanted ? undefined : readKey(keyPath);
  if (kept && keptKey && kept.checkPrivateKey(keptKey)) {
    const networks = (await permittedNames(kept)).filter((name) => name.includes("/"));
    const fits = networks.some((network) => isWithin(address.address, network));
    if (fits && !isDue(new Date(kept.validTo), now)) return { certificate: kept, key: keptKey, isNew: false };
  }
  // Also where a part of it is lost or damaged: phones may trust the whole.
  if (!options.mayReplace && (existsSync(path) || existsSync(keyPath))) {
    throw new AppError(
      "not_configured",
      `The certificate authority of this daemon is not good for ${address.address}`,
      {
        hint: `Is this a network of yours? Then run: mcqueen lan on --address ${address.address}`,
      },
    );
  }
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const host = localName(options.hostName);
  const subject = `mcqueen on ${host ?? "this computer"}`;
  const text = await makeCertificate({
    kind: "authority",
    subject,
    issuer: subject,
    publicKey,
    issuerKey: privateKey,
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + authorityDays * dayMs),
    names: [...new Set([...(host ? [host] : []), "localhost", address.network, "127.0.0.0/8", "::1/128"])],
  });
  // The key first: a certificate whose key is another's would look good and sign nothing.
  writePrivateFile(keyPath, pemOf(privateKey));
  writePrivateFile(path, text);
  return { certificate: new X509Certificate(text), key: privateKey, isNew: true };
}

/**
 * One certificate for all names and addresses, and one for the names alone: some clients (those on BoringSSL) refuse any
 * address below an authority that is bound to addresses, and say by name whom they want.
 */
async function makeServers(
  authority: Authority,
  key: KeyObject,
  { address }: OwnAddress,
  now: Date,
): Promise<X509Certificate[]> {
  const permitted = await permittedNames(authority.certificate);
  const names = permitted.filter((name) => !name.includes("/"));
  const ends = Math.min(now.getTime() + serverDays * dayMs, Date.parse(authority.certificate.validTo));
  const make = async (all: readonly string[]) =>
    new X509Certificate(
      await makeCertificate({
        kind: "server",
        subject: names[0] ?? address,
        issuer: commonNameOf(authority.certificate),
        publicKey: createPublicKey(key),
        issuerKey: authority.key,
        notBefore: new Date(now.getTime() - dayMs),
        notAfter: new Date(ends),
        names: all,
      }),
    );
  return [await make([...new Set([...names, address, ...loopback])]), await make(names)];
}

function isGood(certificate: X509Certificate, key: KeyObject, authority: X509Certificate, now: Date): boolean {
  const isOurs = certificate.checkPrivateKey(key) && certificate.verify(authority.publicKey);
  return !isDue(new Date(certificate.validTo), now) && isOurs && Date.parse(certificate.validFrom) <= now.getTime();
}

/** Whether a certificate that ends then should be renewed now. */
export const isDue = (endsAt: Date, now: Date): boolean => endsAt.getTime() - now.getTime() <= renewDays * dayMs;

function ensureKey(path: string): KeyObject {
  const kept = readKey(path);
  if (kept) return kept;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writePrivateFile(path, pemOf(privateKey));
  return privateKey;
}

/** None where any of them is damaged: a server's are made anew then, and an authority is missed. */
function readCertificates(path: string): X509Certificate[] {
  const found = (readPrivateFile(path) ?? "").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g);
  try {
    return (found ?? []).map((text) => new X509Certificate(text));
  } catch {
    return [];
  }
}

/** @throws AppError unavailable when the file holds something else than a key */
function readKey(path: string): KeyObject | undefined {
  const text = readPrivateFile(path);
  if (text === undefined) return undefined;
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new AppError("unavailable", `${path} is damaged: it holds no key`, {
      hint: "Put it back from a backup. Or remove it and run: mcqueen lan on (phones then have to trust it anew)",
      cause,
    });
  }
}

const pemOf = (key: KeyObject): string => String(key.export({ type: "pkcs8", format: "pem" }));
const commonNameOf = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1] ?? "mcqueen";
