import { listIn, numberIn, recordIn, textIn } from "../../core/answer.ts";

const compass = ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"];

/** A sentence for one step of OSRM, which gives only its parts. https://project-osrm.org/docs/v5.24.0/api/ */
export function instructionOf(step: unknown): string {
  const maneuver = recordIn(step, "maneuver");
  const type = textIn(maneuver, "type") ?? "";
  const modifier = textIn(maneuver, "modifier");
  const street = streetOf(step);
  if (textIn(step, "mode") === "ferry" && type !== "arrive") return `Take the ferry${street ? ` ${street}` : ""}`;
  const sentence = sentenceOf(type, modifier, street, maneuver, step);
  return textIn(step, "mode") === "pushing bike" && type !== "arrive" ? `${sentence}, walking the bicycle` : sentence;
}

function sentenceOf(
  type: string,
  modifier: string | undefined,
  street: string | undefined,
  maneuver: unknown,
  step: unknown,
): string {
  const onto = street ? ` onto ${street}` : "";
  const on = street ? ` on ${street}` : "";
  switch (type) {
    case "depart":
      return `Head ${heading(numberIn(maneuver, "bearing_after"))}${on}`;
    case "arrive":
      return `Arrive at your destination${sideOf(modifier)}`;
    case "new name":
      return `Continue${onto}`;
    case "continue":
      if (modifier === "uturn") return `Make a U-turn${on}`;
      return isStraight(modifier) ? `Continue${on}` : `${turn(modifier)}${street ? ` to stay on ${street}` : ""}`;
    case "merge":
      return `Merge${side(modifier)}${onto}`;
    case "on ramp":
      return `Take the ramp${onSide(modifier)}${towards(step) ?? onto}`;
    case "off ramp":
      return `Take ${exitOf(step)}${onSide(modifier)}${towards(step) ?? onto}`;
    case "fork":
      return `Keep ${sideWord(modifier)} at the fork${towards(step) ?? onto}`;
    case "end of road":
      return `${turn(modifier)} at the end of the road${onto}`;
    case "roundabout":
    case "rotary":
      return `${circleOf(type, step)}${exitCount(numberIn(maneuver, "exit"))}${onto}`;
    case "roundabout turn":
      return `At the roundabout, ${lower(turn(modifier))}${onto}`;
    case "exit roundabout":
    case "exit rotary":
      return `Leave the roundabout${onto}`;
    case "notification":
    case "use lane":
      return `Continue${on}`;
    default:
      return isStraight(modifier) ? `Continue${onto}` : `${turn(modifier)}${onto}`;
  }
}

/** "Main Road (B 96)", "B 96", or nothing where the way has no name. */
function streetOf(step: unknown): string | undefined {
  const [name, ref] = [textIn(step, "name"), textIn(step, "ref")?.replaceAll(";", " / ")];
  if (name && ref && !name.includes(ref)) return `${name} (${ref})`;
  return name ?? ref;
}

const heading = (bearing: number | undefined): string =>
  bearing === undefined ? "off" : (compass[Math.round((((bearing % 360) + 360) % 360) / 45) % 8] ?? "off");

const isStraight = (modifier: string | undefined): boolean => modifier === undefined || modifier === "straight";

function turn(modifier: string | undefined): string {
  if (modifier === "uturn") return "Make a U-turn";
  if (isStraight(modifier)) return "Go straight on";
  if (modifier?.startsWith("slight ")) return `Bear ${modifier.slice(7)}`;
  if (modifier?.startsWith("sharp ")) return `Turn sharply ${modifier.slice(6)}`;
  return `Turn ${modifier}`;
}

const sideWord = (modifier: string | undefined): string => /left|right/.exec(modifier ?? "")?.[0] ?? "straight on";
const side = (modifier: string | undefined): string =>
  /left|right/.test(modifier ?? "") ? ` ${sideWord(modifier)}` : "";
const onSide = (modifier: string | undefined): string =>
  /left|right/.test(modifier ?? "") ? ` on the ${sideWord(modifier)}` : "";
const sideOf = (modifier: string | undefined): string =>
  modifier === "straight" ? ", straight ahead" : onSide(modifier).replace(/^ /, ", ");

function towards(step: unknown): string | undefined {
  const destinations = textIn(step, "destinations");
  return destinations ? ` towards ${destinations.replace(/^[^:]*: /, "")}` : undefined;
}

function exitOf(step: unknown): string {
  const exits = textIn(step, "exits");
  return exits ? `exit ${exits.replaceAll(";", " or ")}` : "the exit";
}

function circleOf(type: string, step: unknown): string {
  const name = textIn(step, "rotary_name");
  if (name) return `At ${name}, take the `;
  return type === "rotary" ? "At the rotary, take the " : "At the roundabout, take the ";
}

function exitCount(count: number | undefined): string {
  if (count === undefined) return "exit";
  const tail = count % 100 > 10 && count % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th");
  return `${count}${tail} exit`;
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** The steps of all legs of a route; arriving at a place on the way is not the end. */
export const stepsOf = (route: unknown): unknown[] =>
  (listIn(route, "legs") ?? []).flatMap((leg) => listIn(leg, "steps") ?? []);
