import type { Adapter } from "../core/adapter.ts";
import { booking } from "./booking/adapter.ts";
import { calendar } from "./calendar/adapter.ts";
import { gmail } from "./gmail/adapter.ts";
import { linkedin } from "./linkedin/adapter.ts";
import { maps } from "./maps/adapter.ts";
import { notes } from "./notes/adapter.ts";
import { search } from "./search/adapter.ts";
import { slack } from "./slack/adapter.ts";
import { weather } from "./weather/adapter.ts";
import { whatsapp } from "./whatsapp/adapter.ts";

/** Every service there is, one line each. */
export const adapters: readonly Adapter[] = [
  weather, //
  gmail,
  calendar,
  maps,
  booking,
  search,
  slack,
  whatsapp,
  linkedin,
];

/** What exists in the sandbox only. */
export const sandboxAdapters: readonly Adapter[] = [
  notes, //
];
