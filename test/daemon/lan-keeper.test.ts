import { expect, test } from "bun:test";
import { bootLan } from "../support/lan.ts";

const dayMs = 24 * 60 * 60_000;

test("the listener on the LAN renews its certificate while it runs; pin, authority and address stay", async () => {
  const clock = { offsetMs: -61 * dayMs };
  await using lan = await bootLan({ now: () => new Date(Date.now() + clock.offsetMs) });
  const [first, url] = [lan.identity(), lan.url()];
  await lan.keeper.check();
  expect(lan.identity().endsAt).toEqual(first.endsAt);
  clock.offsetMs = 0;
  await lan.keeper.check();
  const second = lan.identity();
  expect(second.endsAt.getTime()).toBeGreaterThan(first.endsAt.getTime());
  expect([second.pin, second.fingerprint, lan.url()]).toEqual([first.pin, first.fingerprint, url]);
  expect((await lan.fetch("/api/v1/health")).status).toBe(200);
});

test("a certificate that has ended, as after a long sleep, is renewed before anybody is served", async () => {
  const clock = { offsetMs: -200 * dayMs };
  await using lan = await bootLan({ now: () => new Date(Date.now() + clock.offsetMs) });
  await expect(lan.fetch("/api/v1/health")).rejects.toThrow();
  clock.offsetMs = 0;
  await lan.keeper.check();
  expect((await lan.fetch("/api/v1/health")).status).toBe(200);
});
