import type { Town } from "../nominatim/town.ts";
import { towns } from "../nominatim/world.ts";

export interface Point {
  latitude: number;
  longitude: number;
}

export type Vehicle = "driving" | "foot" | "bike";

/** One straight piece of a way. */
export interface Piece {
  name: string;
  ref?: string;
  isFerry?: true;
  from: Point;
  metres: number;
  seconds: number;
  /** Degrees from north. */
  bearing: number;
}

export interface Plan {
  pieces: Piece[];
  end: Point;
  metres: number;
  seconds: number;
  /** Metres from each given point to the way. */
  snapped: [number, number];
}

const metresPerSecond: Record<Vehicle, { street: number; road: number }> = {
  driving: { street: 7.5, road: 29 },
  foot: { street: 1.39, road: 1.39 },
  bike: { street: 4.4, road: 4.9 },
};
const ferrySpeed = 9;
const continents: Record<string, string> = {
  de: "Europe",
  fr: "Europe",
  gb: "Europe",
  nl: "Europe",
  us: "America",
  jp: "Asia",
};
const countryside = 60_000;
/** How much longer ways are than the crow's flight. */
const detour = 1.28;

/**
 * A way through the stand-ins' small world, the same for the same points.
 * @param variant 0 for the best, then further ones, each longer
 */
export function plan(from: Point, to: Point, vehicle: Vehicle, variant = 0): Plan | "NoRoute" | "NoSegment" {
  const [start, goal] = [townNear(from), townNear(to)];
  if (!start || !goal) return "NoSegment";
  if (continents[start.countryCode] !== continents[goal.countryCode]) return "NoRoute";
  const turns = start === goal ? throughTown(start, from, to, variant) : overLand(start, goal, from, to, vehicle);
  const stretch = detour * (1 + variant * 0.12);
  const speeds = metresPerSecond[vehicle];
  const pieces = turns.map((turn, at): Piece => {
    const next = turns[at + 1]?.at ?? to;
    const metres = round(distance(turn.at, next) * stretch);
    const speed = turn.isFerry ? ferrySpeed : turn.ref ? speeds.road : speeds.street;
    return { ...turn, from: turn.at, metres, seconds: round(metres / speed), bearing: bearing(turn.at, next) };
  });
  const sum = (key: "metres" | "seconds"): number => round(pieces.reduce((total, piece) => total + piece[key], 0));
  const snapped: [number, number] = [snap(start, from), snap(goal, to)];
  return { pieces, end: to, metres: sum("metres"), seconds: sum("seconds"), snapped };
}

interface Turn {
  name: string;
  ref?: string;
  isFerry?: true;
  at: Point;
}

/** Along the street where one is, over one or two that lie between, to the street of the goal. */
function throughTown(town: Town, from: Point, to: Point, variant: number): Turn[] {
  const [first, last] = [streetAt(town, from), streetAt(town, to)];
  const whole = distance(from, to);
  const between = town.streets
    .filter((street) => street !== first && street !== last)
    .map((street) => ({ street, extra: distance(from, street) + distance(street, to) - whole }))
    .filter(({ extra }) => extra < whole * 0.6)
    .sort((a, b) => a.extra - b.extra)
    .slice(variant * 2, variant * 2 + 2)
    .map(({ street }) => street)
    .sort((a, b) => distance(from, a) - distance(from, b));
  const middle = between.map(({ name, latitude, longitude }) => ({ name, at: { latitude, longitude } }));
  const end = first === last ? [] : [{ name: last.name, at: towards(to, middle.at(-1)?.at ?? from, 0.3) }];
  return [{ name: first.name, at: from }, ...middle, ...end];
}

function overLand(start: Town, goal: Town, from: Point, to: Point, vehicle: Vehicle): Turn[] {
  const overSea = (start.countryCode === "gb") !== (goal.countryCode === "gb");
  const road = vehicle === "driving" ? { name: "", ref: "E 30" } : { name: "Long-distance trail", ref: "R 1" };
  const [leaving, entering] = [towards(start, goal, 0.02), towards(goal, start, 0.02)];
  const dover = { latitude: 51.1258, longitude: 1.3341 };
  const calais = { latitude: 50.9664, longitude: 1.8625 };
  const [here, there] = start.countryCode === "gb" ? [dover, calais] : [calais, dover];
  const sea: Turn[] = overSea
    ? [
        { name: "Dover - Calais", at: here, isFerry: true },
        { ...road, at: there },
      ]
    : [];
  return [
    { name: streetAt(start, from).name, at: from },
    { ...road, at: leaving },
    ...sea,
    { name: streetAt(goal, to).name, at: entering },
  ];
}

const townNear = (point: Point): Town | undefined => {
  const nearest = towns.reduce((best, town) => (distance(town, point) < distance(best, point) ? town : best));
  return distance(nearest, point) < countryside ? nearest : undefined;
};

const streetAt = (town: Town, point: Point): Town["streets"][number] =>
  town.streets.reduce((best, street) => (distance(street, point) < distance(best, point) ? street : best));

/** Within a town there is a road everywhere. */
const snap = (town: Town, point: Point): number => round(Math.max(3.5, distance(town, point) - 20_000), 6);

const towards = (from: Point, to: Point, share: number): Point => ({
  latitude: from.latitude + (to.latitude - from.latitude) * share,
  longitude: from.longitude + (to.longitude - from.longitude) * share,
});

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
const radians = Math.PI / 180;

/** Metres over the globe. */
export function distance(a: Point, b: Point): number {
  const h =
    Math.sin(((b.latitude - a.latitude) * radians) / 2) ** 2 +
    Math.cos(a.latitude * radians) *
      Math.cos(b.latitude * radians) *
      Math.sin(((b.longitude - a.longitude) * radians) / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.sqrt(h));
}

function bearing(a: Point, b: Point): number {
  const east = (b.longitude - a.longitude) * Math.cos(a.latitude * radians);
  return (Math.round(Math.atan2(east, b.latitude - a.latitude) / radians) + 360) % 360;
}

/** Which way one turns from one bearing to another. */
export function modifierOf(before: number, after: number): string {
  const angle = ((after - before + 540) % 360) - 180;
  const side = angle > 0 ? "right" : "left";
  const size = Math.abs(angle);
  if (size < 12) return "straight";
  if (size < 40) return `slight ${side}`;
  if (size < 130) return side;
  return size < 170 ? `sharp ${side}` : "uturn";
}
