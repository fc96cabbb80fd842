import { defaultToolConfig, type ToolConfig, type ToolConfigStore } from "../core/tool-config.ts";
import type { Connection } from "./database.ts";

interface Row {
  tool_id: string;
  enabled: number;
  priority: number;
  custom_settings: string;
}

const columns = "tool_id, enabled, priority, custom_settings";

export function createToolConfigStore(db: Connection): ToolConfigStore {
  const read = (userId: string, toolId: string): ToolConfig => {
    const row = db.get<Row>(`SELECT ${columns} FROM tool_configs WHERE user_id = ? AND tool_id = ?`, userId, toolId);
    return row ? toConfig(row) : defaultToolConfig;
  };
  return {
    get: async (userId, toolId) => db.kept(`config ${toolId} ${userId}`, () => read(userId, toolId)),
    all: async (userId) =>
      db.kept(`configs ${userId}`, () => {
        const rows = db.all<Row>(`SELECT ${columns} FROM tool_configs WHERE user_id = ?`, userId);
        return new Map(rows.map((row) => [row.tool_id, toConfig(row)]));
      }),
    update: async (userId, toolId, change) =>
      db.transaction(() => {
        const after = change(read(userId, toolId));
        db.run(
          `INSERT INTO tool_configs (user_id, ${columns}) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (user_id, tool_id) DO UPDATE
           SET enabled = excluded.enabled, priority = excluded.priority, custom_settings = excluded.custom_settings`,
          userId,
          toolId,
          after.enabled,
          after.priority,
          JSON.stringify(after.customSettings),
        );
        return after;
      }),
    async reset(userId, toolId) {
      db.run("DELETE FROM tool_configs WHERE user_id = ? AND tool_id = ?", userId, toolId);
    },
  };
}

const toConfig = (row: Row): ToolConfig => ({
  enabled: row.enabled === 1,
  priority: row.priority,
  customSettings: JSON.parse(row.custom_settings) as Record<string, unknown>,
});
