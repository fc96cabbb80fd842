import { connect as connectTcp } from "node:net";
import { claimAs, type Post } from "./phone.ts";

/**
 * What another computer in the network finds, as JSON on stdout. It is run inside a network namespace of its own.
 * Arguments: the LAN listener's URL, the port on loopback, the authority, a name of it, and a pairing code.
 */
const [lan = "", plainPort = "", authority = "", name = "", code = ""] = process.argv.slice(2);
const { hostname, port } = new URL(lan);
const canary = "canary-in-the-mine-7d1f";

/** The first bytes that come back, or why none do. */
const say = (to: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    let heard = "";
    const socket = connectTcp(to, hostname, () => socket.write(text));
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on("data", (data) => {
      heard += data.toString("latin1");
    });
    socket.on("error", (error) => resolve("code" in error ? String(error.code) : "error"));
    socket.on("close", () => resolve(heard));
  });

async function ask(method: string, path: string, body?: unknown, bearer?: string) {
  const response = await fetch(`${lan}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    tls: { ca: authority, serverName: name },
  } as RequestInit);
  const text = await response.text();
  return { status: response.status, json: text.startsWith("{") ? JSON.parse(text) : undefined };
}

const get = `GET /api/v1/mcp/tools HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`;
const found = {
  loopbackPort: await say(Number(plainPort), get),
  plaintext: await say(Number(port), get),
  unpaired: {} as Record<string, number>,
  paired: 0,
  name: "",
};
for (const [method, path, body] of [
  ["GET", "/api/v1/mcp/tools"],
  ["GET", "/api/v1/mcp/history"],
  ["GET", "/api/v1/mcp/events"],
  ["GET", "/api/v1/users"],
  ["GET", "/api/v1/devices"],
  ["POST", "/api/v1/mcp/tools/get_weather/execute", { parameters: { location: "Oslo" } }],
  ["POST", "/api/v1/tokens", { name: "mine" }],
] as const) {
  found.unpaired[`${method} ${path}`] = (await ask(method, path, body, "mcq_s_guess")).status;
}
const post: Post = (path, body) => ask("POST", `/api/v1${path}`, body);
const phone = await claimAs(post, code, undefined, canary);
await Bun.write(Bun.stdout, `${JSON.stringify({ claimed: true })}\n`);
const { device_token: token } = (await phone.wait(30)).json;
const { session } = (await post("/auth/device", { device_token: token })).json;
const listed = await ask("GET", "/api/v1/devices", undefined, session.session_id);
found.paired = listed.status;
found.name = listed.json.devices[0].name;
await Bun.write(Bun.stdout, `${JSON.stringify({ ...found, secrets: [canary, code, token, session.session_id] })}\n`);
