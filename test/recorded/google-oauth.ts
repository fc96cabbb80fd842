import { consent, exchange, gmail, logIn, press, refresh } from "../support/google.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const isRefusal = (json: unknown): string => {
  const { error, error_description: sentence } = json as Record<string, unknown>;
  must(error === "invalid_grant" && typeof sentence === "string", JSON.stringify(json));
  return `refused: ${sentence}`;
};

const isToken = (json: unknown): string => {
  const { access_token: token, token_type: type, expires_in: life } = json as Record<string, unknown>;
  must(typeof token === "string" && type === "Bearer" && typeof life === "number", JSON.stringify(json));
  return `a token for ${life} seconds`;
};

export const googleOauth: RecordedAdapter = {
  name: "google-oauth",
  folders: ["google-oauth"],
  files: {
    "google-oauth/error_invalid_grant_bad_request.json": isRefusal,
    "google-oauth/error_invalid_grant_code_redeemed.json": isRefusal,
    "google-oauth/error_invalid_grant_expired_or_revoked.json": isRefusal,
    "google-oauth/token_code_exchange_identity_scopes_only.json": isToken,
    "google-oauth/token_code_exchange_success_playground.json": isToken,
    "google-oauth/token_refresh_success_no_scope.json": isToken,
  },
  standIns: [
    {
      files: ["google-oauth/token_code_exchange_success_playground.json"],
      ask: async (sandbox) => {
        await logIn(sandbox);
        // An earlier run may have left a grant, with its testing status.
        await press(sandbox, "ada.lovelace@example.com", "remove");
        await logIn(sandbox, { scope: gmail("readonly") });
        await press(sandbox, "ada.lovelace@example.com", "testing");
        return logIn(sandbox, { scope: gmail("readonly"), prompt: "consent" });
      },
    },
    {
      files: ["google-oauth/token_code_exchange_identity_scopes_only.json"],
      documented: [".id_token"],
      ask: (sandbox) => logIn(sandbox, { scope: "openid email" }, { email: "grace.hopper@example.com" }),
    },
    {
      files: ["google-oauth/token_refresh_success_no_scope.json"],
      documented: [".scope"],
      ask: async (sandbox) => {
        const { refresh_token: token } = await logIn(sandbox, { scope: gmail("send"), prompt: "consent" });
        return (await refresh(sandbox, token)).body;
      },
    },
    {
      files: ["google-oauth/error_invalid_grant_code_redeemed.json"],
      exact: true,
      ask: async (sandbox) => {
        const code = (await consent(sandbox)).searchParams.get("code");
        await exchange(sandbox, code);
        return (await exchange(sandbox, code)).body;
      },
    },
    {
      files: ["google-oauth/error_invalid_grant_expired_or_revoked.json"],
      exact: true,
      ask: async (sandbox) => (await refresh(sandbox, "1//0unknown")).body,
    },
    {
      files: ["gmail/error_401_invalid_credentials.json"],
      exact: true,
      ask: async (sandbox) => {
        const headers = { authorization: "Bearer ya29.unknown" };
        return (await fetch(`${sandbox.baseUrls.GOOGLE_API_BASE_URL}/oauth2/v3/userinfo`, { headers })).json();
      },
    },
    {
      files: ["gmail/error_403_insufficient_scope.json"],
      ask: async (sandbox) => {
        const choice = { email: "alan.turing@example.com" };
        const { access_token: token } = await logIn(sandbox, { scope: gmail("readonly") }, choice);
        const headers = { authorization: `Bearer ${token}` };
        return (await fetch(`${sandbox.baseUrls.GOOGLE_API_BASE_URL}/oauth2/v3/userinfo`, { headers })).json();
      },
    },
  ],
};
