import { listLogin, type StartedLogin, StartLoginBody } from "../core/accounts.ts";
import type { Caller } from "../core/call.ts";
import { AppError, invalidParameters } from "../core/errors.ts";
import { type Grant, type LoginFlow, loginLifeMs } from "../core/grant.ts";
import { findServices, type OAuthProvider, type OAuthService, type RedirectMode } from "../core/oauth-provider.ts";
import { checkParameters, printable } from "../core/parameters.ts";
import type { Registry } from "../core/registry.ts";
import { hashSecret, makeId } from "../core/secret.ts";
import { suggestion } from "../core/suggestion.ts";
import type { SecretPlace } from "../core/vault.ts";
import { addressOf, callbackOf, clientOf, type OAuthParts } from "./parts.ts";
import { challengeOf, makeState, makeVerifier } from "./proof.ts";

const mostPending = 20;

/** A privileged port, where no other program of this computer can lie in wait for the code. */
const pasteRedirect = "http://127.0.0.1:1/";

/** Where the verifier of a login lies until it is over. */
export const verifierPlace = (flow: Pick<LoginFlow, "id" | "userId">): SecretPlace => ({
  userId: flow.userId,
  service: "login",
  account: flow.id,
});

/** Opens the address to which a loopback redirect comes back. */
export type OpenLoopback = (flowId: string, expiresAt: Date) => string;

export interface LoginStart extends OAuthParts {
  registry: Registry;
  openLoopback: OpenLoopback;
}

/**
 * Begins a login: decides what to ask for and how to come back, keeps its secrets, and makes the address to open.
 * @throws AppError not_found, not_configured, invalid_parameters
 */
export async function startLogin(parts: LoginStart, by: Caller, name: string, given: unknown): Promise<StartedLogin> {
  const checked = checkParameters(StartLoginBody, given ?? {}, {}, "field");
  if (!checked.ok) throw invalidParameters(checked.problems);
  const body = checked.value as StartLoginBody;
  const { provider, services } = requireServices(parts.providers, name);
  const client = await clientOf(parts, provider);
  const mode = chooseMode(parts, provider, client.type, by, body.mode);
  const grants = await parts.grants.list(by.userId, provider.id);
  const known = body.account === undefined ? undefined : grants.find((grant) => isCalled(grant, body.account ?? ""));
  const before = known ?? (body.account === undefined && grants.length === 1 ? grants[0] : undefined);
  const isFurther = before === undefined && (body.account !== undefined || grants.length > 0);
  const scopes = [
    ...new Set([
      ...provider.identityScopes,
      ...(before?.scopes ?? []),
      ...neededScopes(parts.registry, services, body.actions),
    ]),
  ];

  const createdAt = parts.now();
  const expiresAt = new Date(createdAt.getTime() + loginLifeMs);
  const id = makeId("lgn");
  const flow: LoginFlow = {
    id,
    userId: by.userId,
    provider: provider.id,
    services: services.map((service) => service.id),
    alias: known?.alias ?? body.account,
    scopes,
    mode,
    redirectUri: redirectOf(parts, provider, mode, client.type, () => parts.openLoopback(id, expiresAt)),
    status: "pending",
    failure: undefined,
    grantId: undefined,
    createdAt,
    expiresAt,
  };
  const state = makeState();
  const verifier = makeVerifier();
  parts.secrets.add(state, verifier);
  await parts.vault.write(verifierPlace(flow), verifier);
  await parts.flows.open(flow, hashSecret(state), mostPending);

  const url = new URL((await addressOf(parts, provider, "authorize")) ?? "");
  const query: Record<string, string> = {
    ...provider.parameters,
    ...(isFurther ? provider.chooseParameters : {}),
    response_type: "code",
    client_id: client.id,
    redirect_uri: flow.redirectUri,
    [provider.scopeParameter?.name ?? "scope"]: scopes.join(provider.scopeParameter?.separator ?? " "),
    state,
    ...(provider.pkce ? { code_challenge: challengeOf(verifier), code_challenge_method: "S256" } : {}),
    ...(provider.loginHint && before?.label !== undefined ? { login_hint: before.label } : {}),
  };
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return { ...listLogin(flow, createdAt, undefined), url: url.href };
}

/** @throws AppError not_found, naming what there is */
export function requireServices(
  providers: readonly OAuthProvider[],
  name: string,
): { provider: OAuthProvider; services: readonly OAuthService[] } {
  const found = findServices(providers, name);
  if (found) return found;
  const names = [...new Set(providers.flatMap(({ id, services }) => [id, ...services.map((service) => service.id)]))];
  throw new AppError("not_found", `There is no service ${printable(name)}`, {
    hint: `${suggestion(name.slice(0, 40), names)}One of: ${names.join(", ")}`,
  });
}

export const isCalled = (grant: Grant, name: string): boolean => grant.alias === name || grant.label === name;

/** What the services need, or only what some of their tools' actions need. @throws AppError invalid_parameters */
function neededScopes(
  { tools }: Registry,
  services: readonly OAuthService[],
  actions: readonly string[] | undefined,
): readonly string[] {
  if (actions === undefined) return services.flatMap(({ scopes }) => scopes);
  const ids = new Set(services.map(({ id }) => id));
  const offered = tools.filter(({ authService }) => ids.has(authService ?? "")).flatMap((tool) => tool.actions);
  const unknown = actions.filter((id) => !offered.some((action) => action.id === id));
  if (unknown.length > 0) {
    throw invalidParameters(
      unknown.map((id) => `Field actions names ${printable(id)}, which ${[...ids].join(", ")} does not do`),
      offered.length > 0
        ? `One of: ${[...new Set(offered.map(({ id }) => id))].join(", ")}`
        : "No tool here uses that service; leave the actions out.",
    );
  }
  return offered.filter(({ id }) => actions.includes(id)).flatMap(({ scopes }) => scopes);
}

/** On this computer the browser comes back by itself; elsewhere by the registered address, or by hand. */
function chooseMode(
  parts: OAuthParts,
  provider: OAuthProvider,
  clientType: string,
  { entrance }: Caller,
  wanted: RedirectMode | undefined,
): RedirectMode {
  const taken = provider.modes[clientType] ?? [];
  const works = (mode: RedirectMode): boolean => mode !== "registered" || parts.publicUrl !== undefined;
  const order: readonly RedirectMode[] =
    entrance === "cli" ? ["loopback", "registered", "paste"] : ["registered", "paste", "loopback"];
  const mode = wanted ?? order.find((each) => taken.includes(each) && works(each));
  if (mode === undefined || !taken.includes(mode)) {
    throw invalidParameters(
      [`Field mode must be one of: ${taken.join(", ")}`],
      `${provider.name} takes no others${clientType === "" ? "" : ` for a client of the type ${clientType}`}.`,
    );
  }
  if (!works(mode)) {
    throw new AppError("not_configured", `The redirect to a registered address needs the setting PUBLIC_URL`, {
      hint: "Run: mcqueen settings set PUBLIC_URL https://…, the address under which this daemon is reached",
    });
  }
  return mode;
}

function redirectOf(
  parts: OAuthParts,
  provider: OAuthProvider,
  mode: RedirectMode,
  clientType: string,
  openLoopback: () => string,
): string {
  if (mode === "loopback") return openLoopback();
  const takesLoopback = provider.modes[clientType]?.includes("loopback") ?? false;
  if (mode === "paste" && takesLoopback) return pasteRedirect;
  const callback = callbackOf(parts, provider);
  if (callback !== undefined) return callback;
  throw new AppError(
    "not_configured",
    `${provider.name} comes back to a registered address only, so PUBLIC_URL is needed`,
    {
      hint: "Run: mcqueen settings set PUBLIC_URL https://…, as it is registered with the app",
    },
  );
}
