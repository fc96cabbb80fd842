import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { openTerminal, tmux, withTerminal } from "../support/terminal.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createHome>;
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const at = (words: string[], env: Record<string, string> = {}) => run(words, { home: home.path, env });
const sandbox = (...words: string[]) => at(["--sandbox", ...words]);
const saved = (name: string, content: string | Uint8Array): string => {
  const path = join(home.path, name);
  writeFileSync(path, content);
  return path;
};
const csv =
  "Title,Note,URL\nQuay,nice,https://www.google.com/maps/place/Quay/data=!1s0x1:0x2\nA film,,https://www.google.com\n";

describe("places", () => {
  test.each([
    { global: ["--json"] },
    { global: ["--quiet"] },
    { global: ["--sandbox"] },
    { global: ["--select", "data.name"] },
  ])("take $global behind their own options, and hand it to nobody", async ({ global }) => {
    const added = await at(["places", "add", "Pier", "--at", "52.5,13.4", ...global]);
    expect([added.exit, added.out]).toEqual([0, expect.stringContaining("Pier")]);
    const changed = await at(["places", "set", "pier", "--note", "by the water", ...global]);
    expect([changed.exit, changed.out]).toEqual([0, expect.stringContaining("Pier")]);
  });

  test("are added, labelled, changed, listed and removed", async () => {
    expect((await sandbox("places", "list")).out).toContain("You have saved no places");
    const added = await sandbox(
      "places",
      "add",
      "Grandma",
      "--address",
      "Kastanienallee 41, Berlin",
      "--label",
      "home",
    );
    expect([added.exit, added.out]).toEqual([0, "Saved Grandma (home).\n"]);
    await sandbox("places", "add", "Pier", "--at", "52.5, 13.4", "--note", "by the water");
    expect((await sandbox("places", "label", "pier", "work")).out).toBe("Changed Pier (work).\n");
    expect((await sandbox("places", "set", "work", "--name", "Old pier")).out).toBe("Changed Old pier (work).\n");
    const { json } = await sandbox("places", "list", "--json");
    expect(json).toMatchObject({
      success: true,
      total: 2,
      places: [{ name: "Grandma" }, { name: "Old pier", latitude: 52.5, note: "by the water" }],
    });
    expect((await sandbox("places", "label", "work")).out).toBe("Changed Old pier.\n");
    expect((await sandbox("places", "remove", "old pier")).out).toBe("Removed Old pier.\n");
    const way = await sandbox(
      "run",
      "maps_hybrid",
      "directions",
      "--origin",
      "home",
      "--destination",
      "Brandenburg Gate",
    );
    expect(way.exit).toBe(0);
    expect(way.out).toContain("Grandma to Brandenburg Gate");
    expect(way.out).toMatch(/ 1\. {2}Head \w+ on Kastanienallee {2,}[\d.]+ k?m/);
    expect(way.out).toContain(
      "Map: https://www.openstreetmap.org/directions?engine=fossgis_osrm_car&route=52.5391,13.4093;",
    );
    expect(way.out).toContain("Routes by OSRM, © OpenStreetMap contributors, ODbL");
  });

  test("come out of Takeout's zip and out of an export", async () => {
    const zip = saved("takeout.zip", zipSync({ "Takeout/Saved/Food.csv": strToU8(csv) }));
    const done = await at(["places", "import", zip]);
    expect(done.out).toBe("1 added, 0 updated, 0 known already.\n1 skipped: its link leads to no place on the map\n");
    const exported = await at(["places", "export"]);
    expect(exported.json).toMatchObject({ version: 1, saved_places: [{ name: "Quay" }] });
    const again = await at(["places", "import", saved("places.json", exported.out), "--json"]);
    expect(again.json).toEqual({
      success: true,
      data: { added: 0, updated: 0, unchanged: 1, skipped: [] },
      metadata: {},
    });
  });

  type Row = [words: string[], exit: number, text: string];
  const bad: Row[] = [
    [["import", "/nowhere/takeout.zip"], 2, "cannot be read"],
    [["import", "."], 2, "cannot be read"],
    [["add", "X", "--at", "north"], 2, "is no point"],
    [["add", "X", "--at", "91,0"], 2, "Field latitude must be at most 90"],
    [["add", "X", "--label", "a/b"], 2, "Field label must be a valid label"],
    [["remove", "nobody"], 6, "There is no saved place nobody"],
    [["label", "nobody", "home"], 6, "mcqueen places list"],
    [["set", "nobody"], 6, "There is no saved place nobody"],
  ];
  test.each(bad)("%j ends with %d", async (words, exit, text) => {
    const ran = await at(["places", ...words]);
    expect(ran.exit).toBe(exit);
    expect(ran.err).toContain(text);
  });

  test("a name that two bear wants an id, and control characters reach no terminal", async () => {
    const places = [
      { name: "Twin\u001b[31m", address: "a" },
      { name: "Twin\u001b[31m", address: "b" },
    ];
    await at(["places", "import", saved("twins.json", JSON.stringify({ version: 1, saved_places: places }))]);
    const twins = await at(["places", "remove", "twin 31m"]);
    expect([twins.exit, twins.err]).toEqual([6, expect.stringContaining("is the name of 2 places")]);
    expect(twins.err).toMatch(/plc_[0-9a-f]{12} \([ab]\), plc_[0-9a-f]{12} \([ab]\)/);
    expect((await at(["places", "list"])).out).not.toContain("\u001b");
  });

  const feature = (at: number) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [13 + (at % 100) / 500, 52 + at / 20_000] },
    properties: {
      google_maps_url: `http://maps.google.com/?cid=${at + 1}`,
      location: { name: `Place ${at}`, address: `Street ${at}, Berlin` },
    },
  });
  const many = (name: string): string => {
    const features = Array.from({ length: 10_000 }, (_, at) => feature(at));
    return saved(name, JSON.stringify({ type: "FeatureCollection", features }));
  };

  test("ten thousand come in without a terminal, silently, in bounded memory, here and at a daemon", async () => {
    const file = many("Saved Places.json");
    const child = Bun.spawn([await binary(), "--sandbox", "places", "import", file], {
      env: { HOME: home.path, MCQUEEN_HOME: home.path, VAULT_KEY: "file" },
      stdout: "pipe",
      stderr: "pipe",
    });
    // The usage that the system tells of a child counts this process in, from which it was forked.
    let peakKb = 0;
    const status = `/proc/${child.pid}/status`;
    while (child.exitCode === null && existsSync(status)) {
      const [, kb] =
        /^VmHWM:\s+(\d+) kB$/m.exec(
          await Bun.file(status)
            .text()
            .catch(() => ""),
        ) ?? [];
      peakKb = Number(kb ?? peakKb);
      await Bun.sleep(5);
    }
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect([await child.exited, out, err]).toEqual([0, "10000 added, 0 updated, 0 known already.\n", ""]);
    if (process.platform === "linux") expect(peakKb).toBeGreaterThan(20_000);
    expect(peakKb / 1024).toBeLessThan(300);
    await using server = await bootServer();
    const there = { MCQUEEN_SERVER: server.origin, MCQUEEN_TOKEN: server.app.localToken() };
    expect((await at(["places", "import", file], there)).out).toStartWith("10000 added");
  });

  test.skipIf(!tmux)(withTerminal("at a terminal a bar shows how far it is, and is gone afterwards"), async () => {
    await using terminal = await openTerminal(home.path);
    const { exit, shown } = await terminal.run(`--sandbox places import '${many("list.json")}'`);
    expect(exit).toBe(0);
    expect(shown).toContain("10000 added, 0 updated, 0 known already.");
    expect(shown).not.toContain("█");
    const percents = [...terminal.raw().matchAll(/Importing list\.json [█░]{30} +(\d+) %/g)].map(
      ([, percent]) => percent,
    );
    expect(percents).toEqual(Array.from({ length: 101 }, (_, at) => String(at)));
  });

  test("a file that a daemon elsewhere does not take is told with the limit and what to do", async () => {
    await using server = await bootServer();
    const there = { MCQUEEN_SERVER: server.origin, MCQUEEN_TOKEN: server.app.localToken() };
    const large = saved("large.csv", csv.padEnd(8_000_000, "A film,,https://www.google.com\n"));
    const { exit, json } = await at(["places", "import", large, "--json", "--quiet"], there);
    expect([exit, json.error_code]).toEqual([2, "payload_too_large"]);
    expect(json.error).toMatch(/^large\.csv is too large.*files of up to 7 MB.*10 MiB/);
    expect(json.hint).toContain("on the daemon's own computer");
    const fits = saved("fits.csv", csv + `A film,${"x".repeat(100_000)},https://www.google.com\n`.repeat(69));
    expect((await at(["places", "import", fits], there)).out).toStartWith("1 added");
  });

  test("work at a daemon elsewhere", async () => {
    await using server = await bootServer();
    const there = { MCQUEEN_SERVER: server.origin, MCQUEEN_TOKEN: server.app.localToken() };
    expect((await at(["places", "import", saved("list.csv", csv)], there)).out).toContain("1 added");
    await at(["places", "add", "Pier", "--label", "work"], there);
    expect((await at(["places", "set", "work", "--note", "n"], there)).out).toBe("Changed Pier (work).\n");
    expect((await at(["places", "remove", "quay"], there)).exit).toBe(0);
    expect(await server.app.places.list("owner")).toMatchObject([{ name: "Pier", note: "n" }]);
    expect((await at(["places", "list"], there)).out).toContain("not looked up yet");
    expect((await at(["places", "list"])).out).toContain("You have saved no places");
  });
});
