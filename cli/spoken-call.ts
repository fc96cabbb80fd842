import type { ListedProposal } from "../src/core/interpret/suggest.ts";
import type { ListedTool } from "../src/core/listing.ts";
import { shellWord } from "../src/core/shell-word.ts";
import { sanitiseLine } from "./sanitise.ts";

/** A proposal for people: "Get Weather: location Oslo". */
export function inWords(tool: ListedTool, { action, parameters }: ListedProposal): string {
  const what = tool.actions.length > 1 ? `${tool.name}, ${action.replaceAll("_", " ")}` : tool.name;
  const given = Object.entries(parameters).map(([name, value]) => `${name.replaceAll("_", " ")} ${spoken(value)}`);
  return sanitiseLine(given.length > 0 ? `${what}: ${given.join(", ")}` : what);
}

const spoken = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(" and ") : typeof value === "string" ? `“${value}”` : String(value);

/** The command that does the same, with a place for each missing parameter. */
export function commandOf({ tool, action, parameters, missing }: ListedProposal): string {
  const flag = (name: string): string => `--${name.replaceAll("_", "-")}`;
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === true
      ? [flag(name)]
      : [value].flat().map((each) => `${flag(name)} ${inShell(sanitiseLine(String(each)))}`),
  );
  const open = missing.map((name) => `${flag(name)} …`);
  return ["mcqueen run", tool, action, ...given, ...open].join(" ");
}

/** A leading @ would name a file. */
const inShell = (text: string): string => shellWord(text.startsWith("@") ? `@${text}` : text);
