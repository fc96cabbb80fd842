import { expect, test } from "bun:test";
import type { Caller } from "../../src/core/call.ts";
import { bootApp, owner } from "../support/home.ts";

const me: Caller = { ...owner, credentialId: "terminal", interactive: true };

/** A paired phone with a session of its own. */
async function pairPhone(app: Awaited<ReturnType<typeof bootApp>>) {
  const { id, code } = await app.pairing.open(me, { via: "loopback" }, {});
  const { claim_token } = await app.pairing.claim("loopback", { code, name: "Phone" });
  await app.pairing.exchange("loopback", { claim_token, nonce: "n".repeat(43) });
  await app.pairing.confirm(me, id);
  const paired = await app.pairing.wait("loopback", { claim_token }, new AbortController().signal);
  if (paired.status !== "paired") throw new Error("not paired");
  const { secret } = await app.devices.logIn({ device_token: paired.secret });
  const caller = (await app.people.identify(secret))?.caller;
  if (!caller) throw new Error("not known");
  return { deviceId: paired.device.id, secret, caller };
}

test("a login token that a phone made opens nothing once the phone is revoked", async () => {
  await using app = await bootApp();
  const { caller, deviceId } = await pairPhone(app);
  const before = await app.people.loginToken(caller, "owner", {});
  const kept = await app.people.loginToken(caller, "owner", {});
  const { secret } = await app.people.logIn({ user_id: "owner", auth_token: before.token });
  expect((await app.people.identify(secret))?.caller.lineage).toContain(deviceId);
  expect(await app.devices.revoke(me, deviceId)).toEqual({ sessions: 2, tokens: 0, programs: 0 });
  expect(await app.people.identify(secret)).toBeUndefined();
  await expect(app.people.logIn({ user_id: "owner", auth_token: kept.token })).rejects.toMatchObject({
    code: "unauthenticated",
  });
});

test("what a phone makes at the moment of its end is no credential either", async () => {
  await using app = await bootApp();
  const { caller, deviceId, secret } = await pairPhone(app);
  await app.devices.revoke(me, deviceId);
  // Its request was let in before, and writes only now.
  const late = await app.people.createToken(caller, { name: "late" });
  expect(await app.people.identify(late.secret)).toBeUndefined();
  expect(await app.people.identify(secret)).toBeUndefined();
});
