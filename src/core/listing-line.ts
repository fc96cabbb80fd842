import { type ListedTool, listTool, statusOf } from "./listing.ts";
import type { Tool } from "./tool.ts";
import { defaultToolConfig, type ToolConfig } from "./tool-config.ts";

/** What one line of a listing needs. */
export interface ListedLine extends Pick<ListedTool, "id" | "description" | "category" | "status"> {
  parameters: Pick<ListedTool["parameters"][number], "name" | "required" | "options">[];
  actions: { effect: string }[];
}

/** A line as far as the tool's definition tells it, for nobody in particular. */
export interface ListingLine extends Omit<ListedLine, "status"> {
  accessLevel: Tool["accessLevel"];
  authService?: string;
}

export function lineOf(tool: Tool): ListingLine {
  const { id, description, category, parameters, actions } = listTool(tool);
  return {
    ...{ id, description, category, accessLevel: tool.accessLevel },
    ...(tool.authService === undefined ? {} : { authService: tool.authService }),
    parameters: parameters.map(({ name, required, options }) => ({ name, required, ...(options ? { options } : {}) })),
    actions: actions.map(({ effect }) => ({ effect })),
  };
}

/** Completes the lines for one user, in the order of every listing. */
export function completeLines(
  lines: readonly ListingLine[],
  configs: ReadonlyMap<string, ToolConfig>,
  services: ReadonlySet<string>,
  isForbidden: (toolId: string) => boolean,
): ListedLine[] {
  return lines
    .map(({ accessLevel, authService, ...line }) => {
      const config = configs.get(line.id) ?? defaultToolConfig;
      const status = isForbidden(line.id) ? "disabled" : statusOf(accessLevel, services.has(authService ?? ""), config);
      return { line: { ...line, status }, priority: config.priority };
    })
    .sort((a, b) => a.priority - b.priority || (a.line.id < b.line.id ? -1 : 1))
    .map(({ line }) => line);
}
