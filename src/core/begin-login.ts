import type { Accounts } from "./accounts.ts";
import { page } from "./callback-page.ts";
import type { ConnectTicket, ConnectTickets } from "./connect-ticket.ts";
import { AppError } from "./errors.ts";

export interface LinkParts {
  accounts: Pick<Accounts, "startLogin">;
  connectTickets: ConnectTickets;
}

/**
 * Opens a link that a person's program was given: it sends the browser on to the service, once.
 * @param isHere whether the browser is on this computer, so that the service can send it back to a port of ours
 */
export async function openLoginLink(
  parts: LinkParts,
  service: string,
  secret: string,
  isHere: boolean,
): Promise<Response> {
  const ticket = await parts.connectTickets.take(secret);
  if (ticket?.service !== service) {
    const text = "Links like this open once, and only for ten minutes. Let your program ask again.";
    return page("✗ This link has had its time", [text], { status: 400 });
  }
  try {
    const login = await start(parts, ticket, isHere);
    if (login.mode !== "paste") return new Response(null, { status: 302, headers: { location: login.url, ...unkept } });
    const steps = [
      `${service} cannot send your browser back here by itself.`,
      `In a terminal of the computer that mcqueen is on: mcqueen login ${service}`,
    ];
    return page("This login needs a terminal", steps, { status: 409 });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return page(`✗ ${error.message}`, error.hint ? [error.hint] : [], { status: 409 });
  }
}

const unkept = { "cache-control": "no-store", "referrer-policy": "no-referrer" };

async function start({ accounts }: LinkParts, { caller, service }: ConnectTicket, isHere: boolean) {
  if (isHere) {
    try {
      return await accounts.startLogin(caller, service, { mode: "loopback" });
    } catch (error) {
      // Not every service takes that way; then the usual one for browsers elsewhere.
      if (!(error instanceof AppError && error.code === "invalid_parameters")) throw error;
    }
  }
  return accounts.startLogin(caller, service, {});
}

/** The page before the service's own, for a browser elsewhere: it names whose login this is. */
export const askBeforeLogin = (userId: string, service: string, href: string): Response =>
  page(
    `Log in to ${service}`,
    [
      `A program of ${userId} asks for this. What you link now will be used in the name of ${userId}.`,
      `Go on only if you are ${userId} and have just asked for it.`,
    ],
    { link: { href, text: `Go on to ${service}` } },
  );
