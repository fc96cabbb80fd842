import type { Static, TObject, TSchema } from "@sinclair/typebox";
import type { OwnBookings } from "./booking.ts";
import type { Connection } from "./connection.ts";
import type { Hearing } from "./hearing.ts";
import type { HttpClient } from "./http-client.ts";
import type { OwnMessages } from "./message.ts";
import { type Provider, withProviderOrder } from "./provider.ts";
import type { OwnPlaces } from "./saved-place.ts";
import type { Profile } from "./user.ts";
import type { Voice } from "./voice.ts";

export type Effect = "read" | "write" | "destructive";
export type AccessLevel = "public" | "user_specific" | "hybrid";
export type Category =
  | "weather"
  | "search"
  | "booking"
  | "maps"
  | "email"
  | "calendar"
  | "messaging"
  | "social"
  | "notes";

/** Something that the house keeps for each person. */
export type Resource = "places" | "bookings" | "messages";

/** What a running action may use. Nothing else reaches it. */
export interface ToolContext {
  http: HttpClient;
  /** The user's custom settings for this tool, already checked against the tool's own schema. */
  settings: Record<string, unknown>;
  profile: Profile;
  /** The settings that the adapter declared (keys, base URLs); absent ones are undefined. */
  config: Readonly<Record<string, string | undefined>>;
  /** The person's account at the tool's service. Personal tools always have one, and it holds the action's scopes. */
  connection?: Connection;
  /** The caller's own name for this call, which comes again when the call is tried again. */
  idempotencyKey?: string;
  /** The caller's own saved places, for tools that declare to use them. */
  places?: OwnPlaces;
  /** The caller's own bookings, for tools that declare to use them. */
  bookings?: OwnBookings;
  /** The caller's own messages at the tool's service, for tools that declare to use them. */
  messages?: OwnMessages;
  /** Aborted when the deadline passes or the caller goes away. */
  signal: AbortSignal;
  now(): Date;
  /** When a person was asked about this call, where that was before: relative dates count from then. */
  askedAt?: Date;
  /** A short line about long work, shown to a person while it runs. */
  progress(text: string): void;
}

export interface ToolResult {
  data: unknown;
  /** `provider` and, where the terms ask for it, `attribution` and `source_url`. */
  metadata: { provider: string } & Record<string, unknown>;
}

/** How a write is read back before it runs. */
export interface Confirmation {
  /** The fields to confirm; "action" stands for the action itself. Absent optional fields are skipped. */
  fields: readonly string[];
  /** Further ones that are confirmed where a call has them, such as who gets a copy. Listings name the others alone. */
  whereGiven?: readonly string[];
  /** The question as a person would speak it. @throws AppError invalid_parameters for what only a closer look refuses */
  prompt(parameters: Record<string, unknown>, voice: Voice): string | Promise<string>;
}

export interface Action {
  id: string;
  description: string;
  effect: Effect;
  scopes: readonly string[];
  input: TObject;
  output: TSchema;
  confirmation?: Confirmation;
  /** How it is asked for in spoken words. */
  hears?: Hearing;
  /** Whether doing it twice is as good as once; reads always are. Told to agents. */
  idempotent?: boolean;
  /** Whether a write replaces what was there; what only adds does not. Told to agents. */
  overwrites?: boolean;
  run(input: Record<string, unknown>, context: ToolContext): Promise<ToolResult>;
}

/** States one action; the wrapper gives `run` the type of its own input schema. */
export function defineAction<Input extends TObject>(
  action: Omit<Action, "input" | "run" | "scopes"> & {
    input: Input;
    scopes?: readonly string[];
    run(input: Static<Input>, context: ToolContext): Promise<ToolResult>;
  },
): Action {
  return {
    ...action,
    scopes: action.scopes ?? [],
    // The road validates against `input` before it calls, so the narrower parameter type holds.
    run: (input, context) => action.run(input as Static<Input>, context),
  };
}

export interface Tool {
  /** Unique, `^[a-z0-9_]{1,64}$`. */
  id: string;
  name: string;
  description: string;
  category: Category;
  accessLevel: AccessLevel;
  /** The name in a result's `metadata.service`. */
  service: string;
  /** The service whose login the tool needs. Absent for public tools. */
  authService?: string;
  examples: readonly string[];
  /** Schema of `custom_settings`. A setting named like a parameter is that parameter's default. */
  settings?: TObject;
  /** Calls an hour and user; absent means unlimited. */
  quotaPerHour?: number;
  /** What of the caller's own the actions may reach, beside the profile. */
  uses?: readonly Resource[];
  /** What a hybrid tool does without its personal half. */
  fallbackMode?: "public";
  actions: readonly Action[];
  /** The services behind it, in the order in which they are asked. Two of one part add the setting `provider_order`. */
  providers?: readonly Provider[];
  /** The action of a call that names none. A tool with one action always has it. */
  defaultAction?: string;
}

const idPattern = /^[a-z0-9_]{1,64}$/;

/** Checks a tool's definition where it is written, so that a mistake fails at start and not in a call. */
export function defineTool(tool: Tool): Tool {
  const fault = faultOf(tool);
  if (fault) throw new Error(`Tool ${tool.id}: ${fault}`);
  const only = tool.actions.length === 1 ? tool.actions[0] : undefined;
  const settings = withProviderOrder(tool.settings, tool.providers ?? []);
  return { ...tool, ...(settings ? { settings } : {}), ...(only ? { defaultAction: only.id } : {}) };
}

/** Whether every call of a write has a field to confirm: the action itself, or a required one. */
const asksSomething = (tool: Tool, { confirmation, input }: Action): boolean =>
  (confirmation?.fields ?? []).some((field) =>
    field === "action" ? tool.actions.length > 1 : (input.required ?? []).includes(field),
  );

function faultOf(tool: Tool): string | undefined {
  if (!idPattern.test(tool.id)) return "the id must match ^[a-z0-9_]{1,64}$";
  if (tool.actions.length === 0) return "it has no action";
  const ids = tool.actions.map((action) => action.id);
  if (new Set(ids).size < ids.length) return "two actions share an id";
  if (tool.defaultAction && !ids.includes(tool.defaultAction)) return `no action ${tool.defaultAction}`;
  const providers = tool.providers ?? [];
  if (providers.some(({ id }) => !idPattern.test(id))) return "a provider's id must match ^[a-z0-9_]{1,64}$";
  if (new Set(providers.map(({ id }) => id)).size < providers.length) return "two providers share an id";
  if (new Set(providers.map(({ name }) => name)).size < providers.length) return "two providers share a name";
  if (tool.accessLevel === "user_specific" && !tool.authService) return "a personal tool names its service";
  for (const action of tool.actions) {
    if (action.input.additionalProperties !== false) return `${action.id}: the input must refuse unknown names`;
    if (action.effect !== "read" && !action.confirmation) return `${action.id}: a write needs its confirmation`;
    if (action.effect !== "read" && !asksSomething(tool, action))
      return `${action.id}: its confirmation may ask nothing`;
    const unheard = Object.keys(action.hears?.slots ?? {}).find((name) => !(name in action.input.properties));
    if (unheard) return `${action.id}: hears ${unheard}, which it does not take`;
    const { fields = [], whereGiven = [] } = action.confirmation ?? {};
    const unknown = [...fields, ...whereGiven].find(
      (field) => field !== "action" && !(field in action.input.properties),
    );
    if (unknown) return `${action.id}: confirms ${unknown}, which it does not take`;
  }
  return undefined;
}
