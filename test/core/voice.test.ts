import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createVoice } from "../../src/core/voice.ts";

describe("createVoice", () => {
  const rows: [profile: object, say: (voice: ReturnType<typeof createVoice>) => string, said: string][] = [
    [{}, (say) => say.date("2026-12-03"), "Thursday 3 December"],
    [{ locale: "en-US" }, (say) => say.date("2026-12-03"), "Thursday, December 3"],
    [{ locale: "de-DE" }, (say) => say.date("2026-12-03"), "Donnerstag, 3. Dezember"],
    [{ zone: "Europe/Oslo" }, (say) => say.time("2026-12-03T18:30:00Z"), "Thursday 3 December at 19:30"],
    [
      { zone: "America/New_York", locale: "en-US" },
      (say) => say.time("2026-12-03T18:30:00Z"),
      "Thursday, December 3 at 1:30 PM",
    ],
    [{ zone: "Asia/Tokyo" }, (say) => say.time("2026-12-03T18:30"), "Thursday 3 December at 18:30"],
    [{}, (say) => say.date("next week"), "next week"],
    [{}, (say) => say.date("2026-02-30"), "2026-02-30"],
    [{}, (say) => say.list(["ada@x.org"]), "ada@x.org"],
    [{}, (say) => say.list(["Ada", "Bob", "Eve"]), "Ada, Bob and Eve"],
    [{ locale: "fr-FR" }, (say) => say.list(["Ada", "Bob"]), "Ada et Bob"],
    [{}, (say) => say.number(1234.5), "1,234.5"],
    [{ locale: "de-DE" }, (say) => say.number(1234.5), "1.234,5"],
    [{}, (say) => say.quote("milk"), "“milk”"],
    [{}, (say) => say.quote("a\u001b[2Jb\n\u202ec"), "“a [2Jb c”"],
  ];
  test.each(rows)("%j %#", (profile, say, said) => {
    expect(say(createVoice(profile)).replaceAll("\u202f", " ")).toBe(said);
  });

  test("a long text is cut, and nothing that is said holds a control character", () => {
    const voice = createVoice({});
    expect(voice.quote("x".repeat(500)).length).toBeLessThan(130);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const said of [voice.quote(text), voice.list([text, text]), voice.date(text), voice.time(text)]) {
          expect(said).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        }
      }),
    );
  });
});
