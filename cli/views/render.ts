import type { Envelope } from "../../src/core/outcome.ts";
import { isRecord } from "../../src/core/parameters.ts";
import type { Here } from "../output.ts";
import type { Paint } from "../paint.ts";
import { sanitise } from "../sanitise.ts";
import { outline, withoutBulk } from "../table.ts";
import { booking, openLink, writeIcs } from "./booking.ts";
import { calendar } from "./calendar.ts";
import { slack, whatsapp } from "./conversation.ts";
import { email } from "./email.ts";
import { attach, saveAttachments } from "./email-files.ts";
import { linkedin } from "./linkedin.ts";
import { maps } from "./maps.ts";
import { openResult, search } from "./search.ts";
import type { TerminalFlag } from "./terminal-flag.ts";
import { weather } from "./weather.ts";

type View = (data: Record<string, unknown>, metadata: Record<string, unknown>, paint: Paint, here: Here) => string;

/** How results look to people, by tool. A tool without a view is shown as an outline. */
const views: Record<string, View> = {
  get_weather: weather,
  calendar_personal: calendar,
  email_personal: email,
  maps_hybrid: maps,
  book_restaurant_public: booking,
  web_search: search,
  slack_personal: slack,
  whatsapp_personal: whatsapp,
  linkedin_personal: linkedin,
};

/** What a tool's results can be used for at a terminal, by tool. */
export const terminalFlags: Readonly<Record<string, readonly TerminalFlag[]>> = {
  web_search: [openResult],
  email_personal: [attach, saveAttachments],
  book_restaurant_public: [openLink, writeIcs],
};

export function render(toolId: string, envelope: Envelope & { success: true }, paint: Paint, here: Here): string {
  const { data, metadata } = envelope;
  const view = views[toolId];
  if (metadata.dry_run || !view || !isRecord(data)) return sanitise(outline(withoutBulk(data)));
  return view(data, metadata, paint, here);
}
