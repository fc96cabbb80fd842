import { AppError } from "../core/errors.ts";
import type { ProviderHealthStore } from "../core/provider-health.ts";
import type { UpstreamFault } from "./faults.ts";

/** One request's way past a provider's circuit. Exactly one of its three ends is told. */
interface Passage {
  succeeded(): void;
  failed(fault: UpstreamFault): void;
  /** It came to no end: the caller went away, or its turn would have come too late. */
  abandoned(): void;
}

interface CircuitParts {
  health: ProviderHealthStore;
  now(): Date;
  halfOpenAfterMs?: number;
}

/** @throws AppError upstream_unavailable while the provider is left alone */
export async function enterCircuit(parts: CircuitParts, provider: string): Promise<Passage> {
  const { health: store, now, halfOpenAfterMs: pauseMs } = parts;
  const { state, health } = await store.admit(provider, now(), pauseMs);
  if (state === "open") {
    const leftMs = (health.openUntil ?? now()).getTime() - now().getTime();
    const retryAfterS = Math.max(1, Math.ceil(leftMs / 1000));
    throw new AppError(
      "upstream_unavailable",
      `${provider} failed several times in a row and is left alone for a while`,
      { hint: `Try again in ${retryAfterS} s.`, metadata: { provider }, retryAfterS },
    );
  }
  return {
    succeeded: () => store.note(provider, { kind: "success", at: now() }, pauseMs),
    failed({ shown, theirs }) {
      const { code, message: reason } = shown;
      store.note(provider, { kind: "failure", at: now(), code, reason, theirs }, pauseMs);
    },
    abandoned() {
      if (state === "half_open") store.note(provider, { kind: "abandoned", at: now() }, pauseMs);
    },
  };
}
