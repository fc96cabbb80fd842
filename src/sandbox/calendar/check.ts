import { isRecord } from "../../core/parameters.ts";
import { invalid, Refusal, refusal, unknownName } from "./refusal.ts";

/** @throws Refusal for a parameter that the method does not take */
export function checkQuery(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name) && !["alt", "prettyPrint"].includes(name)) throw unknownName(name, "query");
  }
  const told = query.get("sendUpdates");
  if (told !== null && !["all", "externalOnly", "none"].includes(told)) throw invalid(`Invalid value for: sendUpdates`);
}

/** @throws Refusal for what is no object, and for fields that the method does not take */
export async function readBody(request: Request, known: Record<string, unknown>): Promise<Record<string, unknown>> {
  let body: unknown;
  try {
    body = await request.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusal(400, "parseError", "Parse Error");
  }
  if (!isRecord(body)) throw refusal(400, "parseError", "Parse Error");
  checkFields(body, known, "");
  return body;
}

/** A field of `known` is a type, `texts` by any name, a list of one type, or an object with fields of its own. */
function checkFields(body: Record<string, unknown>, known: Record<string, unknown>, path: string): void {
  for (const [name, value] of Object.entries(body)) {
    const form = Object.hasOwn(known, name) ? known[name] : undefined;
    const here = path ? `${path}.${name}` : name;
    if (form === undefined) throw unknownName(here, "payload");
    if (value === null) continue;
    if (Array.isArray(form)) {
      if (!Array.isArray(value)) throw badValue(here);
      for (const each of value) checkValue(each, form[0], here);
    } else checkValue(value, form, here);
  }
}

function checkValue(value: unknown, form: unknown, path: string): void {
  if (form === "texts") {
    if (!isRecord(value) || !Object.values(value).every((text) => typeof text === "string")) throw badValue(path);
  } else if (isRecord(form)) {
    if (!isRecord(value)) throw badValue(path);
    checkFields(value, form, path);
  } else if (typeof value !== form) throw badValue(path);
}

function badValue(path: string): Refusal {
  const message = `Invalid value at '${path}'`;
  const errors = [{ message, domain: "global", reason: "badRequest" }];
  return new Refusal(400, { error: { code: 400, message, errors, status: "INVALID_ARGUMENT" } });
}

const time = { date: "string", dateTime: "string", timeZone: "string" };

/** The fields of an event that a request may hold. */
export const eventFields = {
  id: "string",
  summary: "string",
  description: "string",
  location: "string",
  colorId: "string",
  status: "string",
  start: time,
  end: time,
  recurrence: ["string"],
  transparency: "string",
  visibility: "string",
  sequence: "number",
  attendees: [
    {
      email: "string",
      displayName: "string",
      optional: "boolean",
      responseStatus: "string",
      organizer: "boolean",
      self: "boolean",
      comment: "string",
      additionalGuests: "number",
    },
  ],
  reminders: { useDefault: "boolean", overrides: [{ method: "string", minutes: "number" }] },
  extendedProperties: { private: "texts", shared: "texts" },
  guestsCanModify: "boolean",
  guestsCanInviteOthers: "boolean",
  guestsCanSeeOtherGuests: "boolean",
};

/** Reads an RFC 3339 time, whose offset may not be missing. @throws Refusal */
export function readInstant(text: unknown, name: string): Temporal.Instant | undefined {
  if (text === null || text === undefined) return undefined;
  if (
    typeof text !== "string" ||
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ||
    Number.isNaN(Date.parse(text))
  )
    throw refusal(400, "badRequest", `Bad Request: ${name}`);
  return Temporal.Instant.from(text);
}

/** @throws Refusal for what is no zone */
export function readZone(text: unknown, otherwise: string, what: string): string {
  if (text === null || text === undefined) return otherwise;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zoneName(text)).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) throw invalid(`Invalid time zone definition for ${what}.`);
    throw error;
  }
}

/** Google wants names, and takes a bare offset for none. */
function zoneName(text: unknown): string {
  if (typeof text !== "string" || !/^[A-Za-z]/.test(text)) throw new RangeError("no name of a zone");
  return text;
}
