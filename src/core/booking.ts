import { type Static, Type } from "@sinclair/typebox";
import { present } from "./answer.ts";

const optionalText = Type.Optional(Type.String());

/**
 * confirmed: the provider said so. pending: the provider has still to answer. handoff: a person has to finish it, and
 * nothing is booked. failed: it was asked for and refused. cancelled: it was confirmed or pending, and is no more.
 */
const BookingStatus = Type.Union(
  (["confirmed", "pending", "handoff", "failed", "cancelled"] as const).map((status) => Type.Literal(status)),
);
export type BookingStatus = "confirmed" | "pending" | "handoff" | "failed" | "cancelled";

const Venue = Type.Object({
  name: Type.String({ description: "As the map or your settings call it" }),
  address: optionalText,
  phone: optionalText,
  email: optionalText,
  website: optionalText,
  opening_hours: optionalText,
  latitude: Type.Optional(Type.Number()),
  longitude: Type.Optional(Type.Number()),
  url: optionalText,
});
export type Venue = Static<typeof Venue>;

const HandoffLink = Type.Object({
  name: Type.String(),
  url: Type.String(),
  kind: Type.String({ description: "reservation (the restaurant's own page), search, city or website" }),
});
export type HandoffLink = Static<typeof HandoffLink>;

const Handoff = Type.Object({
  links: Type.Array(HandoffLink),
  phone: optionalText,
  phone_url: optionalText,
  mail: Type.Optional(
    Type.Object({ to: Type.String(), subject: Type.String(), body: Type.String(), url: Type.String() }),
  ),
});
export type Handoff = Static<typeof Handoff>;

const details = {
  venue: Type.Optional(Venue),
  handoff: Type.Optional(Handoff),
  reason: Type.Optional(Type.String({ description: "Why it failed, or is still open" })),
  warnings: Type.Optional(Type.Array(Type.String())),
  notes: optionalText,
};

/** A booking as every result shows it; names are the wire's. */
export const BookingSchema = Type.Object({
  booking_id: Type.String(),
  restaurant_name: Type.String(),
  date: Type.String(),
  time: Type.String(),
  party_size: Type.Integer(),
  status: BookingStatus,
  message: Type.String({ description: "What the status means, in a sentence" }),
  time_zone: Type.String({ description: "Of the restaurant; date and time are meant in it" }),
  starts_at: Type.String(),
  provider: Type.String(),
  confirmation_number: Type.Optional(Type.String({ description: "Only of a confirmed booking" })),
  ...details,
  ics: Type.Optional(Type.String({ description: "A calendar file; tentative unless confirmed" })),
});
export type ShownBooking = Static<typeof BookingSchema>;

const Details = Type.Object(details);
export type BookingDetails = Static<typeof Details>;

/** One person's wish for a table, and what became of it. */
export interface Booking {
  id: string;
  restaurantName: string;
  /** "2026-12-04", in the restaurant's zone. */
  date: string;
  /** "19:30", in the restaurant's zone. */
  time: string;
  timeZone: string;
  startsAt: Date;
  endsAt: Date;
  partySize: number;
  status: BookingStatus;
  provider: string;
  /** The provider's own id, which cancels it. */
  providerRef?: string;
  details: BookingDetails;
  createdAt: Date;
}

export type BookingChange = Partial<
  Pick<Booking, "status" | "providerRef" | "date" | "time" | "startsAt" | "endsAt" | "details">
>;

/** What one person keeps; every method is bound to that person. */
export interface OwnBookings {
  /** By their start. */
  list(): Promise<Booking[]>;
  find(id: string): Promise<Booking | undefined>;
  add(booking: Booking): Promise<void>;
  change(id: string, change: BookingChange): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface BookingStore {
  /** By their start. */
  list(userId: string): Promise<Booking[]>;
  find(userId: string, id: string): Promise<Booking | undefined>;
  add(userId: string, booking: Booking): Promise<void>;
  change(userId: string, id: string, change: BookingChange): Promise<void>;
  remove(userId: string, id: string): Promise<void>;
}

/** The bookings of one user, and of nobody else. */
export const bookingsOf = (store: BookingStore, userId: string): OwnBookings => ({
  list: () => store.list(userId),
  find: (id) => store.find(userId, id),
  add: (booking) => store.add(userId, booking),
  change: (id, change) => store.change(userId, id, change),
  remove: (id) => store.remove(userId, id),
});

const meanings: Record<BookingStatus, string> = {
  confirmed: "The table is booked.",
  pending: "Asked for, and not confirmed yet.",
  handoff: "Nothing is booked yet: finish it yourself by a link, by phone or by mail.",
  failed: "Nothing is booked.",
  cancelled: "The booking is cancelled.",
};

/** @param ics the text of its calendar file */
export function showBooking(booking: Booking, ics?: string): ShownBooking {
  const { id, restaurantName, date, time, timeZone, startsAt, partySize, status, provider, providerRef } = booking;
  return present({
    booking_id: id,
    restaurant_name: restaurantName,
    date,
    time,
    party_size: partySize,
    status,
    message: meanings[status],
    time_zone: timeZone,
    starts_at: Temporal.Instant.fromEpochMilliseconds(startsAt.getTime()).toString({
      timeZone,
      smallestUnit: "second",
    }),
    provider,
    confirmation_number: status === "confirmed" ? providerRef : undefined,
    ...booking.details,
    ics,
  });
}
