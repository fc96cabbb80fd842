import type { Booking, OwnBookings } from "../../src/core/booking.ts";

/** A person's bookings in memory. */
export function createOwnBookings(...given: Partial<Booking>[]): OwnBookings & { kept: Booking[] } {
  const kept = given.map(
    (booking, at): Booking => ({
      id: `bkg_${at}`,
      restaurantName: "Chez Marie",
      date: "2026-12-04",
      time: "19:30",
      timeZone: "Europe/Paris",
      startsAt: new Date("2026-12-04T18:30:00Z"),
      endsAt: new Date("2026-12-04T20:30:00Z"),
      partySize: 4,
      status: "handoff",
      provider: "Nominatim",
      details: {},
      createdAt: new Date("2026-11-20T12:00:00Z"),
      ...booking,
    }),
  );
  const at = (id: string): number => kept.findIndex((booking) => booking.id === id);
  return {
    kept,
    list: async () => kept.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime()),
    find: async (id) => kept[at(id)],
    add: async (booking) => void kept.push(booking),
    async change(id, change) {
      const before = kept[at(id)];
      if (before) kept[at(id)] = { ...before, ...change };
    },
    async remove(id) {
      if (at(id) >= 0) kept.splice(at(id), 1);
    },
  };
}
