import type { Town } from "./town.ts";
import { amsterdam } from "./towns/amsterdam.ts";
import { berlin } from "./towns/berlin.ts";
import { london } from "./towns/london.ts";
import { newYork } from "./towns/new-york.ts";
import { paris } from "./towns/paris.ts";
import { tokyo } from "./towns/tokyo.ts";

/** The towns that the map's stand-ins know. */
export const towns: readonly Town[] = [
  berlin, //
  paris,
  london,
  newYork,
  amsterdam,
  tokyo,
];
