import type { UnitSystem } from "./schemas.ts";

const metresOfMile = 1_609.344;
const metresOfFoot = 0.3048;

/** "850 m", "2.3 km", "240 ft", "1.4 mi". */
export function distanceText(metres: number, units: UnitSystem): string {
  if (units === "imperial") {
    const miles = metres / metresOfMile;
    return miles < 0.1 ? `${roundTo(metres / metresOfFoot, 10)} ft` : `${oneDecimal(miles)} mi`;
  }
  return metres < 995 ? `${roundTo(metres, metres < 100 ? 1 : 10)} m` : `${oneDecimal(metres / 1000)} km`;
}

/** "1 min" at least, "1 h 05 min". */
export function durationText(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours === 0 ? `${minutes} min` : `${hours} h ${String(rest).padStart(2, "0")} min`;
}

/** Metres over the globe, as the crow flies. */
export function distanceBetween(
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number {
  const radians = Math.PI / 180;
  const h =
    Math.sin(((b.latitude - a.latitude) * radians) / 2) ** 2 +
    Math.cos(a.latitude * radians) *
      Math.cos(b.latitude * radians) *
      Math.sin(((b.longitude - a.longitude) * radians) / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(h)));
}

const roundTo = (value: number, step: number): number => Math.round(value / step) * step;
const oneDecimal = (value: number): string => (value < 99.95 ? value.toFixed(1) : String(Math.round(value)));
