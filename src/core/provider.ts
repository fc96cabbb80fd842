import { type TObject, Type } from "@sinclair/typebox";
import { AppError, type ErrorCode } from "./errors.ts";

/** One upstream service that can answer for a tool. A tool lists its own in the order in which they are asked. */
export interface Provider {
  /** As `provider_order` names it: `open_meteo`. The same service has the same id in every tool. */
  id: string;
  /** As people know it: "Open-Meteo". Its requests bear this name, and so do results and the health kept of it. */
  name: string;
  /** What it does, in a tool that needs several kinds: "places", "routes". Only those of one part stand in for each other. */
  part?: string;
  /** The setting without which it is never asked. The adapter declares it in `config`. */
  needs?: string;
  /** Why it is not asked although its setting is there: "the key is one of Tavily's". */
  declines?(config: Config): string | undefined;
}

type Config = Readonly<Record<string, string | undefined>>;

/** What decides who is asked; a running action's context has it all. */
export interface ProviderChoice {
  config: Config;
  settings: Readonly<Record<string, unknown>>;
}

export interface RankedProvider {
  provider: Provider;
  /** Why it cannot be asked; absent when it can. */
  obstacle?: string;
  /** Whether its place comes from the user's `provider_order`. */
  chosen: boolean;
}

/** All of them in the order of the user's `provider_order`, then in the tool's own. */
export function rankProviders(providers: readonly Provider[], { config, settings }: ProviderChoice): RankedProvider[] {
  const { provider_order: given } = settings;
  const order: readonly unknown[] = Array.isArray(given) ? given : [];
  const rankOf = ({ id }: Provider): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const ranked = order.length === 0 ? providers : providers.toSorted((a, b) => rankOf(a) - rankOf(b));
  return ranked.map((provider) => {
    const obstacle = obstacleOf(provider, config);
    return { provider, chosen: order.includes(provider.id), ...(obstacle ? { obstacle } : {}) };
  });
}

const obstacleOf = ({ needs, declines }: Provider, config: Config): string | undefined =>
  needs !== undefined && !config[needs] ? `needs the setting ${needs}` : declines?.(config);

/** Adds `provider_order` to a tool's settings, where any two providers stand in for each other. */
export function withProviderOrder(settings: TObject | undefined, providers: readonly Provider[]): TObject | undefined {
  const rivals = [...Map.groupBy(providers, ({ part }) => part).values()].filter(({ length }) => length > 1).flat();
  if (rivals.length === 0) return settings;
  const order = Type.Array(Type.Union(rivals.map(({ id }) => Type.Literal(id))), {
    uniqueItems: true,
    description: `Who is asked first: ${rivals.map(({ id }) => id).join(", ")}. Those left out come after`,
  });
  return Type.Object(
    { ...settings?.properties, provider_order: Type.Optional(order) },
    { additionalProperties: false },
  );
}

/** A provider that was asked and failed, as it appears in `metadata.failed_providers`. */
export interface Fallthrough {
  provider: string;
  code: ErrorCode;
  reason: string;
}

/** What a tool tells of its providers when none of them answers. */
export interface AskOptions {
  /** Which of the tool's parts is asked; needless where it has none. */
  part?: string;
  /** Receives those that failed before one answered. */
  failed: Fallthrough[];
  /** Begins the sentence when all failed: "The weather could not be fetched". */
  problem: string;
  hint: string;
}

const providerCodes: readonly ErrorCode[] = ["upstream_rejected", "upstream_unavailable", "timeout", "rate_limited"];

/**
 * Asks one provider after the other until one answers, in the user's order, leaving out those that cannot be asked.
 * @param ask by provider id
 * @throws AppError with the most telling code of the failures, not_configured when nobody can be asked; at once for a
 *   failure that no other provider would mend
 */
export async function askProviders<Answer>(
  providers: readonly Provider[],
  ask: Readonly<Record<string, () => Promise<Answer>>>,
  choice: ProviderChoice & { signal: AbortSignal },
  { part, failed, problem, hint }: AskOptions,
): Promise<Answer> {
  const errors: AppError[] = [];
  const ranked = rankProviders(providers, choice).filter(
    ({ provider }) => part === undefined || provider.part === part,
  );
  for (const { provider, obstacle } of ranked) {
    const send = ask[provider.id];
    if (!send) throw new Error(`Nothing asks ${provider.id}`);
    if (obstacle !== undefined) continue;
    try {
      return await send();
    } catch (error) {
      if (choice.signal.aborted || !(error instanceof AppError) || !providerCodes.includes(error.code)) throw error;
      errors.push(error);
      // A router may fail because the search that it builds on did; that one is named then.
      const { provider: asked = provider.name } = error.metadata;
      failed.push({ provider: String(asked), code: error.code, reason: error.message });
    }
  }
  if (errors.length === 0) throw nobody(ranked, problem);
  throw allFailed(errors, failed, problem, hint);
}

function nobody(ranked: readonly RankedProvider[], problem: string): AppError {
  const reasons = ranked.map(({ provider, obstacle }) => `${provider.name} ${obstacle}`);
  const setting = ranked.find(({ provider }) => provider.needs)?.provider.needs;
  return new AppError("not_configured", `${problem}: ${reasons.join("; ")}`, {
    hint: setting ? `Run: mcqueen settings set ${setting} -` : "Run: mcqueen settings",
  });
}

function allFailed(
  errors: readonly AppError[],
  failed: readonly Fallthrough[],
  problem: string,
  hint: string,
): AppError {
  const reasons = failed
    .slice(-errors.length)
    .map(({ provider, reason }) => (reason.startsWith(provider) ? reason : `${provider}: ${reason}`));
  const [first] = errors;
  const code = tellingCode(errors.map((error) => error.code));
  const waits = code === "rate_limited" && first?.retryAfterS !== undefined ? { retryAfterS: first.retryAfterS } : {};
  return new AppError(code, `${problem}: ${reasons.join("; ")}`, {
    hint: errors.length === 1 && first?.hint && code === "rate_limited" ? first.hint : hint,
    metadata: { failed_providers: failed },
    ...waits,
  });
}

function tellingCode(found: readonly ErrorCode[]): ErrorCode {
  if (found.every((code) => code === "timeout")) return "timeout";
  if (found.every((code) => code === "timeout" || code === "upstream_unavailable")) return "upstream_unavailable";
  return found[0] === "rate_limited" ? "rate_limited" : "upstream_rejected";
}
