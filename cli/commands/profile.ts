import { AppError } from "../../src/core/errors.ts";
import { outline } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .usage("[set key=value …]")
    .argument("[operation]", "set, or nothing to see the profile")
    .argument("[pairs...]", "zone=Europe/Oslo locale=nb-NO units=metric home=… guest.name=…; key= removes one")
    .addHelpText(
      "after",
      '\nExamples:\n  mcqueen profile\n  mcqueen profile set zone=Europe/Oslo units=metric guest.name="Ada Lovelace"',
    )
    .action(async (operation: string | undefined, pairs: string[]) => {
      const { out, backend } = cli();
      if (operation !== undefined && (operation !== "set" || pairs.length === 0)) {
        throw new AppError("usage", "Say: mcqueen profile set key=value", { hint: "Run: mcqueen profile --help" });
      }
      const work = await backend();
      const profile = operation ? await work.changeProfile(patchOf(pairs)) : await work.readProfile();
      out.data({ success: true, data: profile, metadata: {} }, (_, here) =>
        Object.keys(profile).length > 0
          ? outline(profile)
          : here("Nothing is set. Run: mcqueen profile set zone=Europe/Oslo"),
      );
    });
};

/** "guest.name=Ada" -> {guest: {name: "Ada"}}; an empty value removes. */
function patchOf(pairs: readonly string[]): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw new AppError("usage", `${pair} is not of the form key=value`);
    const value = pair.slice(at + 1) || null;
    const [key = "", below, ...deeper] = pair.slice(0, at).split(".");
    if (deeper.length > 0) throw new AppError("usage", `${pair} goes too deep`);
    if (below === undefined) patch[key] = value;
    else patch[key] = { ...(patch[key] as object | undefined), [below]: value };
  }
  return patch;
}
