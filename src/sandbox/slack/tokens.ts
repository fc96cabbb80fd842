import { join } from "node:path";
import { hashSecret, isSame, randomText } from "../../core/secret.ts";
import { makeFolder, move, read, remove, write } from "../google/state.ts";
import { bot } from "./workspace.ts";

export const clientId = "1000000000001.1000000000002";
export const clientSecret = "sandbox-slack-client-secret";
/** Of the bot that the sandbox's app has in the workspace. */
export const botToken = "xoxb-1000000000001-sandbox-bot-token";

/** What the bot may do. It was installed without the right to see private channels. */
const botScopes =
  "chat:write,channels:read,channels:history,im:history,im:read,im:write,users:read,users:read.email".split(",");

/** Who calls, and what they may do. */
export interface Holder {
  userId: string;
  scopes: readonly string[];
  isBot: boolean;
}

const lifeMs = 10 * 60_000;
const place = (folder: string, kind: string, secret: string): string =>
  join(folder, "slack", kind, `${hashSecret(secret)}.json`);

/** Makes the token of a person. */
export function issueToken(folder: string, userId: string, scopes: readonly string[]): string {
  const token = `xoxp-1000000000001-${randomText(24, "hex")}`;
  makeFolder(join(folder, "slack", "tokens"));
  write(place(folder, "tokens", token), { userId, scopes });
  return token;
}

/** Undefined for a token that is not good, or "revoked". */
export function findHolder(folder: string, token: string): Holder | "revoked" | undefined {
  if (read(place(folder, "revoked", token))) return "revoked";
  if (isSame(token, botToken)) return { userId: bot.userId, scopes: botScopes, isBot: true };
  const found = read<{ userId: string; scopes: string[] }>(place(folder, "tokens", token));
  return found && { ...found, isBot: false };
}

export function revoke(folder: string, token: string): void {
  makeFolder(join(folder, "slack", "revoked"));
  write(place(folder, "revoked", token), { revoked: true });
  remove(place(folder, "tokens", token));
}

interface Code {
  userId: string;
  scopes: readonly string[];
  redirectUri: string;
  at: string;
}

export function issueCode(folder: string, code: Code): string {
  const text = `1000000000001.${randomText(32, "hex")}`;
  makeFolder(join(folder, "slack", "codes"));
  makeFolder(join(folder, "slack", "used"));
  write(place(folder, "codes", text), code);
  return text;
}

/** Takes a code, which works once and for ten minutes. @returns the code, or Slack's word for why there is none */
export function redeem(folder: string, text: string, now: Date): Code | string {
  const used = place(folder, "used", text);
  if (!move(place(folder, "codes", text), used)) return read(used) ? "code_already_used" : "invalid_code";
  const code = read<Code>(used);
  if (!code) return "invalid_code";
  return now.getTime() < Date.parse(code.at) + lifeMs ? code : "code_expired";
}
