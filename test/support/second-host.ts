import { connect as connectTcp } from "node:net";
import { claimAs, type Post } from "./phone.ts";

/**
 * What another computer in the network finds, as JSON on stdout. It is run inside a network namespace of its own.
 * Arguments: the LAN listener's URL, the port on loopback, the authority, a name of it, a pairing code, its pin, and the
 * texts that are canaries: the phone's name, and subject and text of a mail; the token of programs on
 * that computer; and the routes to try, as JSON.
 */
const [
  lan = "",
  plainPort = "",
  authority = "",
  name = "",
  code = "",
  pin,
  canary = "",
  subject = "",
  text = "",
  localToken = "",
  routes = "[]",
] = process.argv.slice(2);
const { hostname, port } = new URL(lan);

/** The first bytes that come back, or why none do. */
const say = (to: number, words: string): Promise<string> =>
  new Promise((resolve) => {
    let heard = "";
    const socket = connectTcp(to, hostname, () => socket.write(words));
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
  const answer = await response.text();
  return { status: response.status, json: answer.startsWith("{") ? JSON.parse(answer) : undefined };
}

const tell = (what: unknown) => Bun.write(Bun.stdout, `${JSON.stringify(what)}\n`);

const get = `GET /api/v1/mcp/tools HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`;
const found = {
  loopbackPort: await say(Number(plainPort), get),
  plaintext: await say(Number(port), get),
  unpaired: {} as Record<string, number>,
  paired: 0,
  name: "",
  sent: false,
  found: "",
};
const bearers = { none: undefined, guessed: "mcq_s_guess", "of this computer": localToken };
for (const { method, path, body } of JSON.parse(routes) as { method: string; path: string; body?: unknown }[]) {
  for (const [kind, bearer] of Object.entries(bearers))
    found.unpaired[`${method} ${path}, token: ${kind}`] = (await ask(method, path, body, bearer)).status;
}
const post: Post = (path, body) => ask("POST", `/api/v1${path}`, body);
const phone = await claimAs(post, code, pin, canary);
await tell({ claimed: phone.number });
const { device_token: token } = (await phone.wait(30)).json;
const { session } = (await post("/auth/device", { device_token: token })).json;
const bearer: string = session.session_id;
const listed = await ask("GET", "/api/v1/devices", undefined, bearer);
found.paired = listed.status;
found.name = listed.json.devices[0].name;
const mail = async (action: string, parameters: object, more: object = {}) =>
  (
    await ask(
      "POST",
      "/api/v1/mcp/tools/email_personal/execute",
      { parameters: { action, ...parameters }, ...more },
      bearer,
    )
  ).json;
const [first] = (await mail("search", { query: "in:inbox", max_results: 1 })).data.messages;
const read = await mail("read", { message_id: first.id });
const yes = { voice_confirmations: { action: true, to: true, subject: true } };
const sent = await mail("send", { to: ["alan.turing@example.com"], subject, body: text }, yes);
found.sent = sent.success;
const [last] = (await mail("search", { query: "in:sent newer_than:1d", max_results: 1 })).data.messages;
found.found = last.subject;
const secrets = [canary, code, phone.token, phone.number, token, bearer, subject, text];
await tell({ ...found, secrets, read: read.data });
