import type { OAuthProvider } from "../core/oauth-provider.ts";
import { google } from "./google.ts";

/** Every provider there is, one line each. */
export const providers: readonly OAuthProvider[] = [google];
