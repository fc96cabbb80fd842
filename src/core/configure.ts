import { type Static, Type } from "@sinclair/typebox";
import { invalidParameters } from "./errors.ts";
import { checkParameters, faults, isRecord, printable } from "./parameters.ts";
import type { Tool } from "./tool.ts";
import type { ToolConfig, ToolConfigStore } from "./tool-config.ts";
import { type Profile, ProfileSchema, type UserStore } from "./user.ts";

/** The body that changes a tool's config. */
export const ToolConfigBody = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean({ description: "Whether the tool may run" })),
    priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, description: "1 comes first in listings" })),
    custom_settings: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: "Settings to change; null removes one" }),
    ),
  },
  { additionalProperties: false },
);

export interface ListedConfig {
  tool_id: string;
  enabled: boolean;
  priority: number;
  custom_settings: Record<string, unknown>;
}

export const listConfig = (tool: Tool, config: ToolConfig): ListedConfig => ({
  tool_id: tool.id,
  enabled: config.enabled,
  priority: config.priority,
  custom_settings: config.customSettings,
});

/**
 * Changes what the body names and leaves the rest.
 * @throws AppError invalid_parameters with a sentence for each bad field; then nothing is stored
 */
export async function configureTool(
  store: ToolConfigStore,
  tool: Tool,
  userId: string,
  body: unknown,
): Promise<ListedConfig> {
  const checked = checkParameters(ToolConfigBody, body, {}, "field");
  if (!checked.ok) throw invalidParameters(checked.problems);
  const patch = checked.value;
  const config = await store.update(userId, tool.id, (before) => ({
    enabled: (patch.enabled as boolean | undefined) ?? before.enabled,
    priority: (patch.priority as number | undefined) ?? before.priority,
    customSettings: mergeSettings(tool, before.customSettings, patch.custom_settings),
  }));
  return listConfig(tool, config);
}

function mergeSettings(tool: Tool, before: Record<string, unknown>, patch: unknown): Record<string, unknown> {
  if (!isRecord(patch)) return before;
  const merged = withoutNulls({ ...before, ...patch });
  const schema = tool.settings ?? Type.Object({}, { additionalProperties: false });
  const checked = checkParameters(schema, merged, {}, "setting");
  if (!checked.ok) throw invalidParameters(checked.problems);
  return merged;
}

/**
 * Changes the named parts of a profile; null removes one.
 * @throws AppError invalid_parameters; then nothing is stored
 */
export async function updateProfile(users: UserStore, userId: string, patch: unknown): Promise<Profile> {
  if (!isRecord(patch)) throw invalidParameters(["The profile must be a JSON object"]);
  const unknown = Object.keys(patch).filter((name) => !Object.hasOwn(ProfileSchema.properties, name));
  return users.updateProfile(userId, (before) => {
    const merged = mergeDeep(before, patch);
    const problems = [
      ...unknown.map((name) => `Unknown field: ${printable(name)}`),
      ...faults(ProfileSchema, merged, "field"),
    ];
    if (problems.length > 0) throw invalidParameters([...new Set(problems)]);
    return merged as Profile;
  });
}

function mergeDeep(before: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    const old = before[key];
    if (key === "__proto__") continue;
    merged[key] = isRecord(value) ? mergeDeep(isRecord(old) ? old : {}, value) : value;
  }
  return withoutNulls(merged);
}

const withoutNulls = (of: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(of).filter(([, value]) => value !== null && !(isRecord(value) && Object.keys(value).length === 0)),
  );

/** A user's configs and profile in a file that another installation can read. */
export const ExportSchema = Type.Object(
  {
    version: Type.Literal(1),
    tools: Type.Record(Type.String(), ToolConfigBody),
    profile: Type.Optional(ProfileSchema),
  },
  { additionalProperties: false },
);

export type Exported = Static<typeof ExportSchema>;

export async function exportConfigs(store: ToolConfigStore, users: UserStore, userId: string): Promise<Exported> {
  const tools = [...(await store.all(userId))].map(([id, { enabled, priority, customSettings }]) => [
    id,
    { enabled, priority, custom_settings: customSettings },
  ]);
  return { version: 1, tools: Object.fromEntries(tools), profile: await users.profile(userId) };
}

/**
 * Takes over what another installation wrote. Everything is checked before anything is stored.
 * @param find gives a tool, or throws not_found
 * @throws AppError invalid_parameters naming each bad field
 */
export async function importConfigs(
  store: ToolConfigStore,
  users: UserStore,
  find: (id: string) => Tool,
  userId: string,
  given: unknown,
): Promise<{ tools: number; profile: boolean }> {
  const problems = faults(ExportSchema, given, "field");
  if (problems.length > 0) throw invalidParameters(problems);
  const { tools, profile } = given as Exported;
  const checked = Object.entries(tools).map(([id, body]) => {
    const tool = find(id);
    mergeSettings(tool, {}, body.custom_settings);
    return { tool, body };
  });
  for (const { tool, body } of checked) {
    await store.reset(userId, tool.id);
    await configureTool(store, tool, userId, body);
  }
  if (profile) await users.updateProfile(userId, () => profile);
  return { tools: checked.length, profile: profile !== undefined };
}
