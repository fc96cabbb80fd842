import type { Adapter } from "./adapter.ts";
import { AppError } from "./errors.ts";
import type { Arrival, Message, MessageStore } from "./message.ts";
import { printable } from "./parameters.ts";
import type { Webhook } from "./webhook.ts";

/** A webhook as doctor looks at it. */
export interface WebhookState {
  id: string;
  name: string;
  /** Whose accounts it brings messages for. */
  service: string;
  /** Settings that it needs and that nobody has set. */
  missing: readonly string[];
  /** Whether anything of it was set at all. */
  isWanted: boolean;
}

/** Takes in what services send us. */
export interface WebhookDesk {
  list(): Promise<WebhookState[]>;
  /** @throws AppError not_found, not_configured, forbidden, invalid_parameters */
  greet(id: string, query: URLSearchParams): Promise<string>;
  /**
   * Believes a delivery, or not. Nothing is parsed before.
   * @throws AppError not_found, not_configured, unauthenticated
   */
  verify(id: string, headers: Headers, bytes: Uint8Array): Promise<void>;
  /** Keeps what a verified delivery says, each thing once, however often it comes. */
  receive(id: string, json: unknown): Promise<void>;
}

export interface WebhookParts {
  adapters: readonly Adapter[];
  messages: MessageStore;
  setting(name: string): Promise<string | undefined>;
  /** The users who have this account of a service. */
  usersOf(service: string, subject: string): Promise<readonly string[]>;
  now(): Date;
}

type Config = Record<string, string | undefined>;

const longestPreview = 300;
const freshMs = 250;

export function createWebhookDesk(parts: WebhookParts): WebhookDesk {
  const all = parts.adapters.flatMap((adapter) => (adapter.webhooks ?? []).map((webhook) => ({ adapter, webhook })));
  const configOf = async ({ needs }: Webhook): Promise<Config> =>
    Object.fromEntries(await Promise.all(needs.map(async (name) => [name, await parts.setting(name)] as const)));
  const latest = new Map<string, { at: number; config: Promise<Config> }>();
  /** Of a moment ago, since opening the secrets costs more than all the rest of a delivery. */
  const recentConfigOf = (webhook: Webhook): Promise<Config> => {
    const at = parts.now().getTime();
    const known = latest.get(webhook.id);
    if (known && Math.abs(at - known.at) < freshMs) return known.config;
    const config = configOf(webhook);
    latest.set(webhook.id, { at, config });
    config.catch(() => latest.delete(webhook.id));
    return config;
  };
  const find = (id: string) => {
    const found = all.find(({ webhook }) => webhook.id === id);
    if (found) return found;
    throw new AppError("not_found", "Endpoint not found");
  };
  const open = async (id: string) => {
    const { adapter, webhook } = find(id);
    const config = await recentConfigOf(webhook);
    if (webhook.needs.every((name) => config[name])) return { adapter, webhook, config };
    throw new AppError("not_configured", `${adapter.name} is not set up to call this daemon`, {
      hint: "Run: mcqueen doctor",
    });
  };

  return {
    list: () =>
      Promise.all(
        all.map(async ({ adapter, webhook }) => {
          const config = await configOf(webhook);
          const hints = await Promise.all((adapter.config ?? []).filter(isKey).map(parts.setting));
          return {
            id: webhook.id,
            name: adapter.name,
            service: adapter.service,
            missing: webhook.needs.filter((name) => !config[name]),
            isWanted: webhook.needs.some((name) => config[name]) || hints.some(Boolean),
          };
        }),
      ),
    async greet(id, query) {
      const { webhook, config } = await open(id);
      return webhook.greet(query, config);
    },
    async verify(id, headers, bytes) {
      const { webhook, config } = await open(id);
      if (await webhook.isGenuine(bytes, headers, config)) return;
      throw new AppError("unauthenticated", "The signature of this delivery is missing or wrong");
    },
    async receive(id, json) {
      const { adapter, webhook } = find(id);
      const { received, reports } = await webhook.read(json, parts.now());
      const accounts = new Set([...received, ...reports].map(({ account }) => account));
      const { service } = adapter;
      const arrivals: Arrival[] = [];
      for (const account of accounts) {
        const news = {
          received: received.filter((message) => message.account === account),
          reports: reports.filter((report) => report.account === account),
          announce: (message: Message) => announcement(service, message, parts.now()),
        };
        for (const userId of await parts.usersOf(service, account)) arrivals.push({ userId, service, ...news });
      }
      if (arrivals.length > 0) await parts.messages.receive(arrivals);
    },
  };
}

/** A setting that somebody sets on purpose, and no address with a default. */
const isKey = (name: string): boolean => !name.endsWith("_BASE_URL") && !name.endsWith("_VERSION");

const announcement = (service: string, { id, contact, contactName, kind, text }: Message, at: Date) => ({
  kind: "message.received" as const,
  data: {
    service,
    message_id: id,
    from: contact,
    ...(contactName === undefined ? {} : { name: printable(contactName) }),
    kind,
    ...(text === undefined ? {} : { text: text.slice(0, longestPreview).toWellFormed() }),
  },
  at,
});
