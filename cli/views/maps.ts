import type { Here } from "../output.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";

interface End {
  name: string;
  address?: string;
}

interface Route {
  distance_text: string;
  duration_text: string;
  summary: string;
  steps: { instruction: string; distance_text: string; distance_m: number }[];
  warnings?: string[];
  map_url: string;
}

interface Place {
  name: string;
  label?: string;
  address?: string;
  phone?: string;
  website?: string;
  opening_hours?: string;
  kind?: string;
  distance_text?: string;
  saved?: boolean;
}

interface Saved {
  id: string;
  name: string;
  label?: string;
  address?: string;
  latitude?: number;
  longitude?: number;
}

interface MapsData {
  origin?: End;
  destination?: End;
  mode?: string;
  routes?: Route[];
  places?: Place[];
  query?: string;
  saved_places?: Saved[];
  total?: number;
}

/** Routes as numbered steps, places as a list, saved places as a table; then whose data it is. */
export function maps(
  data: Record<string, unknown>,
  metadata: Record<string, unknown>,
  paint: Paint,
  here: Here,
): string {
  const { saved_places: saved, places, routes, total } = data as MapsData;
  const body = saved
    ? savedView(saved, total ?? saved.length, here)
    : places
      ? placesView(data as MapsData, paint)
      : routesView(data as MapsData, routes ?? [], paint);
  const notes = [metadata.attribution, failedNote(metadata), candidatesNote(metadata)].filter(Boolean);
  return [body, ...(notes.length > 0 ? ["", ...notes.map((note) => paint.dim(sanitiseLine(String(note))))] : [])].join(
    "\n",
  );
}

function routesView({ origin, destination, mode }: MapsData, routes: readonly Route[], paint: Paint): string {
  const head = `${paint.bold(nameOf(origin))} to ${paint.bold(nameOf(destination))}${paint.dim(`  ${sanitiseLine(mode ?? "")}`)}`;
  const many = routes.length > 1;
  return [
    head,
    ...routes.flatMap((route, at) => ["", ...routeLines(route, many ? `Way ${at + 1}: ` : "", paint)]),
  ].join("\n");
}

function routeLines(route: Route, prefix: string, paint: Paint): string[] {
  const { duration_text: time, distance_text: distance, summary, steps, warnings = [], map_url: url } = route;
  const via = summary ? `, by ${summary}` : "";
  const rows = steps.map((step, at) => [
    `${at + 1}.`.padStart(3),
    sanitiseLine(step.instruction),
    step.distance_m > 0 ? sanitiseLine(step.distance_text) : "",
  ]);
  return [
    sanitiseLine(`${prefix}${time}, ${distance}${via}`),
    table(rows),
    ...warnings.map((warning) => paint.yellow(sanitiseLine(warning))),
    sanitiseLine(`Map: ${url}`),
  ];
}

function placesView({ places = [], query = "" }: MapsData, paint: Paint): string {
  if (places.length === 0) return `Nothing was found for ${sanitiseLine(query)}.`;
  return places.map((place) => placeLines(place, paint).join("\n")).join("\n\n");
}

function placeLines(place: Place, paint: Paint): string[] {
  const aside = [place.kind, place.distance_text, place.label, place.saved ? "saved" : undefined]
    .filter(Boolean)
    .join(", ");
  const lines = [place.address, place.phone, place.website, place.opening_hours];
  return [
    `${paint.bold(sanitiseLine(place.name))}${aside ? paint.dim(`  ${sanitiseLine(aside)}`) : ""}`,
    ...lines.filter((line) => line !== undefined && line !== "").map((line) => `  ${sanitiseLine(String(line))}`),
  ];
}

function savedView(saved: readonly Saved[], total: number, here: Here): string {
  if (saved.length === 0) return here("No saved place fits. Run: mcqueen places list");
  return `${savedTable(saved)}${total > saved.length ? `\n${total - saved.length} more` : ""}`;
}

/** One row for each place. */
export function savedTable(places: readonly Saved[]): string {
  const rows = places.map(({ id, name, label, address, latitude, longitude }) => [
    id,
    name,
    label ?? "",
    address ?? (latitude === undefined ? "not looked up yet" : `${latitude},${longitude}`),
  ]);
  return table([["id", "name", "label", "where"], ...rows].map((row) => row.map(sanitiseLine)));
}

const nameOf = (end: End | undefined): string => sanitiseLine(end?.name ?? "");

function failedNote({ failed_providers: failed, saved_places_failed: own }: Record<string, unknown>): string {
  const providers = Array.isArray(failed) ? failed.map(({ provider, reason }) => `${provider} failed: ${reason}`) : [];
  return [...providers, ...(own ? [`Your saved places could not be read: ${own}`] : [])].join(" · ");
}

function candidatesNote({ candidates }: Record<string, unknown>): string {
  if (typeof candidates !== "object" || candidates === null) return "";
  return Object.entries(candidates)
    .filter(([, others]) => Array.isArray(others) && others.length > 0)
    .map(([end, others]) => `Other ${end}: ${(others as End[]).map(({ name, address }) => address ?? name).join("; ")}`)
    .join(" · ");
}
