import type { ListedConfig } from "../src/core/configure.ts";
import type { ListedTool } from "../src/core/listing.ts";
import type { Envelope } from "../src/core/outcome.ts";
import type { Profile } from "../src/core/user.ts";

/** One execution as the command line asks for it. */
export interface Execution {
  tool: string;
  parameters: Record<string, unknown>;
  confirmations?: Record<string, unknown>;
  account?: string;
  dryRun?: boolean;
  timeoutMs?: number;
  signal?: AbortSignal;
  progress?: (text: string) => void;
}

/** Where commands do their work: in this process, or at a daemon over its REST API. Both speak the wire's shapes. */
export interface Backend {
  listTools(all: boolean): Promise<ListedTool[]>;
  /** @throws AppError not_found */
  showTool(id: string): Promise<ListedTool>;
  execute(execution: Execution): Promise<Envelope>;
  readConfig(id: string): Promise<ListedConfig>;
  changeConfig(id: string, body: Record<string, unknown>): Promise<ListedConfig>;
  resetConfig(id: string): Promise<ListedConfig>;
  readProfile(): Promise<Profile>;
  changeProfile(patch: Record<string, unknown>): Promise<Profile>;
}
