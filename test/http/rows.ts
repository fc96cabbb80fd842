import type { Sent } from "../support/server.ts";

export const api = "/api/v1";
export const execute = `${api}/mcp/tools/echo/execute`;

/** One request and what its answer must and must not hold. In order: later rows see what earlier ones stored. */
interface Row {
  name: string;
  request: Sent;
  status: number;
  holds?: string[];
  lacks?: string[];
}

export const rows: Row[] = [
  {
    name: "health needs no token",
    request: { path: `${api}/health`, auth: null },
    status: 200,
    holds: ['"status":"ok"', '"database":"ok"', '"disk":"ok"', '"uptime_s":', '"version":'],
  },
  { name: "live", request: { path: `${api}/health/live`, auth: null }, status: 200, holds: ['"status":"ok"'] },
  { name: "ready", request: { path: `${api}/health/ready`, auth: null }, status: 200 },
  {
    name: "no token",
    request: { path: `${api}/mcp/tools`, auth: null },
    status: 401,
    holds: ['"error":"Invalid authentication token"'],
  },
  {
    name: "wrong token",
    request: { path: `${api}/mcp/tools`, auth: "mcq_l_wrong" },
    status: 401,
    holds: ['"error":"Invalid authentication token"'],
    lacks: ["mcq_l_wrong"],
  },
  { name: "no token comes before a bad body", request: { path: execute, auth: null, raw: "{bad" }, status: 401 },
  {
    name: "list",
    request: { path: `${api}/mcp/tools` },
    status: 200,
    holds: [
      '"total":3',
      '"id":"echo"',
      '"user_enabled":true',
      '"user_priority":5',
      '"voice_confirmations":["action","to","text"]',
    ],
  },
  {
    name: "one tool",
    request: { path: `${api}/mcp/tools/echo` },
    status: 200,
    holds: ['"input_schema"', '"output_schema"', '"name":"text","type":"string","required":true'],
  },
  {
    name: "unknown tool",
    request: { path: `${api}/mcp/tools/nope` },
    status: 404,
    holds: ['"error":"Tool nope not found"'],
  },
  {
    name: "execute",
    request: {
      path: execute,
      body: { parameters: { text: "hi" }, user_id: "owner", timestamp: "2026-01-01T00:00:00Z" },
    },
    status: 200,
    holds: ['"success":true', '"said":["hi"]', '"provider":"Toy"', '"service":"toy"'],
  },
  {
    name: "missing parameter",
    request: { path: execute, body: { parameters: {} } },
    status: 400,
    holds: ['"error":"Parameter validation failed: Missing required parameter: text"'],
  },
  {
    name: "no body at all",
    request: { path: execute, method: "POST" },
    status: 400,
    holds: ["Missing required parameter: text"],
  },
  {
    name: "all problems at once",
    request: { path: execute, body: { parameters: { text: 1, times: "x", mode: "z" } } },
    status: 400,
    holds: [
      "Parameter text must be a string; Parameter times must be a number; Parameter mode must be one of: plain, fancy",
    ],
  },
  {
    name: "unknown parameter",
    request: { path: execute, body: { parameters: { text: "x", colour: 1 } } },
    status: 400,
    holds: ["Unknown parameter: colour"],
  },
  {
    name: "unknown JSON key",
    request: { path: execute, body: { parameters: { text: "x" }, extra: 1 } },
    status: 400,
    holds: ["Unknown field: extra"],
  },
  { name: "body of another type", request: { path: execute, body: [] }, status: 400, holds: ["must be a JSON object"] },
  {
    name: "broken JSON",
    request: { path: execute, raw: "{bad" },
    status: 400,
    holds: ["The body is not valid JSON"],
    lacks: ["{bad"],
  },
  {
    name: "not UTF-8",
    request: { path: execute, raw: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]) },
    status: 400,
    holds: ["not valid JSON"],
  },
  {
    name: "too deep",
    request: { path: execute, raw: `${"[".repeat(65)}${"]".repeat(65)}` },
    status: 400,
    holds: ["deeper than 64"],
  },
  {
    name: "form body",
    request: { path: execute, raw: "a=1", headers: { "content-type": "application/x-www-form-urlencoded" } },
    status: 415,
    holds: ["The body must be JSON"],
  },
  { name: "text body", request: { path: execute, raw: "{}", headers: { "content-type": "text/plain" } }, status: 415 },
  {
    name: "11 MB body",
    request: { path: execute, raw: new Uint8Array(11_000_000).fill(32) },
    status: 413,
    holds: ["The body is larger than 10 MiB"],
  },
  {
    name: "confirmation",
    request: { path: `${api}/mcp/tools/letters/execute`, body: { parameters: { action: "send", to: "Ada" } } },
    status: 200,
    holds: [
      '"success":false',
      '"error":"Voice confirmation required for: action, to"',
      '"requires_confirmation":["action","to"]',
      '"confirmation_prompt":"Send a letter to Ada?"',
    ],
  },
  {
    name: "a differing confirmation",
    request: {
      path: `${api}/mcp/tools/letters/execute`,
      body: { parameters: { action: "send", to: "Ada" }, voice_confirmations: { action: true, to: "Eve" } },
    },
    status: 400,
    holds: ["The confirmed value of to differs"],
  },
  {
    name: "a defect",
    request: { path: `${api}/mcp/tools/probe/execute`, body: {} },
    status: 500,
    holds: ['"error":"Internal server error"', '"message":"Something went wrong"'],
    lacks: ["canary"],
  },
  {
    name: "another user in the body",
    request: { path: execute, body: { parameters: { text: "x" }, user_id: "eve" } },
    status: 403,
  },
  {
    name: "another user in the header",
    request: { path: `${api}/mcp/tools`, headers: { "x-user-id": "eve" } },
    status: 403,
  },
  { name: "another user in the query", request: { path: `${api}/mcp/tools?user_id=eve` }, status: 403 },
  {
    name: "one's own name",
    request: { path: `${api}/mcp/tools?user_id=owner`, headers: { "x-user-id": "owner" } },
    status: 200,
  },
  {
    name: "read a config",
    request: { path: `${api}/mcp/tools/echo/config` },
    status: 200,
    holds: ['"data":{"tool_id":"echo","enabled":true,"priority":5,"custom_settings":{}}'],
  },
  {
    name: "bad config",
    request: {
      method: "PUT",
      path: `${api}/mcp/tools/echo/config`,
      body: { enabled: "no", priority: 11, custom_settings: { times: 9, hat: 1 } },
    },
    status: 400,
    holds: ["Field enabled must be a boolean", "Field priority must be at most 10"],
  },
  {
    name: "bad setting",
    request: { method: "PUT", path: `${api}/mcp/tools/echo/config`, body: { custom_settings: { times: 9, hat: 1 } } },
    status: 400,
    holds: ["Unknown setting: hat", "Setting times must be at most 5"],
  },
  {
    name: "nothing was stored",
    request: { path: `${api}/mcp/tools/echo/config` },
    status: 200,
    holds: ['"custom_settings":{}'],
  },
  {
    name: "change a config",
    request: {
      method: "PUT",
      path: `${api}/mcp/tools/echo/config`,
      body: { priority: 1, custom_settings: { times: 2 } },
    },
    status: 200,
    holds: ['"priority":1', '"times":2'],
  },
  {
    name: "POST does the same",
    request: { method: "POST", path: `${api}/mcp/tools/echo/config`, body: { custom_settings: { times: 3 } } },
    status: 200,
    holds: ['"priority":1', '"times":3'],
  },
  {
    name: "the change works",
    request: { path: execute, body: { parameters: { text: "x" } } },
    status: 200,
    holds: ['"said":["x","x","x"]'],
  },
  {
    name: "null removes a setting",
    request: { method: "PUT", path: `${api}/mcp/tools/echo/config`, body: { custom_settings: { times: null } } },
    status: 200,
    holds: ['"custom_settings":{}'],
  },
  {
    name: "disable",
    request: { method: "PUT", path: `${api}/mcp/tools/echo/config`, body: { enabled: false } },
    status: 200,
  },
  {
    name: "disabled",
    request: { path: execute, body: { parameters: { text: "x" } } },
    status: 403,
    holds: ['"error":"Tool echo not enabled for user"', '"error_code":"tool_disabled"'],
  },
  {
    name: "reset",
    request: { method: "DELETE", path: `${api}/mcp/tools/echo/config` },
    status: 200,
    holds: ['"enabled":true,"priority":5'],
  },
  {
    name: "profile",
    request: { method: "PATCH", path: `${api}/profile`, body: { zone: "Europe/Oslo" } },
    status: 200,
    holds: ['"zone":"Europe/Oslo"'],
  },
  {
    name: "bad profile",
    request: { method: "PATCH", path: `${api}/profile`, body: { zone: "Mars", shoe: 1 } },
    status: 400,
    holds: ["Field zone must be a valid time zone", "shoe"],
  },
  { name: "unknown path", request: { path: "/nope" }, status: 404, holds: ['"error":"Endpoint not found"'] },
  {
    name: "unknown path under the prefix",
    request: { path: `${api}/nope`, auth: null },
    status: 404,
    holds: ["Endpoint not found"],
  },
  {
    name: "wrong method",
    request: { method: "DELETE", path: `${api}/mcp/tools/echo` },
    status: 404,
    holds: ["Endpoint not found"],
  },
  { name: "foreign host", request: { path: `${api}/health`, headers: { host: "evil.example" } }, status: 421 },
  { name: "short host", request: { path: `${api}/health`, headers: { host: "x" } }, status: 421 },
  {
    name: "foreign origin",
    request: { path: `${api}/mcp/tools`, headers: { origin: "https://evil.example" } },
    status: 403,
  },
  {
    name: "allowed origin",
    request: { path: `${api}/mcp/tools`, headers: { origin: "http://localhost:3000" } },
    status: 200,
  },
  {
    name: "docs page",
    request: { path: "/docs", auth: null },
    status: 200,
    holds: ['<script src="/docs/start.js">'],
    lacks: ["https://"],
  },
  { name: "docs script", request: { path: "/docs/swagger-ui.js", auth: null }, status: 200 },
  { name: "docs style", request: { path: "/docs/swagger-ui.css", auth: null }, status: 200 },
];
