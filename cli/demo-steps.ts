import { messagingSteps } from "./demo-messaging.ts";
import { accountSteps, bookingSteps } from "./demo-services.ts";
import type { DemoStep } from "./demo-step.ts";

const execute = "/api/v1/mcp/tools/get_weather/execute";

const addNote = ["--sandbox", "run", "notes", "add", "--title"];
const approve = { POLICY: "cli.write=approve" };

const policySteps: readonly DemoStep[] = [
  {
    about: "A write happens only when a person meant it. Nobody said yes here, so nothing is done (exit 4).",
    words: [...addNote, "Buy milk"],
    exit: 4,
    expect: ["Voice confirmation required for: action, title"],
  },
  {
    about: "What would be sent? A dry run tells, and sends nothing.",
    words: [...addNote, "Buy milk", "--dry-run"],
    expect: ["dry_run: true", "effect: write"],
  },
  { about: "With a yes it is made.", words: [...addNote, "Buy milk", "--yes"], expect: ["title: Buy milk"] },
  {
    about: "Where only reading is allowed, a yes does not help.",
    words: ["--read-only", ...addNote, "Buy bread", "--yes"],
    exit: 8,
    expect: ["only reading is allowed here"],
  },
  {
    about: "What may who do, by the door it comes through?",
    words: ["--sandbox", "policy"],
    env: approve,
    expect: ["destructive", "At least, by the setting POLICY"],
  },
  {
    about: "Where the policy is approve, a program that says yes only asks. A person elsewhere decides.",
    words: [...addNote, "Sell the car", "--yes"],
    env: approve,
    exit: 4,
    expect: ["A person has been asked to approve this"],
  },
  {
    about: "What waits for you?",
    words: ["--sandbox", "approvals", "list"],
    expect: ["pending", "Add a note “Sell the car”?"],
  },
  {
    about: "",
    words: ["--sandbox", "approvals", "list", "--select", "approvals[0].id"],
    keep: { name: "APPROVAL" },
    expect: ["apr_"],
  },
  {
    about: "Saying yes wants a person at a terminal, and this tour is none.",
    words: ["--sandbox", "approvals", "approve", "$APPROVAL"],
    exit: 8,
    expect: ["wants a person at a terminal"],
  },
  {
    about: "Saying no is always possible.",
    words: ["--sandbox", "approvals", "deny", "$APPROVAL"],
    expect: ["Denied", "Nothing was done"],
  },
  {
    about: "One note was made: the refused ones are not among them.",
    words: ["--sandbox", "run", "notes"],
    expect: ["Buy milk"],
    absent: ["Buy bread", "Sell the car"],
  },
  {
    about: "What was done in your name?",
    words: ["--sandbox", "history", "--tool", "notes"],
    expect: ["denied", "approval_required", "intent", "Buy milk"],
  },
  {
    about: "Has anybody changed or removed a line of it?",
    words: ["--sandbox", "history", "verify"],
    expect: ["The chain holds"],
  },
  { about: "How much of it was there?", words: ["--sandbox", "stats"], expect: ["notes", "quota left", "of 60"] },
];

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
  {
    about: "Search the web. Each result is numbered; --open 1 would show the first in your browser.",
    words: ["--sandbox", "run", "web_search", "--query", "best pizza in Naples", "--num-results", "2"],
    expect: ["1. The best pizza in Naples", "Results by SearXNG"],
  },
  {
    about: "Several services stand behind a tool. How do they do?",
    words: ["--sandbox", "providers", "--tool", "web_search"],
    expect: ["SearXNG", "ok", "no key", "SEARCH_API_KEY"],
  },
  {
    about: "Save a place and give it a label ...",
    words: ["--sandbox", "places", "add", "Grandma", "--address", "Kastanienallee 41, Berlin", "--label", "home"],
    expect: ["Saved Grandma (home)."],
  },
  {
    about: "... and find the way from there.",
    words: ["--sandbox", "run", "maps_hybrid", "directions", "--origin", "home", "--destination", "Brandenburg Gate"],
    expect: ["Grandma to Brandenburg Gate", "Kastanienallee", "OpenStreetMap contributors"],
  },
  ...bookingSteps,
  ...accountSteps,
  ...policySteps,
  { about: "The same tools as a daemon.", words: ["--sandbox", "daemon", "start"], expect: ["serves at"] },
  {
    about: "The token that lets a program of yours call it.",
    words: ["--sandbox", "daemon", "token"],
    keep: { name: "TOKEN" },
    expect: ["mcq_l_"],
  },
  {
    about: "Call it over HTTP. (The tour sends these requests itself, curl need not be here.)",
    words: [],
    http: { path: execute, bearer: "$TOKEN", body: { parameters: { location: "London" } } },
    expect: ['"success":true', "London", '"sandbox":true'],
  },
  ...messagingSteps,
  {
    about: "Somebody else may use it too: add a user, and make a login token that works once.",
    words: ["--sandbox", "users", "add", "ada"],
    expect: ["Added ada (member)"],
  },
  { about: "", words: ["--sandbox", "users", "token", "ada"], keep: { name: "LOGIN" }, expect: ["eyJ"] },
  {
    about: "The app logs in with it ...",
    words: [],
    http: { path: "/api/v1/auth/login", body: { user_id: "ada", auth_token: "$LOGIN" } },
    keep: { name: "SESSION", field: "session.session_id" },
    expect: ['"user_id":"ada"'],
  },
  {
    about: "... and works with the session.",
    words: [],
    http: { path: "/api/v1/auth/session", bearer: "$SESSION" },
    expect: ['"role":"member"'],
  },
  {
    about: "The login token is used up. The answer is a refusal.",
    words: [],
    http: { path: "/api/v1/auth/login", body: { user_id: "ada", auth_token: "$LOGIN" } },
    exit: 22,
    expect: ["Invalid authentication token"],
  },
  { about: "Who is logged in?", words: ["--sandbox", "sessions", "list", "--all"], expect: ["ada", "mobile_app"] },
  {
    about: "A token for a script that may read the weather and nothing else.",
    words: ["--sandbox", "tokens", "create", "weather-script", "--tool", "get_weather", "--expires", "30d"],
    keep: { name: "SCRIPT" },
    expect: ["mcq_t_"],
  },
  {
    about: "It cannot even look at the users.",
    words: [],
    http: { path: "/api/v1/users", bearer: "$SCRIPT" },
    exit: 22,
    expect: ["An API token may list and run tools, nothing else"],
  },
  {
    about: "Revoked, it ends at once.",
    words: ["--sandbox", "tokens", "revoke", "weather-script"],
    expect: ["Revoked"],
  },
  {
    about: "A key is a secret. It would come from stdin; as an argument it is refused, for others can read arguments.",
    words: ["--sandbox", "settings", "set", "WEATHER_API_KEY", "abc"],
    exit: 2,
    expect: ["is a secret"],
  },
  { about: "What works, and what does not?", words: ["--sandbox", "doctor"], expect: ["database", "vault", "daemon"] },
  { about: "How is it?", words: ["--sandbox", "daemon", "status"], expect: ["database: ok"] },
  { about: "Enough.", words: ["--sandbox", "daemon", "stop"], expect: ["Stopped"] },
];
