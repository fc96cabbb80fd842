import { type Provider, type ProviderChoice, type RankedProvider, rankProviders } from "./provider.ts";
import { circuitState, freshHealth, type ProviderHealth } from "./provider-health.ts";
import type { Tool } from "./tool.ts";

type ProviderState = "ok" | "failing" | "open" | "unused" | "no_key";

/** How a provider does, as every listing shows it; field names are the wire's. */
export interface ListedProvider {
  id: string;
  name: string;
  /** The tools that ask it. */
  tools: string[];
  /** `open`: it failed several times in a row and is left alone until `open_until`. */
  state: ProviderState;
  /** The setting that it needs; absent for one that takes everybody. */
  needs?: string;
  /** Why it is not asked. */
  obstacle?: string;
  last_success_at: string | null;
  last_error: { at: string; code: string; reason: string } | null;
  failures_in_a_row: number;
  open_until?: string;
}

/** A provider as one tool would ask it now. */
export interface ListedToolProvider {
  id: string;
  name: string;
  part?: string;
  /** Whether it would be asked at all now. */
  ready: boolean;
  /** Its place among the others, or what is in its way, as a sentence without its end. */
  why: string;
}

/** What is known of the providers of some tools: settings, and how requests went. */
export interface ProviderFacts {
  config: ProviderChoice["config"];
  /** Settings that are there, in a vault that does not open. */
  unreadable: ReadonlySet<string>;
  health: ReadonlyMap<string, ProviderHealth>;
  now: Date;
}

/** Each provider once, however many tools ask it, in the tools' order. */
export function listProviders(tools: readonly Tool[], facts: ProviderFacts): ListedProvider[] {
  const { health, now } = facts;
  const listed = new Map<string, ListedProvider>();
  for (const tool of tools) {
    for (const { provider, obstacle } of rank(tool, {}, facts)) {
      const known = listed.get(provider.id);
      if (known) known.tools.push(tool.id);
      else {
        const row = listProvider(provider, obstacle, health.get(provider.name) ?? freshHealth, now);
        listed.set(provider.id, { ...row, tools: [tool.id] });
      }
    }
  }
  return [...listed.values()];
}

function listProvider(
  { id, name, needs }: Provider,
  obstacle: string | undefined,
  health: ProviderHealth,
  now: Date,
): ListedProvider {
  const { lastFailure, lastSuccessAt, openUntil, failures } = health;
  const state = obstacle === undefined ? stateOf(health, now) : "no_key";
  return {
    id,
    name,
    tools: [],
    state,
    ...(needs ? { needs } : {}),
    ...(obstacle ? { obstacle } : {}),
    last_success_at: lastSuccessAt?.toISOString() ?? null,
    last_error: lastFailure ? { ...lastFailure, at: lastFailure.at.toISOString() } : null,
    failures_in_a_row: failures,
    ...(state === "open" && openUntil ? { open_until: openUntil.toISOString() } : {}),
  };
}

function stateOf(health: ProviderHealth, now: Date): ProviderState {
  const { lastFailure, lastSuccessAt } = health;
  if (circuitState(health, now) === "open") return "open";
  if (lastFailure && !(lastSuccessAt && lastSuccessAt >= lastFailure.at)) return "failing";
  return lastSuccessAt ? "ok" : "unused";
}

/** Who would answer for a tool now, in the order in which they would be asked, and why. */
export function listToolProviders(
  tool: Tool,
  settings: Readonly<Record<string, unknown>>,
  facts: ProviderFacts,
): ListedToolProvider[] {
  const { health, now } = facts;
  const begun = new Map<string | undefined, string>();
  return rank(tool, settings, facts).map(({ provider, obstacle, chosen }) => {
    const { id, name, part } = provider;
    const known = health.get(name) ?? freshHealth;
    const shut = obstacle ?? (circuitState(known, now) === "open" ? leftAlone(known) : undefined);
    const row = { id, name, ...(part ? { part } : {}), ready: shut === undefined };
    if (shut !== undefined) return { ...row, why: shut };
    const before = begun.get(part);
    begun.set(part, name);
    const by = chosen ? ", as provider_order says" : "";
    return { ...row, why: before === undefined ? `is asked first${by}` : `is asked when ${before} fails${by}` };
  });
}

function rank(tool: Tool, settings: Readonly<Record<string, unknown>>, { config, unreadable }: ProviderFacts) {
  return rankProviders(tool.providers ?? [], { config, settings }).map((ranked): RankedProvider => {
    const { needs } = ranked.provider;
    if (needs === undefined || !unreadable.has(needs)) return ranked;
    return { ...ranked, obstacle: `needs the setting ${needs}, and the vault does not open` };
  });
}

const leftAlone = ({ failures, openUntil, lastFailure }: ProviderHealth): string =>
  `is left alone until ${openUntil?.toISOString()}: it failed ${failures} times in a row (${lastFailure?.reason})`;
