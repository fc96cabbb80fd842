import { AppError } from "../src/core/errors.ts";
import { isRecord } from "../src/core/parameters.ts";

/** Our name among a program's servers. */
export const serverName = "mcqueen";

export type Fields = Record<string, unknown>;

/** What stands there with ours in it: ours wins, and what is beside it stays. */
function mergeFields(known: unknown, wanted: Fields): Fields {
  const merged: Fields = isRecord(known) ? { ...known } : {};
  for (const [name, value] of Object.entries(wanted)) {
    merged[name] = isRecord(value) ? mergeFields(merged[name], value) : value;
  }
  return merged;
}

/** The whole file as it has to read afterwards. */
export const expectedOf = (before: Fields, key: string, wanted: Fields): Fields => {
  const servers = isRecord(before[key]) ? before[key] : {};
  return { ...before, [key]: { ...servers, [serverName]: mergeFields(servers[serverName], wanted) } };
};

export const unreadable = (form: string): AppError =>
  new AppError("conflict", `The file is not valid ${form}, so nothing was changed`, {
    hint: "Mend it first, or use --print and put it there by hand.",
  });

/** @param snippet what a person can write there */
export const unfit = (snippet: string): AppError =>
  new AppError("conflict", "The file is in a form that is not changed here, so nothing was changed", {
    hint: `Put it there by hand:\n${snippet}`,
  });
