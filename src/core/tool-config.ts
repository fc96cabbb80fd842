/** A user's choices for one tool. `priority` runs from 1 (first) to 10. */
export interface ToolConfig {
  enabled: boolean;
  priority: number;
  customSettings: Record<string, unknown>;
}

export const defaultToolConfig: ToolConfig = { enabled: true, priority: 5, customSettings: {} };

export interface ToolConfigStore {
  get(userId: string, toolId: string): Promise<ToolConfig>;
  /** All that differ from the default, by tool id. */
  all(userId: string): Promise<Map<string, ToolConfig>>;
  /** Reads, changes and writes in one transaction. A throw in `change` leaves everything as it was. */
  update(userId: string, toolId: string, change: (before: ToolConfig) => ToolConfig): Promise<ToolConfig>;
  reset(userId: string, toolId: string): Promise<void>;
}
