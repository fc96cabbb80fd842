import type { Hearing } from "../../core/hearing.ts";

const id = { as: "id" } as const;

export const hearsBook: Hearing = {
  says: [
    "book|reserve|get|make|find|want|need|like|arrange table|tables",
    "book|reserve|make|need|want|get|like|arrange dinner|lunch|brunch|reservation|supper|breakfast|restaurant at|for|in",
    "table|dinner|lunch|brunch|reservation|booking for_two|for_three|for_four|for_five|for_six|for_seven|for_eight|for_one|for_2|for_3|for_4|for_5|for_6|for_8|for_10|for_ten|people|party_of|party|persons|guests",
    "book|reserve people|persons|guests|party|for_two|for_three|for_four|for_five|for_six|for_seven|for_eight",
    "table for|at|in",
    "reservation at|for",
    "?book|reserve|table|reservation",
  ],
  slots: {
    date: { as: "day" },
    time: { as: "time", dayBegins: 11 },
    party_size: {
      as: "count",
      after: ["party of", "table of", "table for", "group of", "for", "of"],
      units: ["people", "person", "persons", "guests", "adults", "diners", "covers", "seats", "friends", "pax"],
    },
    location: { as: "text", after: ["in"], unknown: ["here", "town", "the area"] },
    restaurant_name: {
      as: "text",
      after: ["at", "restaurant called", "called", "restaurant named", "table in"],
      until: ["for", "with"],
      otherwise: "leftover",
      unknown: [
        "a restaurant",
        "restaurant",
        "a nice restaurant",
        "a good restaurant",
        "nice restaurant",
        "somewhere",
        "dinner",
        "lunch",
      ],
    },
  },
};

export const hearsBookings: Hearing = {
  says: [
    "what|which|show|list|see|do_i|are_there|have_i|any|tell|my|when table|tables|booking|bookings|reservation|reservations booked|have|my|made|reserved|upcoming|coming|restaurant",
    "show|list|see|check|what_are|give|read my_bookings|my_reservations|my_tables|bookings|reservations|restaurant_bookings",
    "?bookings|reservations",
  ],
  slots: {
    all: { as: "choice", words: { true: ["all", "past", "old", "cancelled", "previous", "including past"] } },
    limit: { as: "count", after: ["first", "next", "last"], units: ["bookings", "reservations"] },
  },
};

export const hearsBooking: Hearing = {
  says: ["show|see|open|details|about|what booking|reservation|table|bkg"],
  slots: { booking_id: id },
  needs: "booking_id",
};

export const hearsCancel: Hearing = {
  says: [
    "cancel|call_off|drop|scrap|delete|remove|undo|get_rid_of table|booking|reservation|dinner_booking",
    "cancel|call_off table|booking|reservation restaurant|dinner|lunch|at|for|my|bkg",
    "?cancel dinner|restaurant|lunch",
  ],
  slots: { booking_id: id },
};
