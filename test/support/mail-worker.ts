import { createContext } from "./context.ts";
import { connectionWith, mail } from "./mailbox.ts";

/** Runs one action of email_personal at the base URL, and tells how it ended. Words: base URL, action, parameters in JSON. */
const [baseUrl = "", action = "", parameters = "{}"] = process.argv.slice(2);
const context = createContext({ config: { GMAIL_BASE_URL: baseUrl }, connection: connectionWith(async () => "token") });
const ended = await mail(action, JSON.parse(parameters), context).then(
  () => "read",
  (error: Error) => error.message,
);
process.stdout.write(ended);
