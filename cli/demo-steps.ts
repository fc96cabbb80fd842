/** One step of the tour: the command, and what shows that it worked. */
export interface DemoStep {
  about: string;
  /** Words after `mcqueen`. */
  words: readonly string[];
  /** The exit code that is right; 0 unless said. */
  exit?: number;
  /** Texts that the output must hold. */
  expect: readonly string[];
  /** A request to the daemon instead of a command. */
  http?: { shown: string; path: string; body?: unknown };
}

const api = "/api/v1";

/** The tour. Each thing that mcqueen can do adds its steps here. */
export const demoSteps: readonly DemoStep[] = [
  { about: "What is there?", words: ["--sandbox", "list"], expect: ["get_weather", "available"] },
  {
    about: "Run a tool. The flags come from the tool's own schema.",
    words: ["--sandbox", "run", "get_weather", "--location", "New York", "--units", "imperial"],
    expect: ["New York", "°F", "SANDBOX"],
  },
  {
    about: "Scripts take JSON, or one part of it.",
    words: ["--sandbox", "run", "get_weather", "--location", "Oslo", "--select", "data.temperature"],
    expect: [],
  },
  {
    about: "Change how the tool works for you ...",
    words: ["--sandbox", "config", "get_weather", "set", "units=imperial"],
    expect: ["imperial"],
  },
  {
    about: "... and it does.",
    words: ["--sandbox", "run", "get_weather", "--location", "Tokyo", "--select", "data.units"],
    expect: ["imperial"],
  },
  {
    about: "A mistake is named, and stores nothing. The exit code is honest (2).",
    words: ["--sandbox", "run", "get_weather", "--location", "Oslo", "--units", "kelvin"],
    exit: 2,
    expect: ["Parameter units must be one of: metric, imperial"],
  },
  { about: "The same tools as a daemon.", words: ["--sandbox", "daemon", "start"], expect: ["serves at"] },
  {
    about: "Call it over HTTP. (The tour sends this request itself, curl need not be here.)",
    words: [],
    http: {
      shown: `curl -X POST $URL${api}/mcp/tools/get_weather/execute -H "Authorization: Bearer $(mcqueen --sandbox daemon token)" -H "Content-Type: application/json" -d '{"parameters": {"location": "London"}}'`,
      path: `${api}/mcp/tools/get_weather/execute`,
      body: { parameters: { location: "London" } },
    },
    expect: ['"success":true', "London", '"sandbox":true'],
  },
  { about: "How is it?", words: ["--sandbox", "daemon", "status"], expect: ["status: ok"] },
  { about: "Enough.", words: ["--sandbox", "daemon", "stop"], expect: ["Stopped"] },
];
