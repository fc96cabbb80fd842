import { AppError } from "../core/errors.ts";
import type { Grant, GrantTokens } from "../core/grant.ts";
import { type OAuthProvider, plainScope } from "../core/oauth-provider.ts";
import { randomText } from "../core/secret.ts";
import { type OAuthParts, tokensPlace } from "./parts.ts";
import { refreshTokens, type TokenAnswer } from "./token-endpoint.ts";

/** The provider renews a grant no more, and a person has to log in again. */
export class GrantEnded extends Error {
  constructor(readonly grant: Grant) {
    super("the grant has ended");
  }
}

export interface TokenRequest {
  /** An access token that the service has refused, and that is not to be given again. */
  stale?: string;
}

export interface TokenKeeper {
  /** Tokens that are good now, renewed where needed. @throws GrantEnded, AppError */
  tokensFor(provider: OAuthProvider, grant: Grant, request?: TokenRequest): Promise<GrantTokens>;
  read(grant: Grant): Promise<GrantTokens | undefined>;
  write(grant: Pick<Grant, "id" | "userId" | "provider">, tokens: GrantTokens): Promise<void>;
}

/** Longer than a request to a token endpoint may take, so that nobody else begins while one is under way. */
const leaseMs = 12_000;
const lookEveryMs = 50;
const mostLooks = 500;
/** A token that ends sooner would not outlast a call. */
const marginMs = 60_000;

/**
 * Keeps tokens fresh. However many processes want one, one of them asks the provider, under a lease in the database;
 * the others read what it stored. A lease that its holder did not live to give back ends by itself.
 */
export function createTokenKeeper(parts: OAuthParts): TokenKeeper {
  const { grants, leases, vault, now } = parts;
  const renewing = new Map<string, Promise<GrantTokens>>();

  const read = async (grant: Grant): Promise<GrantTokens | undefined> => {
    const kept = await vault.read(tokensPlace(grant.userId, grant.provider, grant.id));
    if (kept === undefined) return undefined;
    const tokens = JSON.parse(kept) as GrantTokens;
    parts.secrets.add(tokens.accessToken, tokens.refreshToken);
    return tokens;
  };
  const write: TokenKeeper["write"] = ({ id, userId, provider }, tokens) =>
    vault.write(tokensPlace(userId, provider, id), JSON.stringify(tokens));

  const isGood = (tokens: GrantTokens, stale: string | undefined): boolean =>
    tokens.accessToken !== stale && (tokens.expiresAt === undefined || tokens.expiresAt - marginMs > now().getTime());

  const requireTokens = async (grant: Grant): Promise<GrantTokens> => {
    const known = await grants.find(grant.id);
    const tokens = known && !known.broken ? await read(known) : undefined;
    if (tokens) return tokens;
    throw new GrantEnded(known ?? grant);
  };

  const renew = async (provider: OAuthProvider, grant: Grant, request: TokenRequest): Promise<GrantTokens> => {
    const name = `refresh ${grant.id}`;
    const holder = randomText(12, "hex");
    for (let looks = 0; ; looks++) {
      const tokens = await requireTokens(grant);
      if (isGood(tokens, request.stale)) return tokens;
      if (await takeLease(name, holder)) break;
      if (looks === mostLooks) {
        throw new AppError("unavailable", "Another process has been renewing this login for too long", {
          retryAfterS: 5,
        });
      }
      await Bun.sleep(lookEveryMs);
    }
    try {
      const tokens = await requireTokens(grant);
      if (isGood(tokens, request.stale)) return tokens;
      return await askFor(provider, grant, tokens, request.stale);
    } finally {
      await leases.release(name, holder).catch(parts.report);
    }
  };

  /** A database that is busy for a moment is one more reason to look again. */
  const takeLease = async (name: string, holder: string): Promise<boolean> => {
    try {
      return await leases.take(name, holder, now(), leaseMs);
    } catch (error) {
      if (error instanceof AppError && error.retryAfterS !== undefined) return false;
      throw error;
    }
  };

  const askFor = async (
    provider: OAuthProvider,
    grant: Grant,
    before: GrantTokens,
    stale: string | undefined,
  ): Promise<GrantTokens> => {
    if (before.refreshToken === undefined) {
      const what = stale === before.accessToken ? "the service takes the token no more" : "the token has expired";
      await grants.markBroken(grant.id, `${what}, and this login cannot be renewed`, now());
      throw new GrantEnded(grant);
    }
    const outcome = await refreshTokens(parts, provider, before.refreshToken);
    if (outcome.ok) {
      const tokens = tokensOf(outcome.answer, before, now());
      // A login that came in between has brought better ones, and a logout wants none.
      const present = await requireTokens(grant);
      if (present.accessToken !== before.accessToken || present.refreshToken !== before.refreshToken) return present;
      // Stored before anyone uses it: the old refresh token may be good for nothing from now on.
      await write(grant, tokens);
      await grants.change(grant.id, {
        refreshedAt: now(),
        ...(outcome.answer.scopes ? { scopes: outcome.answer.scopes.map((scope) => plainScope(provider, scope)) } : {}),
        ...grantExpiry(outcome.answer, now()),
      });
      return tokens;
    }
    // A login that came in between has brought another one, and that one is not to be called broken.
    const present = await requireTokens(grant);
    if (present.refreshToken !== before.refreshToken) return present;
    await grants.markBroken(grant.id, outcome.description, now());
    throw new GrantEnded(grant);
  };

  return {
    read,
    write,
    async tokensFor(provider, grant, request = {}) {
      const tokens = await requireTokens(grant);
      if (isGood(tokens, request.stale)) return tokens;
      const key = `${grant.id} ${request.stale ?? ""}`;
      const underWay = renewing.get(key);
      if (underWay) return underWay;
      // Whoever waits for it does so for others too, so one caller who goes away does not end it.
      const started = renew(provider, grant, request).finally(() => renewing.delete(key));
      renewing.set(key, started);
      return started;
    },
  };
}

/** What is kept of an answer. A provider that sends no new refresh token means the old one to stay. */
export function tokensOf(answer: TokenAnswer, before: GrantTokens | undefined, now: Date): GrantTokens {
  const refreshToken = answer.refreshToken ?? before?.refreshToken;
  return {
    accessToken: answer.accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(answer.expiresInS === undefined ? {} : { expiresAt: now.getTime() + answer.expiresInS * 1000 }),
  };
}

export const grantExpiry = ({ grantExpiresInS }: TokenAnswer, now: Date): { expiresAt?: Date } =>
  grantExpiresInS === undefined ? {} : { expiresAt: new Date(now.getTime() + grantExpiresInS * 1000) };

/** When a login that cannot be renewed ends with its token. */
export const tokenEnd = ({ refreshToken, expiresAt }: GrantTokens): Date | undefined =>
  refreshToken === undefined && expiresAt !== undefined ? new Date(expiresAt) : undefined;
