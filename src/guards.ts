import { AppError } from "./core/errors.ts";
import { type PolicyRule, parsePolicySetting } from "./core/policy.ts";
import type { RestrictionRules } from "./core/restrictions.ts";
import { isTrue, type Settings, splitList } from "./settings.ts";

/** What the settings hold back. Every place counts, because whoever starts a program chooses its environment. */
export interface Guards extends RestrictionRules {
  atLeast: PolicyRule[];
}

/** @throws AppError invalid_parameters for a list that names no tool: a typo there would let everything through */
export function readGuards(settings: Settings, knowsTool: (id: string) => boolean): Guards {
  const lists = (name: "TOOLS_ALLOW" | "TOOLS_DENY"): string[][] =>
    settings.everywhere(name).map((value) => {
      const ids = splitList(value);
      const unknown = ids.filter((id) => !knowsTool(id));
      if (ids.length > 0 && unknown.length === 0) return ids;
      const what = ids.length === 0 ? "names no tool" : `names ${unknown.join(", ")}, which is no tool`;
      throw new AppError("invalid_parameters", `Setting ${name} ${what}`, { hint: "Run: mcqueen list --all" });
    });
  const [first, ...others] = lists("TOOLS_ALLOW");
  const allow = first?.filter((id) => others.every((list) => list.includes(id)));
  return {
    readOnly: settings.everywhere("READ_ONLY").some(isTrue),
    // Lists that share no tool allow none: a name that no tool has stands for that.
    allow: allow === undefined ? [] : allow.length > 0 ? allow : ["-"],
    deny: lists("TOOLS_DENY").flat(),
    atLeast: settings.everywhere("POLICY").flatMap((value) => parsePolicySetting(splitList(value)) ?? []),
  };
}
