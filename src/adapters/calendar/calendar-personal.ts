import { Type } from "@sinclair/typebox";
import { defineAction, defineTool } from "../../core/tool.ts";
import { ChangedSchema, DeletedSchema, FoundSchema, FreeBusySchema } from "./event-schema.ts";
import { hearsCreate, hearsDelete, hearsEvents, hearsFreeBusy, hearsUpdate } from "./hears.ts";
import { CreateEvent, changeable, DeleteEvent, FreeBusyInput, GetEvents, UpdateEvent } from "./inputs.ts";

const api = "https://www.googleapis.com/auth";
const scopes = {
  readEvents: [`${api}/calendar.events.readonly`],
  events: [`${api}/calendar.events`],
  freeBusy: [`${api}/calendar.freebusy`],
};

export const calendarPersonal = defineTool({
  id: "calendar_personal",
  name: "Calendar",
  description: "Your Google calendar: what is on, new events, changes, and when people are free.",
  category: "calendar",
  accessLevel: "user_specific",
  service: "google_calendar",
  authService: "google_calendar",
  examples: [
    "What is in my calendar tomorrow?",
    "Put lunch with Grace into my calendar on Friday at 12:30",
    "Move my dentist appointment to 16:00",
    "When are Ada and I both free next week?",
  ],
  settings: Type.Object(
    {
      calendar_id: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: "The calendar to use" })),
    },
    { additionalProperties: false },
  ),
  actions: [
    defineAction({
      id: "get_events",
      description: "Read events of a stretch of time, or one event",
      effect: "read",
      hears: hearsEvents,
      scopes: scopes.readEvents,
      input: GetEvents,
      output: FoundSchema,
      run: async (input, context) => (await import("./get-events.ts")).getEvents(input, context),
    }),
    defineAction({
      id: "create_event",
      description: "Put an event into a calendar",
      effect: "write",
      hears: hearsCreate,
      scopes: scopes.events,
      input: CreateEvent,
      output: ChangedSchema,
      confirmation: {
        fields: ["action", "event_title", "start_date"],
        prompt: async (parameters, voice) => (await import("./prompts.ts")).askCreate(parameters as CreateEvent, voice),
      },
      run: async (input, context) => (await import("./create-event.ts")).createEvent(input, context),
    }),
    defineAction({
      id: "update_event",
      description: "Change an event",
      effect: "write",
      overwrites: true,
      hears: hearsUpdate,
      scopes: scopes.events,
      input: UpdateEvent,
      output: ChangedSchema,
      confirmation: {
        fields: ["action", "event_id", ...changeable],
        prompt: async (parameters, voice) => (await import("./prompts.ts")).askUpdate(parameters as UpdateEvent, voice),
      },
      run: async (input, context) => (await import("./update-event.ts")).updateEvent(input, context),
    }),
    defineAction({
      id: "delete_event",
      description: "Delete an event",
      effect: "destructive",
      idempotent: true,
      hears: hearsDelete,
      scopes: scopes.events,
      input: DeleteEvent,
      output: DeletedSchema,
      confirmation: {
        fields: ["action", "event_id"],
        prompt: async (parameters) => (await import("./prompts.ts")).askDelete(parameters as DeleteEvent),
      },
      run: async (input, context) => (await import("./delete-event.ts")).deleteEvent(input, context),
    }),
    defineAction({
      id: "free_busy",
      description: "See when people or calendars are busy, and when all are free",
      effect: "read",
      hears: hearsFreeBusy,
      scopes: scopes.freeBusy,
      input: FreeBusyInput,
      output: FreeBusySchema,
      run: async (input, context) => (await import("./free-busy.ts")).freeBusy(input, context),
    }),
  ],
});
