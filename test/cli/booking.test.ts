import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPaint } from "../../cli/paint.ts";
import { booking } from "../../cli/views/booking.ts";
import { showBooking } from "../../src/core/booking.ts";
import { binary, run } from "../support/binary.ts";
import { createOwnBookings } from "../support/bookings.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const at = (...words: string[]) => run(["--sandbox", ...words], { home: home.path });
const day = String(Temporal.Now.plainDateISO("UTC").add({ days: 30 }));
const soon = Temporal.PlainDate.from(day);
const tuesday = String(soon.add({ days: (9 - soon.dayOfWeek) % 7 }));
const wish = ["--date", day, "--time", "19:30", "--party-size", "4", "--yes"];
const tool = "book_restaurant_public";
const pont = ["--restaurant-name", "Le Petit Pont", "--location", "Paris"];
const venues = '{"Trattoria Bella": {"event_type_id": 410001, "time_zone": "Europe/Berlin"}}';

describe("tables through the binary", () => {
  test("a hand-off shows links by number, and writes its calendar file for the owner alone", async () => {
    const file = join(home.path, "table.ics");
    const { exit, out, err } = await at("run", tool, ...pont, ...wish, "--ics", file);
    expect([exit, err]).toEqual([0, expect.stringContaining(`Wrote ${file}`)]);
    expect(out).toContain("Le Petit Pont  handoff\nNothing is booked yet");
    expect(out).toContain("+33 1 99 00 15 67");
    expect(out).toContain("1.  OpenTable (a search)  https://www.opentable.com/s?covers=4&dateTime=");
    expect(out).toEndWith("© OpenStreetMap contributors, ODbL\n");
    expect(readFileSync(file, "utf8")).toContain("STATUS:TENTATIVE");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("a file that is there is not written over, and nothing is asked for", async () => {
    const file = join(home.path, "table.ics");
    writeFileSync(file, "mine");
    const { exit, err } = await at("run", tool, ...pont, ...wish, "--ics", file);
    expect([exit, err]).toEqual([2, expect.stringContaining("exists already")]);
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect((await at("run", tool, "list")).out).toContain("No table is booked");
  });

  test("--open gives the opener that link, and nothing else", async () => {
    const [folder, seen] = [join(home.path, "bin"), join(home.path, "opened")];
    mkdirSync(folder);
    writeFileSync(join(folder, "xdg-open"), `#!/bin/sh\nprintf '[%s]' "$@" > "${seen}"\n`, { mode: 0o755 });
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    const words = ["--sandbox", "run", tool, "--restaurant-name", "Chez Marie", "--location", "Paris"];
    const { exit } = await run([...words, "--date", tuesday, ...wish.slice(2), "--open", "1"], {
      home: home.path,
      env,
    });
    expect([exit, readFileSync(seen, "utf8")]).toEqual([0, "[https://chez-marie.example/]"]);
    const none = await at("run", tool, ...pont, ...wish, "--open", "4");
    expect([none.exit, none.err]).toEqual([6, expect.stringContaining("There is no link 4: there are 1")]);
  });

  test("a dry run writes no file", async () => {
    const file = join(home.path, "table.ics");
    expect((await at("run", tool, ...pont, ...wish, "--dry-run", "--ics", file)).exit).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    [["--guest.name", "Ada", "--guest.email", "a@example.org"], { name: "Ada", email: "a@example.org" }],
    [
      ["--guest", '{"name": "Bob", "phone": "+4712345678"}', "--guest.name", "Ada"],
      { name: "Ada", phone: "+4712345678" },
    ],
    [
      ["--params", '{"guest": {"email": "a@example.org"}}', "--guest.name", "Ada"],
      { name: "Ada", email: "a@example.org" },
    ],
  ])("who books is told field by field: %j", async (words, guest) => {
    const { json } = await at("run", tool, ...pont, ...wish, "--dry-run", "--json", ...words);
    expect(json.data.parameters.guest).toEqual(guest);
  });

  test("from the setting to the booking, its file, and its end", async () => {
    expect((await at("config", tool, "set", `venues=${venues}`)).exit).toBe(0);
    const bella = ["run", tool, "--restaurant-name", "Trattoria Bella", ...wish];
    const nobody = await at(...bella);
    expect([nobody.exit, nobody.err]).toEqual([2, expect.stringContaining('guest.email="ada@example.org"')]);
    const guest = '{"name": "Ada", "email": "ada@example.org"}';
    const booked = await at(...bella, "--guest", guest, "--json");
    expect(booked.exit).toBe(0);
    const { booking_id, status, confirmation_number } = JSON.parse(booked.out).data;
    expect([status, typeof confirmation_number]).toEqual(["confirmed", "string"]);
    const again = await at(...bella, "--guest.name", "Ada Lovelace", "--guest.email", "ada@example.org");
    expect([again.exit, again.err]).toEqual([6, expect.stringContaining("Nearest free: ")]);
    const shown = await at("run", tool, "show", "--booking-id", booking_id);
    expect(shown.out).toContain(confirmation_number);
    const cancelled = await at("run", tool, "cancel", "--booking-id", booking_id, "--yes");
    expect([cancelled.exit, cancelled.out]).toEqual([0, expect.stringContaining("Cal.com cancelled the booking.")]);
    const all = await at("run", tool, "list", "--all");
    expect(all.out).toContain("cancelled");
    expect(all.out).toContain("failed");
  });
});

test("a card holds nothing that a terminal would act on", () => {
  const evil = "a\x1b[2Jb\r\u202e";
  const [kept] = createOwnBookings({
    restaurantName: evil,
    details: {
      venue: { name: evil, address: evil, opening_hours: evil },
      handoff: { links: [{ name: evil, url: `https://x.example/${evil}`, kind: "search" }], phone: evil },
      warnings: [evil],
      reason: evil,
      notes: evil,
    },
  }).kept;
  if (!kept) throw new Error("nothing was made");
  for (const data of [{ ...showBooking(kept) }, { bookings: [showBooking(kept)], total: 2 }]) {
    const shown = booking(data, { attribution: evil, candidates: [{ name: evil, address: evil }] }, createPaint(false));
    for (const harmful of ["\x1b", "\r", "\u202e"]) expect(shown).not.toContain(harmful);
  }
});
