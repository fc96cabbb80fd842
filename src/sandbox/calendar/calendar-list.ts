import { checkQuery } from "./check.ts";
import { calendarsOf } from "./store.ts";

/** calendarList.list: the calendars that a person sees, on one page. */
export function listCalendars(folder: string, email: string, query: URLSearchParams): Response {
  checkQuery(query, ["maxResults", "minAccessRole", "showHidden", "showDeleted"]);
  const least = query.get("minAccessRole");
  const items = calendarsOf(folder, email)
    .filter(({ accessRole }) => least !== "owner" || accessRole === "owner")
    .map(({ id, summary, timeZone, accessRole, primary }, at) => ({
      kind: "calendar#calendarListEntry",
      etag: `"15988980266413${at}0"`,
      id,
      summary,
      timeZone,
      colorId: String(at + 7),
      backgroundColor: "#42d692",
      foregroundColor: "#000000",
      selected: true,
      accessRole,
      defaultReminders: accessRole === "owner" ? [{ method: "popup", minutes: 30 }] : [],
      ...(primary ? { primary: true } : {}),
      conferenceProperties: { allowedConferenceSolutionTypes: ["hangoutsMeet"] },
    }));
  return Response.json({
    kind: "calendar#calendarList",
    etag: '"p32g9nb5bt6fva0g"',
    nextSyncToken: "CKCbrKvpn_UC",
    items,
  });
}
