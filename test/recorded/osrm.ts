import { parseOsrm } from "../../src/adapters/maps/osrm.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const [from, to] = [
  { name: "A", latitude: -34.66, longitude: -58.57 },
  { name: "B", latitude: -34.65, longitude: -58.58 },
];

const get = async (sandbox: Sandbox, query: string): Promise<unknown> =>
  (await fetch(`${sandbox.baseUrls.OSRM_BASE_URL}/route/v1/driving/${query}`)).json();

export const osrm: RecordedAdapter = {
  name: "osrm",
  folders: ["osrm"],
  files: {
    "osrm/route_error_noroute.json": (json) => {
      try {
        parseOsrm(json, from, to, "driving");
      } catch (error) {
        must(error instanceof AppError && error.message === "There is no way from A to B by car", String(error));
        return String(error);
      }
      throw new Error("it was taken for a route");
    },
    "osrm/route_steps_annotations_ituzaingo.json": (json) => {
      const [route] = parseOsrm(json, from, to, "driving");
      const steps = route?.steps.map(({ instruction }) => instruction);
      const expected = [
        "Head northwest on General Ocampo",
        "Turn right onto Miró",
        "Turn left onto Avenida Presidente Juan Domingo Perón",
        "Arrive at your destination",
      ];
      must(Bun.deepEquals(steps, expected), `understood ${steps?.join("; ")}`);
      must(route?.metres === 995.2 && route.seconds === 95.6, `${route?.metres} m in ${route?.seconds} s`);
      return expected.join("; ");
    },
    "osrm/route_two_alternatives_no_steps.json": (json) => {
      const routes = parseOsrm(json, from, to, "walking");
      must(
        Bun.deepEquals(
          routes.map(({ metres }) => metres),
          [138.1, 176.9],
        ),
        `understood ${routes.length} routes`,
      );
      return "2 routes without steps";
    },
  },
  standIns: [
    {
      files: ["osrm/route_steps_annotations_ituzaingo.json"],
      // A roundabout and an exit are in no recorded answer; see project-osrm.org/docs/v5.24.0/api.
      documented: [".routes[].legs[].steps[].maneuver.exit", ".routes[].legs[].steps[].ref"],
      ask: (sandbox) => get(sandbox, "13.4132,52.5219;13.3777,52.5163?steps=true&annotations=true&overview=full"),
    },
    {
      files: ["osrm/route_error_noroute.json"],
      exact: true,
      ask: (sandbox) => get(sandbox, "2.2945,48.8582;139.7454,35.6585"),
    },
  ],
};
