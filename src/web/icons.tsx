/** Signs of the page, drawn here so that none is fetched and none depends on a font. */
const paths = {
  tools: "M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z",
  approvals: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M8.3 12.3l2.5 2.5 4.9-5.2",
  accounts: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  history: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M12 7.5v5l3.2 2",
  settings: "M4 7h9 M17 7h3 M4 17h3 M11 17h9 M15 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z M9 15a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  weather: "M7 18h10a4 4 0 0 0 .6-7.95A6 6 0 0 0 6.2 11.1 3.5 3.5 0 0 0 7 18z",
  calendar: "M5 6h14v14H5z M5 10.5h14 M9 3.5v4 M15 3.5v4",
  email: "M4 6h16v12H4z M4.5 7l7.5 6 7.5-6",
  maps: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21z M12 7.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  search: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z M15.5 15.5L20 20",
  messaging: "M4 5h16v11.5H10.5L6.5 20v-3.5H4z",
  social:
    "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z M3.5 19c.6-3.5 2.8-5 5.5-5s4.9 1.5 5.5 5 M15.5 5.5a2.8 2.8 0 0 1 0 5.4 M17 14.3c1.9.6 3 2.1 3.5 4.7",
  notes: "M6 4h12v16H6z M9 9h6 M9 13h6",
  booking: "M6.5 4v5a2.5 2.5 0 0 0 5 0V4 M9 4v16 M17 20V4c-2 1-3 3.5-3 6.5V13h3",
  other: "M13 3L5.5 13.5H11L10 21l8-10.5h-6z",
  phone: "M8 3h8v18H8z M11 18h2",
  chevron: "M9 6l6 6-6 6",
  back: "M15 6l-6 6 6 6",
  speak:
    "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4z M6.5 11.5a5.5 5.5 0 0 0 11 0 M12 17v3.5",
} as const;

export type Sign = keyof typeof paths;

/** The sign of a category of tools. */
export const signOf = (category: string): Sign => (category in paths ? (category as Sign) : "other");

/** A sign beside words that say the same, so it is silent. */
export function Icon({ of, size = 24 }: { of: Sign; size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={`${size / 16}rem`}
      height={`${size / 16}rem`}
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[of]} />
    </svg>
  );
}
