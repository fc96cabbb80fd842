import { signal } from "@preact/signals";
import { keep, recall } from "./keep.ts";
import { type Answer, type Asking, type Refusal, send } from "./wire.ts";

export interface Session {
  session_id: string;
  user_id: string;
  expires_at: string;
}

/** A phone that was paired. Its token opens a session whenever one has ended. */
export interface Pairing {
  device_token: string;
  device: { id: string; name: string };
}

/** The session in use, or none: then the page shows its entrance. */
export const session = signal<Session | undefined>(liveSession());
export const pairing = signal<Pairing | undefined>(recall<Pairing>("device"));
/** Whether the computer answered the last time. */
export const isReachable = signal(true);
/** Why the page is at its entrance, where that needs saying. */
export const farewell = signal<string | undefined>(undefined);

function liveSession(): Session | undefined {
  const kept = recall<Session>("session");
  return kept && Date.parse(kept.expires_at) > Date.now() ? kept : undefined;
}

/** Asks as the person of the session. A session that has ended is renewed once by the pairing, or the page is left. */
export async function ask<T>(path: string, asking: Asking = {}): Promise<Answer<T>> {
  const used = session.value?.session_id;
  const answer = noted(await send<T>(path, asking, used));
  if (answer.ok || answer.refusal.status !== 401 || asking.signal?.aborted) return answer;
  if (session.value?.session_id === used && !(await renew())) return answer;
  return session.value ? noted(await send<T>(path, asking, session.value.session_id)) : answer;
}

function noted<T>(answer: Answer<T>): Answer<T> {
  isReachable.value = answer.ok || answer.refusal.status !== 0;
  return answer;
}

let renewing: Promise<boolean> | undefined;

/** Opens a new session with the token of the pairing; many at once open one. False leaves the page. */
export function renew(): Promise<boolean> {
  renewing ??= tryRenewing().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function tryRenewing(): Promise<boolean> {
  const { device_token } = pairing.value ?? {};
  if (device_token === undefined) {
    leave("Your session has ended. Log in again.");
    return false;
  }
  const refused = await enterByPairing(device_token);
  if (!refused) return true;
  if (refused.status === 401) {
    forgetPairing();
    leave("This phone is no longer paired. Pair it again.");
  }
  return false;
}

interface SessionAnswer {
  session: Session;
}

/** Logs in with a token that `mcqueen users token` printed. */
export const enterByToken = async (userId: string, token: string): Promise<Refusal | undefined> =>
  enter(
    await send<SessionAnswer>("/auth/login", { body: { user_id: userId, auth_token: token, client_type: "web_page" } }),
  );

export const enterByPairing = async (token: string): Promise<Refusal | undefined> =>
  enter(await send<SessionAnswer>("/auth/device", { body: { device_token: token } }));

function enter(answer: Answer<SessionAnswer>): Refusal | undefined {
  if (!answer.ok) return noted(answer).ok ? undefined : answer.refusal;
  isReachable.value = true;
  session.value = answer.value.session;
  farewell.value = undefined;
  keep("session", session.value);
  return undefined;
}

export function rememberPairing(paired: Pairing): void {
  pairing.value = paired;
  keep("device", paired);
}

export function forgetPairing(): void {
  pairing.value = undefined;
  keep("device", undefined);
}

/** Ends the session at the computer, and here whatever it answers. */
export async function logOut(): Promise<void> {
  const { session_id } = session.value ?? {};
  if (session_id !== undefined) await send("/auth/logout", { method: "POST" }, session_id);
  leave(undefined);
}

/** Forgets the session: the entrance shows. */
function leave(why: string | undefined): void {
  session.value = undefined;
  farewell.value = why;
  keep("session", undefined);
}
