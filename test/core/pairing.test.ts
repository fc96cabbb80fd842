import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { commitmentOf, numberOf } from "../../src/core/pairing.ts";
import { randomText } from "../../src/core/secret.ts";

const nonce = (): string => randomText(32, "base64url");
const text = fc.string({ unit: "grapheme", maxLength: 64 });
const parts = fc.record({
  pin: fc.option(text, { nil: undefined }),
  deviceName: text,
  ownNonce: fc.constantFrom(nonce(), nonce(), nonce()),
  phoneNonce: fc.constantFrom(nonce(), nonce(), nonce()),
});

describe("the number of a pairing", () => {
  test("is six digits, and the same on both sides", () => {
    fc.assert(
      fc.property(parts, (given) => {
        expect(numberOf(given)).toMatch(/^\d{6}$/);
        expect(numberOf({ ...given })).toBe(numberOf(given));
      }),
      { numRuns: 200 },
    );
  });

  test("is written down as docs/pairing.md says", () => {
    const given = { pin: "pin", deviceName: "Ada’s phone", ownNonce: "a".repeat(43), phoneNonce: "b".repeat(43) };
    const told = `mcqueen pairing number 1\npin\n${given.ownNonce}\n${given.phoneNonce}\nAda’s phone`;
    const digest = new Bun.CryptoHasher("sha256").update(told).digest();
    expect(numberOf(given)).toBe(String(digest.readBigUInt64BE(0) % 1_000_000n).padStart(6, "0"));
    const bound = new Bun.CryptoHasher("sha256").update(`mcqueen pairing commitment 1\n${given.ownNonce}`).digest();
    expect(commitmentOf(given.ownNonce)).toBe(bound.toString("base64url"));
  });

  test.each(["pin", "deviceName", "ownNonce", "phoneNonce"] as const)("depends on %s", (part) => {
    const given = { pin: "p", deviceName: "d", ownNonce: nonce(), phoneNonce: nonce() };
    const others = Array.from({ length: 20 }, () => numberOf({ ...given, [part]: nonce() }));
    expect(new Set([numberOf(given), ...others]).size).toBeGreaterThan(15);
  });

  test("spreads evenly: no digit at any place is much rarer than another", () => {
    const counts = Array.from({ length: 6 }, () => new Map<string, number>());
    const rounds = 10_000;
    for (let round = 0; round < rounds; round++) {
      const number = numberOf({ pin: "p", deviceName: "d", ownNonce: `n${round}`, phoneNonce: "x" });
      [...number].forEach((digit, place) => {
        counts[place]?.set(digit, (counts[place]?.get(digit) ?? 0) + 1);
      });
    }
    // Six standard deviations around a tenth.
    const spread = 6 * Math.sqrt(rounds * 0.1 * 0.9);
    for (const count of counts) {
      expect(count.size).toBe(10);
      for (const seen of count.values()) expect(Math.abs(seen - rounds / 10)).toBeLessThan(spread);
    }
  });

  test("who stands between and has to commit first cannot make both sides agree", () => {
    // It tries 2,000 pairings, choosing its nonces as well as it can before it learns those of the other sides.
    let agreed = 0;
    for (let round = 0; round < 2_000; round++) {
      const [computer, phone, towardsPhone] = [nonce(), nonce(), nonce()];
      const onPhone = numberOf({ pin: "p", deviceName: "d", ownNonce: towardsPhone, phoneNonce: phone });
      // It knows the phone's whole side by now, and not the computer's nonce: nothing to search with.
      const towardsComputer = nonce();
      const onComputer = numberOf({ pin: "p", deviceName: "d", ownNonce: computer, phoneNonce: towardsComputer });
      if (onPhone === onComputer) agreed += 1;
    }
    expect(agreed).toBeLessThan(3);
  });

  test("without the commitment it could: that is what the commitment is for", () => {
    const wanted = numberOf({ pin: "p", deviceName: "d", ownNonce: nonce(), phoneNonce: nonce() }).slice(0, 3);
    const computer = nonce();
    // Three digits of six, to be quick: all six take a thousand times as long.
    const found = Array.from({ length: 20_000 }, nonce).find((phoneNonce) =>
      numberOf({ pin: "p", deviceName: "d", ownNonce: computer, phoneNonce }).startsWith(wanted),
    );
    expect(found).toBeDefined();
  });
});
