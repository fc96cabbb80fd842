import type { HandoffLink } from "../../core/booking.ts";
import { webAddress } from "../../core/web-address.ts";
import type { OsmPlace } from "../../osm/nominatim.ts";

/** What a link is prefilled with. */
export interface Wish {
  name: string;
  /** "2026-12-04" and "19:30", by the restaurant's clock. */
  date: string;
  time: string;
  partySize: number;
  city?: string;
  countryCode?: string;
}

interface Platform {
  name: string;
  host: RegExp;
  /** The page of one restaurant. Only an address that the restaurant itself gave is ever filled in. */
  path: RegExp;
  /** Below the matched path. */
  append?: string;
  query(wish: Wish): Record<string, string>;
}

const platforms: readonly Platform[] = [
  {
    name: "OpenTable",
    host: /(^|\.)opentable\.(com|[a-z]{2}|co\.uk|com\.(au|mx)|co\.jp)$/,
    path: /^\/(r\/[\w-]+|[\w-]{4,})$/,
    query: ({ partySize, date, time }) => ({ covers: String(partySize), dateTime: `${date}T${time}` }),
  },
  {
    name: "Resy",
    host: /^(www\.)?resy\.com$/,
    path: /^\/cities\/[\w-]+\/(venues\/)?[\w-]+$/,
    query: ({ partySize, date }) => ({ date, seats: String(partySize) }),
  },
  {
    name: "Tock",
    host: /^(www\.)?exploretock\.com$/,
    path: /^\/[\w-]+$/,
    append: "/search",
    query: ({ partySize, date, time }) => ({ date, size: String(partySize), time }),
  },
  {
    name: "SevenRooms",
    host: /^(www\.)?sevenrooms\.com$/,
    path: /^\/(explore\/[\w-]+\/)?reservations\/[\w-]+$/,
    query: ({ partySize, date }) => ({ date, party_size: String(partySize) }),
  },
  {
    name: "TheFork",
    host: /^(www\.)?(thefork\.(com|fr|it|es|nl|be|pt|ch|at|de|se|co\.uk|com\.au)|lafourchette\.com)$/,
    path: /^\/restaurant\/[\w-]+-r\d+$/,
    query: ({ partySize, date, time }) => ({ date, time, partySize: String(partySize) }),
  },
];

/** Cities whose page at Resy is known; others get no link, for a guessed one may lead nowhere. */
const resyCities: Record<string, string> = {
  "new york|us": "new-york-ny",
  "city of new york|us": "new-york-ny",
  "los angeles|us": "los-angeles-ca",
};

/** The tags of the map that may hold a page for reservations, the most particular first. */
const reservationTags = ["reservation:website", "website:reservation", "contact:reservation", "reservation"];

/**
 * Pages on which a person can finish it: the restaurant's own, filled in where it lies with a service that is known, then searches.
 * @param place absent when the map does not know the restaurant
 */
export function linksFor(place: OsmPlace | undefined, wish: Wish): HandoffLink[] {
  const links: HandoffLink[] = [];
  const add = (link: HandoffLink | undefined): void => {
    if (link && !links.some(({ url }) => url === link.url)) links.push(link);
  };
  for (const tag of reservationTags) add(ownPage(place?.tags[tag], "reservation", wish));
  add(ownPage(place?.website, "website", wish));
  if (!links.some(({ name }) => name === "OpenTable")) add(openTableSearch(wish));
  const resy = resyCities[`${wish.city?.toLowerCase() ?? ""}|${wish.countryCode?.toLowerCase() ?? ""}`];
  if (resy && !links.some(({ name }) => name === "Resy")) {
    const url = withQuery(`https://resy.com/cities/${resy}`, { date: wish.date, seats: String(wish.partySize) });
    add({ name: "Resy", url, kind: "city" });
  }
  return links;
}

function ownPage(text: string | undefined, kind: "reservation" | "website", wish: Wish): HandoffLink | undefined {
  const url = webAddress(text);
  if (!url) return undefined;
  const path = url.pathname.replace(/\/+$/, "");
  const platform = platforms.find((each) => each.host.test(url.hostname) && each.path.test(path));
  if (!platform) return { name: kind === "website" ? "Website" : "Reservations", url: url.href, kind };
  const page = `https://${url.hostname}${path}${platform.append ?? ""}`;
  return { name: platform.name, url: withQuery(page, platform.query(wish)), kind: "reservation" };
}

const openTableSearch = ({ name, city, date, time, partySize }: Wish): HandoffLink => ({
  name: "OpenTable",
  url: withQuery("https://www.opentable.com/s", {
    covers: String(partySize),
    dateTime: `${date}T${time}`,
    term: [name, city].filter(Boolean).join(" "),
  }),
  kind: "search",
});

function withQuery(base: string, query: Record<string, string>): string {
  const url = new URL(base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
