import { BookingSchema } from "../../core/booking.ts";
import { defineAction, defineTool } from "../../core/tool.ts";
import { hearsBook, hearsBooking, hearsBookings, hearsCancel } from "./hears.ts";
import { bookingProviders } from "./providers.ts";
import { BookInput, BookingSettings, CancelOutput, ListInput, ListOutput, OneInput } from "./schemas.ts";

export const bookRestaurantPublic = defineTool({
  id: "book_restaurant_public",
  name: "Book a Restaurant",
  description: "Book a table where that is possible, or get the links, phone number and mail to do it yourself.",
  category: "booking",
  accessLevel: "public",
  service: "restaurant_booking",
  examples: [
    "Book a table for four at Chez Marie in Paris on Friday at half past seven",
    "Which tables have I booked?",
    "Cancel my table at Trattoria Bella",
  ],
  settings: BookingSettings,
  providers: bookingProviders,
  uses: ["bookings"],
  defaultAction: "book",
  actions: [
    defineAction({
      id: "book",
      description: "Book a table",
      effect: "write",
      hears: hearsBook,
      input: BookInput,
      output: BookingSchema,
      confirmation: {
        fields: ["restaurant_name", "date", "time", "party_size"],
        prompt: ({ restaurant_name, location, date, time, party_size }, say) =>
          `Book a table for ${say.number(party_size)} at ${say.quote(restaurant_name)}${
            location === undefined ? "" : `, ${say.list(location)},`
          } on ${say.time(`${date}T${time}`)}?`,
      },
      run: async (input, context) => (await import("./book.ts")).book(input, context),
    }),
    defineAction({
      id: "list",
      description: "List your bookings, the next one first",
      effect: "read",
      hears: hearsBookings,
      input: ListInput,
      output: ListOutput,
      run: async (input, context) => (await import("./own-bookings.ts")).listBookings(input, context),
    }),
    defineAction({
      id: "show",
      description: "Show one booking, with its calendar file",
      effect: "read",
      hears: hearsBooking,
      input: OneInput,
      output: BookingSchema,
      run: async (input, context) => (await import("./own-bookings.ts")).showOne(input, context),
    }),
    defineAction({
      id: "cancel",
      description: "Cancel a booking",
      effect: "destructive",
      idempotent: true,
      hears: hearsCancel,
      input: OneInput,
      output: CancelOutput,
      confirmation: { fields: ["booking_id"], prompt: () => "Cancel this table, or forget it where none is booked?" },
      run: async (input, context) => (await import("./cancel.ts")).cancel(input, context),
    }),
  ],
});
