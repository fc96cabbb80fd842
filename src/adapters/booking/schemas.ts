import { type Static, Type } from "@sinclair/typebox";
import { auditMark } from "../../core/audit.ts";
import { BookingSchema } from "../../core/booking.ts";

const strict = { additionalProperties: false };
const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });

/** A restaurant that takes bookings through Cal.com. */
const CalComVenue = Type.Object(
  {
    event_type_id: Type.Integer({ minimum: 1, description: "The number of its event type at Cal.com" }),
    time_zone: Type.Optional(
      Type.String({ format: "time-zone", description: "Where it stands; your profile's zone unless told" }),
    ),
    address: Type.Optional(text(300, "Where it is")),
    phone: Type.Optional(Type.String({ format: "phone" })),
  },
  strict,
);
export type CalComVenue = Static<typeof CalComVenue>;

export const BookingSettings = Type.Object(
  {
    venues: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 200 }), CalComVenue, {
        maxProperties: 200,
        description:
          'Restaurants at Cal.com by name: {"Chez Marie": {"event_type_id": 1, "time_zone": "Europe/Paris"}}',
      }),
    ),
  },
  strict,
);

const Guest = Type.Object(
  {
    name: Type.Optional(text(200, "Who books")),
    email: Type.Optional(Type.String({ format: "email", maxLength: 254, [auditMark]: "hide" })),
    phone: Type.Optional(Type.String({ format: "phone", [auditMark]: "hide" })),
  },
  { ...strict, description: "Who books; what is absent comes from your profile" },
);
export type Guest = Static<typeof Guest>;

export const BookInput = Type.Object(
  {
    restaurant_name: text(200, "The restaurant's name"),
    date: Type.String({ format: "calendar-date", description: "Like 2026-12-31, by the restaurant's calendar" }),
    time: Type.String({ format: "clock-time", description: "Like 19:30, by the restaurant's clock" }),
    party_size: Type.Integer({ minimum: 1, maximum: 50, description: "How many people" }),
    location: Type.Optional(text(300, "The city or address, to tell it from others of the name")),
    guest: Type.Optional(Guest),
    notes: Type.Optional({
      ...text(500, "A wish for the restaurant: a high chair, a window"),
      [auditMark]: "length",
    }),
  },
  strict,
);
export type BookInput = Static<typeof BookInput>;

const BookingId = Type.String({
  pattern: "^bkg_[A-Za-z0-9_-]{1,64}$",
  description: "Id of the booking, as list gives it",
});

export const ListInput = Type.Object(
  {
    all: Type.Optional(Type.Boolean({ description: "Also past, failed and cancelled ones" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: "How many at most; 50 unless told" })),
  },
  strict,
);

export const OneInput = Type.Object({ booking_id: BookingId }, strict);

export const ListOutput = Type.Object({
  bookings: Type.Array(BookingSchema),
  total: Type.Integer({ description: "How many there are, shown or not" }),
});

export const CancelOutput = Type.Object({
  booking_id: Type.String(),
  restaurant_name: Type.String(),
  date: Type.String(),
  time: Type.String(),
  party_size: Type.Integer(),
  status: Type.Union([Type.Literal("cancelled"), Type.Literal("forgotten")]),
  message: Type.String(),
});
