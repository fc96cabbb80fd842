import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { createFailureBrake, createRateLimiter, type RateVerdict } from "../core/rate-limit.ts";
import { factsOf } from "./facts.ts";

/** The limits of one listener. Counts are per client address before a credential is known, and per credential after. */
export interface Gate {
  /** Counts a request without a valid credential. @throws AppError rate_limited */
  countStranger(request: Request): void;
  /** Counts a request of a known credential. @throws AppError rate_limited */
  countKnown(request: Request, credentialId: string): void;
  /** Runs work that keeps a connection open for long. @throws AppError rate_limited when the credential has too many */
  hold<T>(credentialId: string, work: (release: () => void) => Promise<T>): Promise<T>;
  /** Counts a program that registers. @throws AppError rate_limited */
  countRegistration(request: Request): void;
  /** Runs a login try of this address under its own limit and brake. @throws AppError rate_limited */
  login<T>(request: Request, attempt: () => Promise<T>): Promise<T>;
}

const loginWindowMs = 60_000;
const mostHeld = 20;
/** A program that tries again and again registers each time; a person does not type that fast. */
const registrationsPerLogin = 4;

export function createGate(app: App): Gate {
  const { settings } = app;
  const limiter = createRateLimiter();
  const windowMs = settings.number("RATE_LIMIT_WINDOW");
  const loginMax = settings.number("LOGIN_RATE_MAX");
  const brake = createFailureBrake(loginMax);
  const held = new Map<string, number>();
  const count = (request: Request, key: string, limit: number, ms: number): void => {
    const verdict = limiter.take(key, limit, ms, app.now().getTime());
    factsOf(request).rate = verdict;
    if (!verdict.ok) throw tooMany(verdict.resetS);
  };
  return {
    countStranger: (request) =>
      count(request, `address ${factsOf(request).address}`, settings.number("RATE_LIMIT_MAX"), windowMs),
    countKnown: (request, credentialId) =>
      count(request, `credential ${credentialId}`, settings.number("RATE_LIMIT_SESSION_MAX"), windowMs),
    countRegistration: (request) =>
      count(request, `registration ${factsOf(request).address}`, loginMax * registrationsPerLogin, loginWindowMs),
    async hold(credentialId, work) {
      const open = (held.get(credentialId) ?? 0) + 1;
      if (open > mostHeld) throw tooMany(30);
      held.set(credentialId, open);
      let isHeld = true;
      const release = (): void => {
        if (isHeld) held.set(credentialId, (held.get(credentialId) ?? 1) - 1);
        isHeld = false;
        if (held.get(credentialId) === 0) held.delete(credentialId);
      };
      try {
        return await work(release);
      } catch (error) {
        release();
        throw error;
      }
    },
    async login(request, attempt) {
      const { address } = factsOf(request);
      const now = app.now().getTime();
      const wait = brake.waitS(address, now);
      if (wait > 0) throw tooMany(wait);
      count(request, `login ${address}`, loginMax, loginWindowMs);
      try {
        const result = await attempt();
        brake.succeeded(address);
        return result;
      } catch (error) {
        if (error instanceof AppError && error.code === "unauthenticated") brake.failed(address, now);
        throw error;
      }
    },
  };
}

const tooMany = (retryAfterS: number): AppError =>
  new AppError("rate_limited", "Too many requests from this IP", {
    hint: `Try again in ${Math.max(1, retryAfterS)} s.`,
    retryAfterS: Math.max(1, retryAfterS),
  });

/** The standard headers of a limit. */
export function setRateHeaders(headers: Headers, { limit, remaining, resetS }: RateVerdict): void {
  headers.set("ratelimit-limit", String(limit));
  headers.set("ratelimit-remaining", String(remaining));
  headers.set("ratelimit-reset", String(resetS));
}
