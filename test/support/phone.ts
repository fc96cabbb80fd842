import type { PairOptions } from "../../src/core/device.ts";
import { commitmentOf, numberOf } from "../../src/core/pairing.ts";
import { randomText } from "../../src/core/secret.ts";
import { terminal } from "./client.ts";
import type { bootServer } from "./server.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
export type Answer = { status: number; json: any };
export type Post = (path: string, body: unknown) => Promise<Answer>;

export const phoneName = "Ada’s phone";

/** A phone as an app would be: it claims, checks the commitment, and reckons the number by itself. */
export async function claimAs(post: Post, code: string, pin?: string, name = phoneName) {
  const claimed = await post("/devices/claim", { code, name });
  if (claimed.status !== 200) throw new Error(JSON.stringify(claimed.json));
  const { claim_token: token, commitment } = claimed.json.claim;
  const nonce = randomText(32, "base64url");
  const told = await post("/devices/claim/number", { claim_token: token, nonce });
  if (told.status !== 200) throw new Error(JSON.stringify(told.json));
  const ownNonce: string = told.json.claim.nonce;
  if (commitmentOf(ownNonce) !== commitment) throw new Error("the computer did not keep to its commitment");
  return {
    token,
    number: numberOf({ pin, deviceName: name, ownNonce, phoneNonce: nonce }),
    wait: (seconds = 0) => post("/devices/claim/wait", { claim_token: token, wait_s: seconds }),
  };
}

/** Pairs a phone with a server at once, and logs it in. */
export async function pairWith(server: Awaited<ReturnType<typeof bootServer>>, options: PairOptions = {}) {
  const post: Post = (path, body) => server.send({ path: `/api/v1${path}`, body, auth: null });
  const { id, code } = await server.app.pairing.open(terminal, { via: "loopback" }, options);
  const phone = await claimAs(post, code);
  await server.app.pairing.confirm(terminal, id);
  const { device_token: token, device } = (await phone.wait()).json;
  const { session } = (await post("/auth/device", { device_token: token })).json;
  const bearer: string = session.session_id;
  const caller = (await server.app.people.identify(bearer))?.caller;
  if (!caller) throw new Error("the phone is not known");
  return { id: device.id as string, token: token as string, bearer, caller };
}

/** What stands behind "#" in the address that `mcqueen pair` shows. */
export function readPairingUrl(shown: string): { url: URL; code: string; pin: string | undefined } {
  const [found] = /https?:\/\/\S+\/pair#\S+/.exec(shown) ?? [];
  if (!found) throw new Error(`no address in:\n${shown}`);
  const url = new URL(found);
  const [code = "", fp] = url.hash.slice(1).split("&fp=");
  return { url, code, pin: fp };
}
