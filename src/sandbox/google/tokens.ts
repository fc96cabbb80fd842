import { join } from "node:path";
import { hashSecret, randomText } from "../../core/secret.ts";
import { type Grant, has, listGrants } from "./grants.ts";
import { exists, list, read, remove, write } from "./state.ts";

/** A token as it is kept: by its hash, in the folder of its grant. */
interface Kept {
  scopes: string[];
  /** Access tokens: when they stop. Refresh tokens: when the person consented. ISO 8601. */
  at: string;
  /** When it was made by the computer's own clock, in milliseconds, which also runs where the sandbox's stands still. */
  made: number;
  /** Hash of the refresh token that ends when this one is used. */
  replaces?: string;
}

export interface Found extends Kept {
  grant: Grant;
  hash: string;
}

export const accessLifeS = 3_599;
/** Of refresh tokens while the app is in testing. */
const testingLifeS = 604_799;
const graceMs = 60_000;
const mostRefreshTokens = 100;

const fileOf = (grant: Grant, kind: "access" | "refresh", hash: string): string =>
  join(grant.folder, kind, `${hash}.json`);
const replacedFile = (grant: Grant, hash: string): string => join(grant.folder, "refresh", `${hash}.replaced`);

/** Makes an access token for an hour. Undefined when the grant was revoked meanwhile. */
export function issueAccess(grant: Grant, scopes: string[], now: Date, replaces?: string): string | undefined {
  for (const name of list(join(grant.folder, "access"))) {
    const old = read<Kept>(join(grant.folder, "access", name));
    if (old && Date.parse(old.at) <= now.getTime()) remove(join(grant.folder, "access", name));
  }
  const at = new Date(now.getTime() + accessLifeS * 1000).toISOString();
  return issue(grant, "access", `ya29.a0${randomText(60, "base64url")}`, {
    scopes,
    at,
    ...(replaces ? { replaces } : {}),
  });
}

/** Makes a refresh token; of more than a hundred the oldest dies. Undefined when the grant was revoked meanwhile. */
export function issueRefresh(grant: Grant, scopes: string[], since: Date, replaces?: string): string | undefined {
  const folder = join(grant.folder, "refresh");
  const kept = { scopes, at: since.toISOString(), ...(replaces ? { replaces } : {}) };
  const token = issue(grant, "refresh", `1//0${randomText(48, "base64url")}`, kept);
  const others = list(folder)
    .filter((name) => name.endsWith(".json") && name !== `${hashSecret(token ?? "")}.json`)
    .map((name) => ({ name, made: read<Kept>(join(folder, name))?.made ?? 0 }))
    .sort((a, b) => a.made - b.made);
  for (const { name } of others.slice(0, Math.max(0, others.length + 1 - mostRefreshTokens))) {
    forget(grant, name.slice(0, -".json".length));
  }
  return token;
}

const issue = (
  grant: Grant,
  kind: "access" | "refresh",
  token: string,
  kept: Omit<Kept, "made">,
): string | undefined =>
  write(fileOf(grant, kind, hashSecret(token)), { ...kept, made: performance.timeOrigin + performance.now() })
    ? token
    : undefined;

/** Finds an access token that is good now. */
export function findAccess(folder: string, token: string, now: Date): Found | undefined {
  const found = find(folder, "access", token);
  return found && now.getTime() < Date.parse(found.at) ? found : undefined;
}

/** Finds a refresh token that is good now; forgets one whose time is over. */
export function findRefresh(folder: string, token: string, now: Date): Found | undefined {
  const found = find(folder, "refresh", token);
  if (!found) return undefined;
  const replaced = read<{ at: string }>(replacedFile(found.grant, found.hash));
  const isReplaced = replaced !== undefined && now.getTime() >= Date.parse(replaced.at) + graceMs;
  const end = refreshEnd(found.grant, new Date(found.at));
  if (!isReplaced && (end === undefined || now < end)) return found;
  forget(found.grant, found.hash);
  return undefined;
}

/** When refresh tokens of this consent die by themselves; undefined unless the app is in testing. */
export const refreshEnd = (grant: Grant, since: Date): Date | undefined =>
  has(grant, "testing") ? new Date(since.getTime() + (testingLifeS + 1) * 1000) : undefined;

function find(folder: string, kind: "access" | "refresh", token: string): Found | undefined {
  const hash = hashSecret(token);
  for (const grant of listGrants(folder)) {
    const kept = read<Kept>(fileOf(grant, kind, hash));
    if (kept) return { ...kept, grant, hash };
  }
  return undefined;
}

/** To be told of each use: a token that was used reached its owner, so the one that it replaces ends. */
export function noteUse({ grant, replaces }: Found): void {
  if (replaces !== undefined) forget(grant, replaces);
}

/** Starts the minute in which a replaced refresh token still works. */
export const markReplaced = ({ grant, hash }: Found, now: Date): boolean =>
  exists(replacedFile(grant, hash)) || write(replacedFile(grant, hash), { at: now.toISOString() });

function forget(grant: Grant, hash: string): void {
  remove(fileOf(grant, "refresh", hash));
  remove(replacedFile(grant, hash));
}

export function expireAccess(grant: Grant): void {
  for (const name of list(join(grant.folder, "access"))) remove(join(grant.folder, "access", name));
}

/** How many refresh tokens there are, for the page that lists grants. */
export const countRefresh = (grant: Grant): number =>
  list(join(grant.folder, "refresh")).filter((name) => name.endsWith(".json")).length;
