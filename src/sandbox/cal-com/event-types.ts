/** A restaurant of the stand-ins' towns that takes bookings through Cal.com. */
export interface EventType {
  id: number;
  slug: string;
  title: string;
  host: { id: number; name: string; username: string };
  timeZone: string;
  address: string;
  minutes: number;
  /** The first and the last start of a day, by its own clock, every half hour between. */
  firstStart: string;
  lastStart: string;
  /** ISO weekdays on which it is closed. */
  closedOn: readonly number[];
  /** The restaurant says yes or no itself, some minutes later. */
  needsApproval: boolean;
  /** A field of its form that must be answered. */
  requires?: string;
}

export const eventTypes: readonly EventType[] = [
  {
    id: 410_001,
    slug: "table",
    title: "Table at Trattoria Bella",
    host: { id: 81_001, name: "Trattoria Bella", username: "trattoria-bella" },
    timeZone: "Europe/Berlin",
    address: "Kastanienallee 41, 10435 Berlin",
    minutes: 120,
    firstStart: "17:00",
    lastStart: "21:30",
    closedOn: [],
    needsApproval: false,
  },
  {
    id: 410_002,
    slug: "dinner",
    title: "Dinner at The Iron Skillet",
    host: { id: 81_002, name: "The Iron Skillet", username: "iron-skillet" },
    timeZone: "America/New_York",
    address: "210 Bleecker Street, New York, NY 10012",
    minutes: 90,
    firstStart: "17:00",
    lastStart: "21:30",
    closedOn: [1],
    needsApproval: true,
  },
  {
    id: 410_003,
    slug: "diner",
    title: "Une table chez Marie",
    host: { id: 81_003, name: "Chez Marie", username: "chez-marie" },
    timeZone: "Europe/Paris",
    address: "12 Rue des Abbesses, 75018 Paris",
    minutes: 120,
    firstStart: "19:00",
    lastStart: "20:30",
    closedOn: [1, 7],
    needsApproval: false,
    requires: "attendeePhoneNumber",
  },
];
