import type { DemoStep } from "./demo-step.ts";

const bookTable = ["--sandbox", "run", "book_restaurant_public"];
const dinner = ["--date", "$DAY", "--time", "19:30", "--party-size", "4", "--yes"];
const bella = '{"Trattoria Bella": {"event_type_id": 410001, "time_zone": "Europe/Berlin"}}';

export const bookingSteps: readonly DemoStep[] = [
  {
    about: "Which day is the last one of the forecast?",
    words: ["--sandbox", "run", "get_weather", "--location", "Berlin", "--select", "data.daily[6].date"],
    keep: { name: "DAY" },
    expect: ["20"],
  },
  {
    about: "A restaurant that takes bookings through Cal.com is named once, with the number of its event type ...",
    words: ["--sandbox", "config", "book_restaurant_public", "set", `venues=${bella}`],
    expect: ["Trattoria Bella", "410001"],
  },
  {
    about: "... and booked.",
    words: [
      ...bookTable,
      "--restaurant-name",
      "Trattoria Bella",
      ...dinner,
      "--guest",
      '{"name": "Ada", "email": "ada@example.org"}',
    ],
    expect: ["confirmed", "The table is booked."],
  },
  {
    about: "Any other restaurant: nothing is booked, but what you need to do it is there.",
    words: [...bookTable, "--restaurant-name", "Le Petit Pont", "--location", "Paris", ...dinner],
    expect: ["handoff", "Nothing is booked yet", "+33 1 99 00 15 67", "opentable.com/s?covers=4"],
  },
];

const sendMail = ["--sandbox", "run", "email_personal", "send", "--to", "grace.hopper@example.com"].concat([
  "--subject",
  "Lunch?",
  "--body",
  "At noon, as always?",
]);

export const accountSteps: readonly DemoStep[] = [
  {
    about: "Mail is personal, so it needs a login, and says so.",
    words: ["--sandbox", "run", "email_personal", "search", "--query", "from:grace"],
    exit: 3,
    expect: ["mcqueen --sandbox login gmail"],
  },
  {
    about: "The tour plays Ada, who allows it in her browser.",
    words: ["--sandbox", "login", "google", "--no-browser"],
    consent: { email: "ada.lovelace@example.com" },
    expect: ["Linked gmail, google_calendar of ada.lovelace@example.com"],
  },
  {
    about: "Her mail, ...",
    words: ["--sandbox", "run", "email_personal", "search", "--query", "from:grace", "--max-results", "3"],
    expect: ["Grace Hopper"],
  },
  {
    about: "... a letter, which is read back first (exit 4) ...",
    words: [...sendMail],
    exit: 4,
    expect: ["Voice confirmation required for: action, to, subject", "grace.hopper@example.com"],
  },
  { about: "... and sent with a yes ...", words: [...sendMail, "--yes"], expect: ["Sent."] },
  {
    about: "... and her agenda.",
    words: ["--sandbox", "run", "calendar_personal", "get_events", "--max-results", "5"],
    expect: ["SANDBOX"],
  },
  { about: "Which accounts may be used?", words: ["--sandbox", "accounts"], expect: ["ada.lovelace@example.com"] },
  {
    about: "Enough of them: the last service takes the access back from Google, too.",
    words: ["--sandbox", "logout", "google"],
    expect: ["the access is revoked"],
  },
];
