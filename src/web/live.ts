import { signal } from "@preact/signals";
import type { ListedApproval } from "../core/approval-desk.ts";
import { createEventReader } from "./events.ts";
import { ask, isReachable, session } from "./session.ts";
import { api, headersOf } from "./wire.ts";

/** What waits for this person, newest first. */
export const approvals = signal<ListedApproval[]>([]);
/** Rises with each event that changes what tools may do. */
export const toolsChanged = signal(0);

const shortPauseMs = 1_000;
const longestPauseMs = 15_000;

/** Looks again at what waits. */
export async function refreshApprovals(): Promise<void> {
  const answer = await ask<{ approvals: ListedApproval[] }>("/mcp/approvals");
  if (answer.ok) approvals.value = answer.value.approvals;
}

/** Follows the events of a session until it ends or the signal aborts. */
export async function follow(signal: AbortSignal): Promise<void> {
  let last: string | undefined;
  let pauseMs = shortPauseMs;
  while (!signal.aborted && session.value) {
    // Also the way to learn that the session has ended, since the computer then only closes the stream.
    await refreshApprovals();
    const started = Date.now();
    last = (await followOnce(signal, last)) ?? last;
    if (signal.aborted) return;
    pauseMs = Date.now() - started > longestPauseMs ? shortPauseMs : Math.min(pauseMs * 2, longestPauseMs);
    if (isReachable.value) pauseMs = shortPauseMs;
    await pause(pauseMs, signal);
  }
}

/** One stream, to its end. @returns the last event's id */
async function followOnce(signal: AbortSignal, from: string | undefined): Promise<string | undefined> {
  const bearer = session.value?.session_id;
  if (bearer === undefined) return undefined;
  let last: string | undefined;
  try {
    const headers = { ...headersOf(false, bearer), ...(from === undefined ? {} : { "last-event-id": from }) };
    const response = await fetch(`${api}/mcp/events`, { headers, signal, cache: "no-store", credentials: "omit" });
    if (!response.ok || !response.body) return undefined;
    isReachable.value = true;
    const read = createEventReader();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const event of read(value)) {
        last = event.id;
        if (event.kind.startsWith("approval.")) await refreshApprovals();
        else toolsChanged.value += 1;
      }
    }
  } catch {
    // A stream that breaks is opened again; whether the computer still answers is learned by asking it.
    return last;
  }
  if (!signal.aborted) await refreshApprovals();
  return last;
}

/** Waits, or less: a phone that comes back to its network or to this page wants to know now. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    signal.addEventListener("abort", wake, { once: true });
  });
}
