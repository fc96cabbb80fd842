import {
  type Accounts,
  type CallbackVerdict,
  ChangeAccountBody,
  type ListedLogin,
  listAccount,
  listLogin,
  PasteBody,
} from "../core/accounts.ts";
import { AppError, invalidParameters } from "../core/errors.ts";
import type { Grant, LoginFlow } from "../core/grant.ts";
import { missingScopes } from "../core/oauth-provider.ts";
import { understand } from "../core/outcome.ts";
import { checkParameters } from "../core/parameters.ts";
import type { Registry } from "../core/registry.ts";
import { connectAccount } from "./connect.ts";
import { type CallbackWay, finishLogin } from "./finish.ts";
import { giveToken } from "./given-token.ts";
import { startLogin, verifierPlace } from "./login.ts";
import { createLoopback } from "./loopback.ts";
import type { OAuthParts } from "./parts.ts";
import { createTokenKeeper, GrantEnded } from "./token-keeper.ts";
import { unlink, unlinkGrants } from "./unlink.ts";

export interface AccountsParts extends OAuthParts {
  registry: Registry;
  /** The services that a call of this user could use now. */
  linked: Accounts["linked"];
}

const lookEveryMs = 150;
/** How long the fate of a login may be asked for. */
const rememberMs = 24 * 60 * 60_000;

/** Puts the engine together. */
export function createAccounts(parts: AccountsParts): Accounts {
  const { grants, flows, providers, now } = parts;
  const keeper = createTokenKeeper(parts);
  const finishing = { ...parts, keeper };

  const finish = async (way: CallbackWay, query: URLSearchParams): Promise<CallbackVerdict> => {
    try {
      const grant = await finishLogin(finishing, way, query);
      const name = providers.find(({ id }) => id === grant.provider)?.name ?? grant.provider;
      const where = parts.sandbox ? ", in the sandbox" : "";
      return {
        ok: true,
        title: `${name} is linked${where}`,
        text: `mcqueen may use ${grant.label ?? grant.alias} now, for its user ${grant.userId}.`,
      };
    } catch (thrown) {
      const error = understand(thrown, parts.report);
      return { ok: false, title: error.message, text: error.hint ?? "Nothing was linked." };
    } finally {
      if (way.mode === "loopback") await endWhenOver(way.flowId);
    }
  };
  const loopback = createLoopback(now);
  const endWhenOver = async (flowId: string): Promise<void> => {
    const flow = await flows.find(flowId);
    if (!flow || !isUnderWay(flow)) loopback.end(flowId);
  };

  const listed = async (flow: LoginFlow): Promise<ListedLogin> => {
    const grant = flow.grantId === undefined ? undefined : await grants.find(flow.grantId);
    const provider = providers.find(({ id }) => id === flow.provider);
    const missing = grant && provider ? missingScopes(provider, grant.scopes, flow.scopes) : [];
    return {
      ...listLogin(flow, now(), grant && listAccount(grant)),
      ...(missing.length > 0 ? { missing_scopes: missing } : {}),
    };
  };
  const ownFlow = async (userId: string, id: string): Promise<LoginFlow> => {
    const flow = await flows.find(id);
    if (flow?.userId === userId) return flow;
    throw new AppError("not_found", `There is no login ${id}`, { hint: "Begin again: mcqueen login <service>" });
  };
  const ownGrant = async (userId: string, name: string): Promise<Grant> => {
    const grant = (await grants.list(userId)).find(({ id, alias, label }) => [id, alias, label].includes(name));
    if (grant) return grant;
    throw new AppError("not_found", `There is no account ${name}`, { hint: "Run: mcqueen accounts" });
  };

  return {
    providers,
    async services(userId) {
      const own = await grants.list(userId);
      const usable = await parts.linked(userId);
      return providers.flatMap((provider) =>
        provider.services.map(({ id, name, scopes }) => {
          const accounts = own.filter((grant) => grant.provider === provider.id && grant.services.includes(id));
          return {
            service: id,
            name,
            provider: provider.id,
            linked: usable.has(id),
            scopes,
            accounts: accounts.map(listAccount),
          };
        }),
      );
    },
    list: async (userId) => (await grants.list(userId)).map(listAccount),
    linked: parts.linked,
    startLogin(by, name, body) {
      const openLoopback = (flowId: string, expiresAt: Date): string =>
        loopback.open(flowId, expiresAt, (query) => finish({ mode: "loopback", flowId, by }, query));
      return startLogin({ ...parts, openLoopback }, by, name, body);
    },
    async login(userId, id, { ms, signal, isWelcome } = { ms: 0 }) {
      for (let waited = 0; ; waited += lookEveryMs) {
        const login = await listed(await ownFlow(userId, id));
        if (login.status !== "pending" || waited >= ms || signal?.aborted) return login;
        if (isWelcome && !(await isWelcome())) throw new AppError("unauthenticated", "Invalid authentication token");
        await Bun.sleep(Math.min(lookEveryMs, ms - waited));
      }
    },
    async cancelLogin(by, id) {
      const flow = await ownFlow(by.userId, id);
      // One whose code is being traded cannot be stopped any more, and is told as what it came to.
      await flows.settle(flow.id, "cancelled", {});
      if ((await flows.find(flow.id))?.status !== "cancelled") return;
      await parts.vault.remove(verifierPlace(flow));
      loopback.end(flow.id);
    },
    async paste(by, id, body) {
      const flow = await ownFlow(by.userId, id);
      const url = URL.parse(String(fieldsOf(PasteBody, body).url).trim());
      if (!url) {
        throw invalidParameters(
          ["Field url must be the whole address on which the browser ended"],
          "It begins with http and holds code= and state=.",
        );
      }
      // A login that was begun for the loopback may still be finished by hand, when the browser was somewhere else.
      await finishLogin(
        finishing,
        { mode: flow.mode === "loopback" ? "loopback" : "paste", flowId: id, by },
        url.searchParams,
      );
      loopback.end(flow.id);
      return listed(await ownFlow(by.userId, id));
    },
    callback: (provider, query) => finish({ mode: "registered", provider }, query),
    giveToken: async (by, name, body) => listAccount(await giveToken(finishing, by, name, body)),
    async change(by, account, body) {
      const grant = await ownGrant(by.userId, account);
      const fields = fieldsOf(ChangeAccountBody, body);
      if (typeof fields.account === "string") await grants.rename(grant.id, fields.account);
      if (fields.default === true) await grants.setDefault(by.userId, grant.provider, grant.id);
      await parts.record(by, `changed the account ${grant.alias}`);
      return listAccount((await grants.find(grant.id)) ?? grant);
    },
    unlink: (by, name, account) => unlink(finishing, by, name, account),
    async unlinkAll(by, userId) {
      await unlinkGrants(finishing, by, await grants.list(userId));
    },
    connect: (checked) => connectAccount(finishing, checked),
    async check(userId) {
      const found = [];
      for (const grant of await grants.list(userId)) {
        const account = listAccount(grant);
        found.push({ account, problem: await problemOf(grant) });
      }
      return found;
    },
    async sweep() {
      const over = await flows.sweep(new Date(now().getTime() - rememberMs));
      for (const flow of over) await parts.vault.remove(verifierPlace(flow));
    },
    close: () => loopback.close(),
  };

  async function problemOf(grant: Grant): Promise<string | undefined> {
    const provider = providers.find(({ id }) => id === grant.provider);
    if (!provider) return `there is no provider ${grant.provider}`;
    try {
      // A token that was good an hour ago says nothing of whether access was taken away since.
      const kept = await keeper.read(grant);
      const { accessToken } = await keeper.tokensFor(
        provider,
        grant,
        kept?.refreshToken ? { stale: kept.accessToken } : {},
      );
      if (kept?.refreshToken === undefined) await provider.confirmToken?.(accessToken, parts);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof GrantEnded) return `the login has ended; likely: ${provider.endings.join("; ")}`;
      return understand(thrown, parts.report).message;
    }
  }
}

const isUnderWay = ({ status }: LoginFlow): boolean => status === "pending" || status === "exchanging";

function fieldsOf(schema: Parameters<typeof checkParameters>[0], body: unknown): Record<string, unknown> {
  const checked = checkParameters(schema, body, {}, "field");
  if (checked.ok) return checked.value;
  throw invalidParameters(checked.problems);
}
