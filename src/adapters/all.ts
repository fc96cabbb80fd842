import type { Adapter } from "../core/adapter.ts";

/** Services by name. Each is loaded when it is wanted: a command that runs one tool wants one. */
export type Services = Readonly<Record<string, () => Promise<Adapter>>>;

/** Every service there is, one line each. */
export const services: Services = {
  weather: async () => (await import("./weather/adapter.ts")).weather,
  gmail: async () => (await import("./gmail/adapter.ts")).gmail,
  calendar: async () => (await import("./calendar/adapter.ts")).calendar,
  maps: async () => (await import("./maps/adapter.ts")).maps,
  booking: async () => (await import("./booking/adapter.ts")).booking,
  search: async () => (await import("./search/adapter.ts")).search,
  slack: async () => (await import("./slack/adapter.ts")).slack,
  whatsapp: async () => (await import("./whatsapp/adapter.ts")).whatsapp,
  linkedin: async () => (await import("./linkedin/adapter.ts")).linkedin,
};

/** What exists in the sandbox only. */
export const sandboxServices: Services = {
  notes: async () => (await import("./notes/adapter.ts")).notes,
};

/** Loads all of them, in the order of the list. */
export const loadAll = (of: Services): Promise<Adapter[]> => Promise.all(Object.values(of).map((load) => load()));
