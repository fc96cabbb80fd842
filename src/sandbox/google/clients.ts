/** An app that is registered at the stand-in. */
export interface Client {
  id: string;
  secret: string;
  name: string;
  /** Whether a request may name this redirect URI. */
  allows(redirectUri: URL): boolean;
  /** Google does not join earlier grants into the tokens of an app that cannot keep a secret. */
  joinsGrants: boolean;
}

/** How Google names itself. */
export const issuer = "https://accounts.google.com";

export const desktopClientId = "000000000001-desktop.apps.googleusercontent.com";
export const desktopClientSecret = "sandbox-desktop-secret";
export const webClientId = "000000000002-web.apps.googleusercontent.com";
export const webClientSecret = "sandbox-web-secret";
export const webRedirectUri = "https://mcqueen.example/connect/google/callback";

const loopbackHosts = ["127.0.0.1", "[::1]", "localhost"];

const clients: readonly Client[] = [
  {
    id: desktopClientId,
    secret: desktopClientSecret,
    name: "mcqueen on a computer",
    allows: ({ protocol, hostname }) => protocol === "http:" && loopbackHosts.includes(hostname),
    joinsGrants: false,
  },
  {
    id: webClientId,
    secret: webClientSecret,
    name: "mcqueen on the web",
    allows: ({ href }) => href === webRedirectUri,
    joinsGrants: true,
  },
];

export const findClient = (id: string): Client | undefined => clients.find((client) => client.id === id);
