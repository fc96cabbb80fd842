import { describe, expect, test } from "bun:test";
import { calendarPersonal } from "../../../src/adapters/calendar/calendar-personal.ts";
import { checkConfirmations } from "../../../src/core/confirmation.ts";
import { createVoice } from "../../../src/core/voice.ts";
import { failureOf } from "../../support/upstream.ts";

const now = new Date("2026-03-10T12:20:00Z");

async function ask(actionId: string, parameters: Record<string, unknown>, profile = {}) {
  const action = calendarPersonal.actions.find(({ id }) => id === actionId);
  if (!action) throw new Error(`no action ${actionId}`);
  const voice = createVoice({ zone: "Europe/Oslo", ...profile }, now);
  return checkConfirmations(action, true, parameters, voice);
}

describe("what is read back", () => {
  test.each([
    [{ start_date: "tomorrow 15:00" }, {}, "Create the event “Tea” on Wednesday 11 March at 15:00?"],
    [
      { start_date: "tomorrow 15:00" },
      { locale: "en-US" },
      "Create the event “Tea” on Wednesday, March 11 at 3:00 PM?",
    ],
    [{ start_date: "2026-04-01" }, {}, "Create the event “Tea” on Wednesday 1 April, all day?"],
    [
      { start_date: "2026-04-01", end_date: "2026-04-03" },
      {},
      "Create the event “Tea” on Wednesday 1 April to Friday 3 April, all day?",
    ],
    [
      {
        start_date: "2026-04-01T09:00",
        time_zone: "Asia/Tokyo",
        attendees: ["a@x.org", "b@x.org"],
        location: "Ginza",
        recurrence: "weekly",
      },
      {},
      "Create the event “Tea” on Wednesday 1 April at 9:00 (Asia/Tokyo), at “Ginza”, with a@x.org and b@x.org, repeated?",
    ],
  ])("create %j", async (given, profile, prompt) => {
    const asked = await ask("create_event", { event_title: "Tea", ...given }, profile);
    expect(asked?.fields).toEqual(["action", "event_title", "start_date"]);
    expect(asked?.prompt.replaceAll("\u202f", " ")).toBe(prompt);
  });

  test.each([
    [{ start_date: "16:00" }, ["start_date"], "Change the event: start “16:00”?"],
    [
      { start_date: "tomorrow 16:00", scope: "all" },
      ["start_date"],
      "Change the whole series: start Wednesday 11 March at 16:00?",
    ],
    [{ end_date: "2026-04-01" }, ["end_date"], "Change the event: end Wednesday 1 April?"],
    [
      { event_title: "Supper", location: "", attendees: [], reminders: [10], duration_minutes: 1500, all_day: false },
      ["event_title", "duration_minutes", "all_day", "location", "attendees", "reminders"],
      "Change the event: title “Supper”; length 1,500 minutes; all day no; place none; guests none; reminders 10 minutes before?",
    ],
  ])("update %j", async (given, fields, prompt) => {
    const asked = await ask("update_event", { event_id: "abc", ...given });
    expect(asked).toEqual({ fields: ["action", "event_id", ...fields], prompt });
  });

  test.each([
    [{}, "Delete this event?"],
    [{ scope: "all" }, "Delete the whole series of this event?"],
  ])("delete %j", async (given, prompt) => {
    expect(await ask("delete_event", { event_id: "abc", ...given })).toEqual({
      fields: ["action", "event_id"],
      prompt,
    });
  });

  test.each([
    ["create_event", { event_title: "Tea", start_date: "soon" }, "start_date is not understood"],
    ["update_event", { event_id: "abc", start_date: "soon" }, "start_date is not understood"],
    ["update_event", { event_id: "abc", time_zone: "Asia/Tokyo" }, "Nothing is to be changed"],
  ])("%s %j is refused before anybody is asked", async (action, given, fault) => {
    expect(await failureOf(ask(action, given))).toMatchObject({
      code: "invalid_parameters",
      message: expect.stringContaining(fault),
    });
  });

  test("the value read back is what the person gave", async () => {
    const given = { event_title: "Tea", start_date: "tomorrow 15:00" };
    const action = calendarPersonal.actions.find(({ id }) => id === "create_event");
    if (!action) throw new Error("no create_event");
    const voice = createVoice({}, now);
    const confirmed = { action: "create_event", event_title: "Tea", start_date: "tomorrow 15:00" };
    expect(await checkConfirmations(action, true, given, voice, confirmed)).toBeUndefined();
    const other = { ...confirmed, start_date: "2026-03-11T15:00" };
    expect(await failureOf(checkConfirmations(action, true, given, voice, other))).toMatchObject({
      code: "invalid_parameters",
    });
  });
});
