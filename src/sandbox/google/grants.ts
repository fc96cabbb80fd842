import { join } from "node:path";
import { hashSecret } from "../../core/secret.ts";
import { exists, list, makeFolder, mark, read, remove, removeFolder, write } from "./state.ts";

/** What one person allowed one client. Its folder holds all that came of it, so that it can go at once. */
export interface Grant {
  key: string;
  folder: string;
  clientId: string;
  email: string;
  grantedAt: string;
}

/**
 * `offline`: a refresh token was given. `rotation`: a refresh answers with a new refresh token. `testing`: the app is
 * not published, so its refresh tokens die after seven days.
 */
export type Flag = "offline" | "rotation" | "testing";

const parentOf = (folder: string): string => join(folder, "google-oauth", "grants");

const keyOf = (clientId: string, email: string): string => hashSecret(`${clientId}\n${email}`).slice(0, 32);

/** All grants, those given first first. @param folder the sandbox's */
export function listGrants(folder: string): Grant[] {
  return list(parentOf(folder))
    .flatMap((key) => readGrant(folder, key) ?? [])
    .sort((a, b) => a.grantedAt.localeCompare(b.grantedAt) || a.key.localeCompare(b.key));
}

export const findGrant = (folder: string, clientId: string, email: string): Grant | undefined =>
  readGrant(folder, keyOf(clientId, email));

export const findGrantByKey = (folder: string, key: string): Grant | undefined =>
  listGrants(folder).find((grant) => grant.key === key);

function readGrant(folder: string, key: string): Grant | undefined {
  const path = join(parentOf(folder), key);
  const found = read<Omit<Grant, "key" | "folder">>(join(path, "grant.json"));
  return found ? { ...found, key, folder: path } : undefined;
}

/** Adds scopes to what a person allowed a client. @returns the grant, and whether the person was asked for more than before */
export function allow(
  folder: string,
  clientId: string,
  email: string,
  scopes: readonly string[],
  now: Date,
): { grant: Grant; isMore: boolean } {
  const key = keyOf(clientId, email);
  const path = join(parentOf(folder), key);
  for (const name of ["scopes", "codes", "redeemed", "access", "refresh"]) makeFolder(join(path, name));
  const content = { clientId, email, grantedAt: now.toISOString() };
  const grant: Grant = readGrant(folder, key) ?? { ...content, key, folder: path };
  const isMore = !isAllowed(grant, scopes);
  for (const scope of scopes) mark(scopeFile(grant, scope));
  if (!exists(join(path, "grant.json"))) write(join(path, "grant.json"), content);
  return { grant, isMore };
}

const scopeFile = (grant: Grant, scope: string): string => join(grant.folder, "scopes", encodeURIComponent(scope));

export const scopesOf = (grant: Grant): string[] => list(join(grant.folder, "scopes")).map(decodeURIComponent);

export const isAllowed = (grant: Grant, scopes: readonly string[]): boolean =>
  scopes.every((scope) => exists(scopeFile(grant, scope)));

export const has = (grant: Grant, flag: Flag): boolean => exists(join(grant.folder, flag));

export function set(grant: Grant, flag: Flag, on: boolean): void {
  if (on) mark(join(grant.folder, flag));
  else remove(join(grant.folder, flag));
}

/** Kills a grant with its codes and tokens. False where it was gone already. */
export const revoke = (grant: Grant): boolean => removeFolder(grant.folder);
