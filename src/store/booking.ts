import type { Booking, BookingDetails, BookingStatus, BookingStore } from "../core/booking.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: string;
  restaurant_name: string;
  date: string;
  time: string;
  time_zone: string;
  starts_at: string;
  ends_at: string;
  party_size: number;
  status: string;
  provider: string;
  provider_ref: string | null;
  details: string;
  created_at: string;
}

const columns =
  "id, restaurant_name, date, time, time_zone, starts_at, ends_at, party_size, status, provider, provider_ref, details, created_at";

export function createBookingStore(db: Connection): BookingStore {
  const find = (userId: string, id: string): Booking | undefined =>
    db.all<Row>(`SELECT ${columns} FROM bookings WHERE user_id = ? AND id = ?`, userId, id).map(toBooking)[0];
  return {
    list: async (userId) =>
      db.all<Row>(`SELECT ${columns} FROM bookings WHERE user_id = ? ORDER BY starts_at, id`, userId).map(toBooking),
    find: async (userId, id) => find(userId, id),
    async add(userId, booking) {
      db.run(
        `INSERT INTO bookings (user_id, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        userId,
        booking.id,
        booking.restaurantName,
        booking.date,
        booking.time,
        booking.timeZone,
        booking.startsAt.toISOString(),
        booking.endsAt.toISOString(),
        booking.partySize,
        booking.status,
        booking.provider,
        booking.providerRef ?? null,
        JSON.stringify(booking.details),
        booking.createdAt.toISOString(),
      );
    },
    change: async (userId, id, change) =>
      db.transaction(() => {
        const before = find(userId, id);
        if (!before) return;
        const { status, providerRef, date, time, startsAt, endsAt, details } = { ...before, ...change };
        db.run(
          `UPDATE bookings SET status = ?, provider_ref = ?, date = ?, time = ?, starts_at = ?, ends_at = ?, details = ?
           WHERE user_id = ? AND id = ?`,
          status,
          providerRef ?? null,
          date,
          time,
          startsAt.toISOString(),
          endsAt.toISOString(),
          JSON.stringify(details),
          userId,
          id,
        );
      }),
    async remove(userId, id) {
      db.run("DELETE FROM bookings WHERE user_id = ? AND id = ?", userId, id);
    },
  };
}

const toBooking = (row: Row): Booking => ({
  id: row.id,
  restaurantName: row.restaurant_name,
  date: row.date,
  time: row.time,
  timeZone: row.time_zone,
  startsAt: new Date(row.starts_at),
  endsAt: new Date(row.ends_at),
  partySize: row.party_size,
  status: row.status as BookingStatus,
  provider: row.provider,
  ...(row.provider_ref === null ? {} : { providerRef: row.provider_ref }),
  details: JSON.parse(row.details) as BookingDetails,
  createdAt: new Date(row.created_at),
});
