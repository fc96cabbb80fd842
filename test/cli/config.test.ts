import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary } from "../support/binary.ts";
import { createNotesHome } from "../support/sandbox-notes.ts";

setDefaultTimeout(20_000);
let here: ReturnType<typeof createNotesHome>;
let there: ReturnType<typeof createNotesHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  here = createNotesHome();
  there = createNotesHome();
});
afterEach(() => {
  here[Symbol.dispose]();
  there[Symbol.dispose]();
});

describe("config export and import", () => {
  test("carry every config and the profile into another home", async () => {
    await here.at(["config", "get_weather", "set", "units=imperial"]);
    await here.at(["config", "get_weather", "priority", "2"]);
    await here.at(["config", "notes", "disable"]);
    await here.at(["profile", "set", "zone=Europe/Oslo", "guest.name=Åse"]);
    const exported = await here.at(["config", "export"]);
    expect(exported.json).toMatchObject({ version: 1, profile: { zone: "Europe/Oslo" } });
    const imported = await there.at(["config", "import", "-"], {}, exported.out);
    expect([imported.exit, imported.out]).toEqual([0, "Imported 2 tools and the profile.\n"]);
    expect((await there.at(["config", "export"])).json).toEqual(exported.json);
    expect((await there.at(["run", "notes"])).exit).toBe(8);
    expect((await there.at(["history", "--json", "--kind", "config"])).json.entries).toMatchObject([
      { detail: "imported 2 tools and the profile" },
    ]);
    const file = join(there.path, "configs.json");
    writeFileSync(file, exported.out);
    expect((await there.at(["config", "import", file])).exit).toBe(0);
  });

  test.each([
    ["broken JSON", "{", ["JSON"]],
    ["a list", "[]", ["must be an object"]],
    ["nothing", "{}", ["Missing required field: version", "Missing required field: tools"]],
    ["another version", '{"version":2,"tools":{}}', ["Field version"]],
    [
      "a bad value",
      '{"version":1,"tools":{"get_weather":WEATHER}}',
      ["Setting units must be one of: metric, imperial"],
    ],
    ["an unknown setting", '{"version":1,"tools":{"get_weather":UNKNOWN}}', ["colour"]],
    ["a bad priority", '{"version":1,"tools":{"get_weather":PRIORITY}}', ["priority"]],
    ["an unknown tool", '{"version":1,"tools":{"notes":GOOD,"nope":GOOD}}', ["nope"]],
    ["a bad profile", '{"version":1,"tools":{"notes":GOOD},"profile":{"zone":"Mars/Base"}}', ["Field profile.zone"]],
  ])("store nothing of %s", async (_name, text, said) => {
    const good = '{"enabled":false,"priority":3,"custom_settings":{}}';
    const filled = text
      .replaceAll("GOOD", good)
      .replace("WEATHER", good.replace("{}", '{"units":"kelvin"}'))
      .replace("UNKNOWN", good.replace("{}", '{"colour":"red"}'))
      .replace("PRIORITY", good.replace("3", "11"));
    await there.at(["config", "get_weather", "priority", "4"]);
    const before = (await there.at(["config", "export"])).json;
    const ran = await there.at(["config", "import", "-"], {}, filled);
    expect([2, 6]).toContain(Number(ran.exit));
    for (const part of said) expect(ran.err).toContain(part);
    expect((await there.at(["config", "export"])).json).toEqual(before);
  });

  test("import wants to know what", async () => {
    expect((await here.at(["config", "import"])).err).toContain("Import what?");
    expect((await here.at(["config", "import", "/no/such/file"])).exit).toBe(2);
  });
});

describe("completion", () => {
  const completed = async (...words: string[]): Promise<string> => (await here.at(["complete", "--", ...words])).out;

  test("knows the settings of a tool, and the new commands", async () => {
    expect(await completed("config", "get_weather", "set", "")).toContain("units=\tUnit system");
    expect(await completed("config", "get_weather", "get", "")).toContain("units\tUnit system");
    expect(await completed("approvals", "")).toContain("approve\t");
    expect(await completed("clients", "")).toContain("revoke\t");
    expect(await completed("mcp", "install", "c")).toContain("cursor\tCursor");
    expect(await completed("history", "--")).toContain("--cursor\t");
  });
});
