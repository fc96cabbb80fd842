import { createConformanceServers } from "./conformance-server.ts";
import { logIn } from "./people.ts";
import { bootServer } from "./server.ts";

/**
 * The fixtures of the conformance suite behind the product's door, as a program of its own: it says where it is and who
 * may come in, and ends with its input.
 */
const changeTools = (): Promise<void> =>
  server.app.events.append({ userId: "owner", kind: "tools.changed", data: {}, at: new Date() });
const server = await bootServer(
  { env: { RATE_LIMIT_SESSION_MAX: "1000000", RATE_LIMIT_MAX: "1000000" } },
  { makeAgentServer: createConformanceServers(changeTools) },
);
const session = await logIn(server, "ada");
process.stdout.write(`${JSON.stringify({ origin: server.origin, token: server.app.localToken(), session })}\n`);
process.stdin.on("end", () => void server[Symbol.asyncDispose]().then(() => process.exit(0)));
process.stdin.resume();
