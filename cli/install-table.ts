import { join } from "node:path";
import type { UserFolders } from "../src/settings.ts";

/** A program that reads a list of servers from a file of its own. */
export interface InstallTarget {
  name: string;
  file(folders: UserFolders): string;
  /** What it understands: JSON and nothing else, JSON with comments, or TOML. */
  form: "json" | "jsonc" | "toml";
  /** The key that holds the servers. */
  key: string;
  /** What stands beside the command. */
  extra?: Record<string, unknown>;
  /** What makes it read the file again. */
  after: string;
}

const restart = "Restart it, so that it reads its file again.";

export const installTargets: Record<string, InstallTarget> = {
  claude: {
    name: "Claude Code",
    file: ({ home, claude }) => join(claude ?? home, ".claude.json"),
    form: "json",
    key: "mcpServers",
    extra: { type: "stdio" },
    after: "Its next session has the tools.",
  },
  "claude-desktop": {
    name: "Claude Desktop",
    file: ({ config }) => join(config, "Claude", "claude_desktop_config.json"),
    form: "json",
    key: "mcpServers",
    after: restart,
  },
  cursor: {
    name: "Cursor",
    file: ({ home }) => join(home, ".cursor", "mcp.json"),
    form: "jsonc",
    key: "mcpServers",
    extra: { type: "stdio" },
    after: restart,
  },
  vscode: {
    name: "VS Code",
    file: ({ config }) => join(config, "Code", "User", "mcp.json"),
    form: "jsonc",
    key: "servers",
    extra: { type: "stdio" },
    after: "It asks whether you trust the server when it starts it.",
  },
  codex: {
    name: "Codex",
    file: ({ home, codex }) => join(codex ?? join(home, ".codex"), "config.toml"),
    form: "toml",
    key: "mcp_servers",
    after: "Its next session has the tools.",
  },
  windsurf: {
    name: "Windsurf",
    file: ({ home }) => join(home, ".codeium", "windsurf", "mcp_config.json"),
    form: "jsonc",
    key: "mcpServers",
    after: restart,
  },
  gemini: {
    name: "Gemini CLI",
    file: ({ home }) => join(home, ".gemini", "settings.json"),
    form: "jsonc",
    key: "mcpServers",
    after: "Its next session has the tools.",
  },
};
