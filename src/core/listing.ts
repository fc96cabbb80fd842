import type { TObject, TSchema } from "@sinclair/typebox";
import { optionsOf, typeOf } from "./parameters.ts";
import type { ListedToolProvider } from "./provider-listing.ts";
import type { QuotaState } from "./quota.ts";
import type { Action, Tool } from "./tool.ts";
import { defaultToolConfig, type ToolConfig } from "./tool-config.ts";

export interface ListedParameter {
  name: string;
  type: string;
  required: boolean;
  description: string;
  default?: unknown;
  options?: string[];
  requires_auth: boolean;
}

export type ToolStatus = "available" | "needs_login" | "disabled" | "not_configured";

/** A tool as every listing shows it; field names are the wire's. */
export interface ListedTool {
  id: string;
  name: string;
  description: string;
  category: string;
  access_level: string;
  requires_auth: boolean;
  auth_service_id?: string;
  parameters: ListedParameter[];
  voice_confirmations: string[];
  examples: readonly string[];
  user_enabled: boolean;
  user_priority: number;
  status: ToolStatus;
  hint?: string;
  actions: ListedAction[];
  /** Schema of `custom_settings`, where the tool has any. */
  settings_schema?: TObject;
  quota?: QuotaState;
  /** Who would answer now; only where one tool is shown. */
  providers?: ListedToolProvider[];
}

export interface ListedAction {
  id: string;
  description: string;
  effect: string;
  voice_confirmations: readonly string[];
  scopes: readonly string[];
  input_schema: TObject;
  output_schema: TSchema;
}

/** Describes a tool for one user. `status` says whether a call could run now, `hint` what would make it so. */
export function listTool(
  tool: Tool,
  config: ToolConfig = defaultToolConfig,
  linked = false,
  quota: QuotaState | undefined = freshQuota(tool),
): ListedTool {
  const status = statusOf(tool.accessLevel, linked, config);
  const hint =
    status === "disabled"
      ? `Run: mcqueen config ${tool.id} enable`
      : status === "needs_login"
        ? `Run: mcqueen login ${tool.authService}`
        : undefined;
  return {
    id: tool.id,
    name: tool.name,
    description: tool.description,
    category: tool.category,
    access_level: tool.accessLevel,
    requires_auth: tool.accessLevel === "user_specific",
    ...(tool.authService ? { auth_service_id: tool.authService } : {}),
    parameters: listParameters(tool),
    voice_confirmations: [...new Set(tool.actions.flatMap((action) => action.confirmation?.fields ?? []))],
    examples: tool.examples,
    user_enabled: config.enabled,
    user_priority: config.priority,
    status,
    ...(hint ? { hint } : {}),
    actions: tool.actions.map(listAction),
    ...(tool.settings ? { settings_schema: tool.settings } : {}),
    ...(quota ? { quota } : {}),
  };
}

/** Whether a call could run now, as far as the person's own choices and logins go. */
export function statusOf(level: Tool["accessLevel"], linked: boolean, { enabled }: ToolConfig): ToolStatus {
  const needsLogin = level === "user_specific" && !linked;
  return !enabled ? "disabled" : needsLogin ? "needs_login" : "available";
}

const freshQuota = ({ quotaPerHour: limit }: Tool): QuotaState | undefined =>
  limit === undefined ? undefined : { limit, remaining: limit, reset_at: null };

function listAction(action: Action): ListedAction {
  return {
    id: action.id,
    description: action.description,
    effect: action.effect,
    voice_confirmations: action.confirmation?.fields ?? [],
    scopes: action.scopes,
    input_schema: action.input,
    output_schema: action.output,
  };
}

/** The union over the actions. Required is what the default action needs, or else what every action needs. */
function listParameters(tool: Tool): ListedParameter[] {
  const deciding = tool.defaultAction ? tool.actions.filter(({ id }) => id === tool.defaultAction) : tool.actions;
  const isRequired = (name: string): boolean =>
    deciding.every(
      ({ input }) => (input.required ?? []).includes(name) && input.properties[name]?.default === undefined,
    );
  const all = new Map<string, TSchema>();
  for (const { input } of tool.actions) {
    for (const [name, schema] of Object.entries(input.properties)) if (!all.has(name)) all.set(name, schema);
  }
  const listed = [...all].map(([name, schema]) => listParameter(name, schema, isRequired(name), tool));
  if (tool.actions.length === 1) return listed;
  const options = tool.actions.map(({ id }) => id);
  return [
    {
      name: "action",
      type: "string",
      required: tool.defaultAction === undefined,
      description: "What to do",
      ...(tool.defaultAction ? { default: tool.defaultAction } : {}),
      options,
      requires_auth: tool.accessLevel === "user_specific",
    },
    ...listed,
  ];
}

function listParameter(name: string, schema: TSchema, required: boolean, tool: Tool): ListedParameter {
  const options = optionsOf(schema);
  return {
    name,
    type: typeOf(schema),
    required,
    description: schema.description ?? "",
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(options ? { options } : {}),
    requires_auth: tool.accessLevel === "user_specific" || schema["x-requires-auth"] === true,
  };
}
