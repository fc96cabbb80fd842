import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../../src/lan/certificate.ts";
import { ensureIdentity, type IdentityOptions, readIdentity } from "../../src/lan/identity.ts";
import { hasOpenssl } from "../support/https-front.ts";

const dayMs = 24 * 60 * 60_000;
const start = new Date("2026-11-24T12:00:00Z");
const wlan = { address: "192.168.7.20", name: "wlan0", network: "192.168.7.0/24" };
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mcqueen-lan-"));
  folder = join(root, "keys");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ensure = (more: Partial<IdentityOptions> = {}) =>
  ensureIdentity({ folder, address: wlan, now: start, mayReplace: true, hostName: "ada", ...more });
const leafOf = ({ tls }: { tls: readonly { cert: string }[] }) => new X509Certificate(tls[0]?.cert ?? "");

describe("the identity of a daemon in its network", () => {
  test("keys are files of their owner alone, and the key is P-256", async () => {
    const { pin, tls } = await ensure();
    for (const name of ["lan.key", "lan-authority.key"]) {
      expect((statSync(join(folder, name)).mode & 0o777).toString(8)).toBe("600");
    }
    const { publicKey } = leafOf({ tls });
    expect(publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    const spki = publicKey.export({ type: "spki", format: "der" });
    expect(pin).toBe(new Bun.CryptoHasher("sha256").update(spki).digest("base64url"));
  });

  test("asked again it is the same", async () => {
    const first = await ensure();
    const again = await ensure();
    expect(leafOf(again).serialNumber).toBe(leafOf(first).serialNumber);
    expect(again.isNewAuthority).toBe(false);
    expect(readIdentity(folder)).toMatchObject({ pin: first.pin, fingerprint: first.fingerprint });
  });

  test.each([
    ["before it ends", { now: new Date(start.getTime() + 61 * dayMs) }],
    ["when the address changes", { address: { ...wlan, address: "192.168.7.99" } }],
  ] as [string, Partial<IdentityOptions>][])(
    "its certificate is renewed %s, for the same key by the same authority",
    async (_when, more) => {
      const first = await ensure();
      const renewed = await ensure({ ...more, mayReplace: false });
      expect(leafOf(renewed).serialNumber).not.toBe(leafOf(first).serialNumber);
      expect([renewed.pin, renewed.fingerprint]).toEqual([first.pin, first.fingerprint]);
      const address = more.address?.address ?? wlan.address;
      expect(leafOf(renewed).checkIP(address)).toBe(address);
    },
  );

  test("in another network the authority is not replaced behind the person's back", async () => {
    const first = await ensure();
    const elsewhere = { address: "10.0.0.5", name: "wlan0", network: "10.0.0.0/24" };
    await expect(ensure({ address: elsewhere, mayReplace: false })).rejects.toMatchObject({
      code: "not_configured",
      hint: expect.stringContaining("mcqueen lan on --address 10.0.0.5"),
    });
    const replaced = await ensure({ address: elsewhere });
    expect(replaced.isNewAuthority).toBe(true);
    expect(replaced.fingerprint).not.toBe(first.fingerprint);
    expect(replaced.pin).toBe(first.pin);
  });

  test("a certificate that was swapped in the folder is made anew", async () => {
    const first = await ensure();
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const foreign = await makeCertificate({
      kind: "server",
      subject: "x",
      issuer: "x",
      publicKey,
      issuerKey: privateKey,
      notBefore: start,
      notAfter: new Date(start.getTime() + 90 * dayMs),
      names: [wlan.address],
    });
    writeFileSync(join(folder, "lan.crt"), foreign + foreign, { mode: 0o600 });
    expect((await ensure()).pin).toBe(first.pin);
  });

  const asGarbage = (name: string) => () => writeFileSync(join(folder, name), "no such thing", { mode: 0o600 });
  const asBroken = (name: string) => () => {
    const text = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  };
  const asLost = (name: string) => () => rmSync(join(folder, name));

  test.each([
    ["no certificate of the authority", asLost("lan-authority.crt")],
    ["a damaged certificate of the authority", asBroken("lan-authority.crt")],
    ["no key of the authority", asLost("lan-authority.key")],
    [
      "another key of the authority",
      () => writeFileSync(join(folder, "lan-authority.key"), readFileSync(join(folder, "lan.key"))),
    ],
  ])("with %s it asks for the person, who gets a new authority and keeps the pin", async (_what, damage) => {
    const first = await ensure();
    damage();
    await expect(ensure({ mayReplace: false })).rejects.toMatchObject({
      code: "not_configured",
      hint: expect.stringContaining("mcqueen lan on"),
    });
    const mended = await ensure();
    expect([mended.isNewAuthority, mended.pin]).toEqual([true, first.pin]);
    expect(leafOf(mended).verify(new X509Certificate(mended.authority).publicKey)).toBe(true);
  });

  test.each([
    ["no certificate", asLost("lan.crt")],
    ["a damaged certificate", asBroken("lan.crt")],
    ["another thing for a certificate", asGarbage("lan.crt")],
  ])("with %s of the listener it makes one anew, by itself", async (_what, damage) => {
    const first = await ensure();
    damage();
    const mended = await ensure({ mayReplace: false });
    expect([mended.pin, mended.fingerprint]).toEqual([first.pin, first.fingerprint]);
    expect(leafOf(mended).verify(new X509Certificate(first.authority).publicKey)).toBe(true);
  });

  test.each(["lan.key", "lan-authority.key"])("a damaged %s is named, and never replaced in silence", async (name) => {
    await ensure();
    asGarbage(name)();
    await expect(ensure()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(`${name} is damaged`),
    });
  });

  test.each(["lan.key", "lan-authority.key", "lan.crt", "lan-authority.crt"])(
    "a %s that others may read is not used",
    async (name) => {
      await ensure();
      chmodSync(join(folder, name), 0o644);
      await expect(ensure()).rejects.toThrow(`${name} (mode 644), so it is not used`);
    },
  );
});

const withOpenssl = hasOpenssl ? "openssl" : "openssl (left out: it is missing)";

describe.skipIf(!hasOpenssl)(`what ${withOpenssl} says`, () => {
  const verify = (authority: string, leaf: string, ...more: string[]) => {
    writeFileSync(join(root, "ca.pem"), authority);
    writeFileSync(join(root, "leaf.pem"), leaf);
    // At the test's own time, so that it holds in any year.
    const at = String(Math.floor(start.getTime() / 1000));
    const words = ["verify", "-x509_strict", "-attime", at, "-purpose", "sslserver", ...more];
    const ran = Bun.spawnSync(["openssl", ...words, "-CAfile", "ca.pem", "leaf.pem"], { cwd: root });
    return { ok: ran.exitCode === 0, said: ran.stdout.toString() + ran.stderr.toString() };
  };
  /** A certificate that our authority's key signed for names of the test's choice. */
  const signFor = async (names: readonly string[], more: { kind?: "server" | "authority" } = {}) => {
    const { authority } = await ensure();
    const leaf = await makeCertificate({
      kind: "server",
      subject: "somebody",
      issuer: /^CN=(.*)$/m.exec(new X509Certificate(authority).subject)?.[1] ?? "",
      publicKey: generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey,
      issuerKey: createPrivateKey(readFileSync(join(folder, "lan-authority.key"), "utf8")),
      notBefore: new Date(start.getTime() - dayMs),
      notAfter: new Date(start.getTime() + dayMs),
      names,
      ...more,
    });
    return { authority, leaf };
  };

  test.each([
    ["its address", "-verify_ip", "192.168.7.20"],
    ["its loopback address", "-verify_ip", "127.0.0.1"],
    ["its name", "-verify_hostname", "ada.local"],
    ["localhost", "-verify_hostname", "localhost"],
  ])("the listener's certificate is good for %s", async (_what, option, value) => {
    const { authority, tls } = await ensure();
    expect(verify(authority, leafOf({ tls }).toString(), option, value)).toMatchObject({ ok: true });
  });

  test("a renewed one is good below the authority that phones have installed", async () => {
    const { authority } = await ensure();
    const renewed = await ensure({ address: { ...wlan, address: "192.168.7.99" } });
    const leaf = leafOf(renewed).toString();
    expect(verify(authority, leaf, "-verify_ip", "192.168.7.99")).toMatchObject({ ok: true });
  });

  test.each([
    ["its own network", ["192.168.7.33"], true],
    ["its own name", ["ada.local"], true],
    ["a bank", ["bank.example"], false],
    ["a name that only begins like localhost", ["localhost.example"], false],
    ["another computer's name", ["eve.local"], false],
    ["another network", ["192.168.8.1"], false],
    ["an address of the internet", ["8.8.8.8"], false],
    ["its own name and a bank's", ["ada.local", "bank.example"], false],
  ] as const)("what the authority's key signs for %s: %p is good: %p", async (_what, names, isGood) => {
    const { authority, leaf } = await signFor(names);
    const { ok, said } = verify(authority, leaf);
    expect({ ok, said: isGood || said.includes("permitted subtree violation") }).toEqual({ ok: isGood, said: true });
  });

  test("the constraints are critical, and no authority can be made below it", async () => {
    const { authority } = await ensure();
    writeFileSync(join(root, "ca.pem"), authority);
    const text = Bun.spawnSync(["openssl", "x509", "-in", "ca.pem", "-noout", "-text"], {
      cwd: root,
    }).stdout.toString();
    expect(text).toContain("X509v3 Name Constraints: critical");
    expect(text).toMatch(/CA:TRUE, pathlen:0/);
    const below = await signFor(["ada.local"], { kind: "authority" });
    expect(verify(below.authority, below.leaf)).toMatchObject({ ok: false });
  });

  test.each([
    ["SSL server CA", "Yes"],
    ["SSL client CA", "No"],
    ["S/MIME signing CA", "No"],
  ])("as %s the authority is good: %s", async (purpose, answer) => {
    const { authority } = await ensure();
    writeFileSync(join(root, "ca.pem"), authority);
    const ran = Bun.spawnSync(["openssl", "x509", "-in", "ca.pem", "-noout", "-purpose"], { cwd: root });
    expect(ran.stdout.toString().split("\n")).toContain(`${purpose} : ${answer}`);
  });
});
