import type { OAuthProvider } from "../core/oauth-provider.ts";
import { google } from "./google.ts";
import { linkedin } from "./linkedin.ts";
import { slack } from "./slack.ts";
import { whatsapp } from "./whatsapp.ts";

/** Every provider there is, one line each. */
export const providers: readonly OAuthProvider[] = [
  google, //
  slack,
  whatsapp,
  linkedin,
];
