import type { Caller } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import type { Grant, LoginFailure, LoginFlow } from "../core/grant.ts";
import { type Identity, missingScopes, type OAuthProvider, plainScope } from "../core/oauth-provider.ts";
import { understand } from "../core/outcome.ts";
import { hashSecret, makeId } from "../core/secret.ts";
import { shellWord } from "../core/shell-word.ts";
import { isCalled, verifierPlace } from "./login.ts";
import type { OAuthParts } from "./parts.ts";
import { exchangeCode, revokeToken, shownText, type TokenAnswer } from "./token-endpoint.ts";
import { grantExpiry, type TokenKeeper, tokenEnd, tokensOf } from "./token-keeper.ts";

/** By which way a callback came; it must be the way that its login was begun for. */
export type CallbackWay =
  | { mode: "loopback" | "paste"; flowId: string; by: Caller }
  | { mode: "registered"; provider: string };

export interface FinishParts extends OAuthParts {
  keeper: TokenKeeper;
}

/**
 * Finishes a login by the query of its callback.
 * @throws AppError not_found for a state that belongs to no such login, and invalid_parameters for an address that is no
 *   answer: the login then goes on as it was; conflict for one that is over; all else ends it, and is kept as its fate
 */
export async function finishLogin(parts: FinishParts, way: CallbackWay, query: URLSearchParams): Promise<Grant> {
  const flow = await parts.flows.byState(hashSecret(query.get("state") ?? ""));
  if (!flow || !isItsWay(flow, way)) {
    throw new AppError("not_found", "This address belongs to no login that is waiting", {
      hint: "Use the address of the login that you began last, whole, or begin again.",
    });
  }
  const code = query.get("code") ?? "";
  if (code === "" && !query.has("error")) {
    throw new AppError(
      "invalid_parameters",
      "This address holds no code, so it is not the one where the browser ended",
      {
        hint: `That one begins with ${flow.redirectUri} and holds code= and state=.`,
      },
    );
  }
  if (!(await parts.flows.take(flow.id, parts.now()))) {
    throw new AppError("conflict", "This login is over already", {
      hint: `Begin again: mcqueen login ${flow.provider}`,
    });
  }
  try {
    const by: Caller =
      way.mode === "registered"
        ? { userId: flow.userId, role: "member", entrance: "rest", credentialId: flow.id, interactive: false }
        : way.by;
    const grant = await link(parts, flow, by, query, code);
    await parts.flows.settle(flow.id, "done", { grantId: grant.id });
    return grant;
  } catch (thrown) {
    const error = understand(thrown, parts.report);
    await parts.flows.settle(flow.id, "failed", { failure: failureOf(error) });
    throw error;
  } finally {
    await parts.vault.remove(verifierPlace(flow));
  }
}

const failureOf = ({ code, message, hint }: AppError): LoginFailure => ({ code, message, ...(hint ? { hint } : {}) });

const isItsWay = (flow: LoginFlow, way: CallbackWay): boolean =>
  flow.mode === way.mode && (way.mode === "registered" ? flow.provider === way.provider : flow.id === way.flowId);

async function link(
  parts: FinishParts,
  flow: LoginFlow,
  by: Caller,
  query: URLSearchParams,
  code: string,
): Promise<Grant> {
  const provider = parts.providers.find(({ id }) => id === flow.provider);
  if (!provider) throw new AppError("not_found", `There is no provider ${flow.provider}`);
  refuseRefusal(parts, provider, query);
  const verifier = provider.pkce ? await parts.vault.read(verifierPlace(flow)) : undefined;
  const outcome = await exchangeCode(parts, provider, { code, redirectUri: flow.redirectUri, verifier });
  if (!outcome.ok) {
    throw new AppError("upstream_rejected", `${provider.name} does not take the code: ${outcome.description}`, {
      hint: `A code works once and for a few minutes. Begin again: mcqueen login ${provider.id}`,
    });
  }
  return keep(parts, provider, flow, by, await identified(parts, provider, outcome.answer));
}

/** An answer that does not say whose account it is, with what the provider says when it is asked. */
async function identified(parts: FinishParts, provider: OAuthProvider, answer: TokenAnswer): Promise<TokenAnswer> {
  if (answer.identity.subject !== undefined || !provider.confirmToken) return answer;
  const confirmed = await provider.confirmToken(answer.accessToken, parts);
  return { ...answer, identity: confirmed.identity, scopes: answer.scopes ?? confirmed.scopes };
}

/** @throws AppError declined when the person said no, upstream_rejected for another error and another issuer */
function refuseRefusal(parts: FinishParts, provider: OAuthProvider, query: URLSearchParams): void {
  const issuer = query.get("iss");
  if (issuer !== null && provider.issuer !== undefined && issuer !== provider.issuer) {
    throw new AppError("upstream_rejected", `This answer comes from another issuer than ${provider.name}`, {
      hint: "Somebody may have mixed up two logins. Begin again.",
    });
  }
  const error = query.get("error");
  if (error === "access_denied" || /^user_cancelled_\w+$/.test(error ?? "")) {
    throw new AppError("declined", `You did not allow it at ${provider.name}, so nothing was linked`);
  }
  if (error !== null) {
    parts.secrets.add(query.get("state") ?? undefined);
    const told = shownText(parts, query.get("error_description") ?? error);
    throw new AppError("upstream_rejected", `${provider.name} refused the login: ${told}`);
  }
}

async function keep(
  parts: FinishParts,
  provider: OAuthProvider,
  flow: LoginFlow,
  by: Caller,
  answer: TokenAnswer,
): Promise<Grant> {
  const scopes = (answer.scopes ?? flow.scopes).map((scope) => plainScope(provider, scope));
  const known = await parts.grants.list(flow.userId, provider.id);
  const before = await targetOf(parts, provider, flow, answer, known);
  // A login for one action may have asked for less than any scope of the service, such as reading alone.
  const services = provider.services.filter(
    ({ id, scopes: needed }) =>
      flow.services.includes(id) &&
      (missingScopes(provider, scopes, needed).length < needed.length ||
        missingScopes(provider, needed, scopes).length < scopes.length),
  );
  if (services.length === 0) {
    await takeBack(parts, provider, answer);
    throw new AppError("declined", `No permission was given at ${provider.name}, so nothing was linked`, {
      hint: `Tick the boxes of what mcqueen may do. Begin again: mcqueen login ${flow.services[0] ?? provider.id}`,
    });
  }
  const now = parts.now();
  const tokens = tokensOf(answer, before && (await parts.keeper.read(before)), now);
  const grant: Grant = {
    id: before?.id ?? makeId("acc"),
    userId: flow.userId,
    provider: provider.id,
    alias: flow.alias ?? before?.alias ?? aliasFor(answer.identity, known),
    subject: answer.identity.subject ?? before?.subject,
    label: answer.identity.label ?? before?.label,
    scopes,
    services: [...new Set([...(before?.services ?? []), ...services.map(({ id }) => id)])],
    isDefault: before?.isDefault ?? known.length === 0,
    createdAt: before?.createdAt ?? now,
    refreshedAt: now,
    expiresAt: grantExpiry(answer, now).expiresAt ?? tokenEnd(tokens),
    broken: undefined,
  };
  await parts.keeper.write(grant, tokens);
  await parts.grants.put(grant);
  await parts.record(by, `linked ${services.map(({ id }) => id).join(", ")} of ${grant.alias}`);
  return grant;
}

/**
 * The account that this login belongs to, if we know it already.
 * @throws AppError conflict when the person chose another account at the provider than the one that was named, or gave a
 *   second name to one that has a name
 */
async function targetOf(
  parts: FinishParts,
  provider: OAuthProvider,
  flow: LoginFlow,
  answer: TokenAnswer,
  known: readonly Grant[],
): Promise<Grant | undefined> {
  const { subject, label } = answer.identity;
  const bySubject = subject === undefined ? undefined : known.find((grant) => grant.subject === subject);
  const named = flow.alias === undefined ? undefined : known.find((grant) => grant.alias === flow.alias);
  if (named?.subject !== undefined && subject !== undefined && named.subject !== subject) {
    await takeBack(parts, provider, answer);
    throw new AppError(
      "conflict",
      `${named.alias} is ${named.label ?? "another account"}, but you chose ${label ?? "a different one"}`,
      {
        hint: `Choose that one at ${provider.name}, or give the other a name of its own with --account.`,
      },
    );
  }
  if (flow.alias !== undefined && bySubject && bySubject.id !== named?.id) {
    await takeBack(parts, provider, answer);
    throw new AppError("conflict", `${bySubject.label ?? "This account"} is linked already, as ${bySubject.alias}`, {
      hint: `Log in to it again: mcqueen login ${provider.id} --account ${shellWord(bySubject.alias)}\nTo call it otherwise: mcqueen accounts rename ${shellWord(bySubject.alias)} ${shellWord(flow.alias)}`,
    });
  }
  // Without an identity, one account without one is taken for the same.
  const nameless =
    subject === undefined && flow.alias === undefined ? known.filter((grant) => grant.subject === undefined) : [];
  return named ?? bySubject ?? (nameless.length === 1 ? nameless[0] : undefined);
}

/**
 * A grant that we do not keep is not left lying at the provider, unless somebody else lives on it: a provider may end
 * all of an account's grants at once. Should that fail, the login's own failure counts.
 */
async function takeBack(parts: FinishParts, provider: OAuthProvider, answer: TokenAnswer): Promise<void> {
  const { subject } = answer.identity;
  if (subject === undefined || (await parts.grants.isShared({ provider: provider.id, subject }))) return;
  try {
    await revokeToken(parts, provider, answer.refreshToken ?? answer.accessToken);
  } catch (error) {
    parts.report(error);
  }
}

/** The account's own name where it is one word, else "default"; with a number where that is taken. */
export function aliasFor({ label }: Identity, known: readonly Grant[]): string {
  const wanted = label && /^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$/u.test(label) ? label : "default";
  const isFree = (alias: string): boolean => !known.some((grant) => isCalled(grant, alias));
  if (isFree(wanted)) return wanted;
  for (let number = 2; ; number++) if (isFree(`${wanted}-${number}`)) return `${wanted}-${number}`;
}
