import { isRecord } from "../../src/core/parameters.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";

/** A profile, or where a post is. */
export function linkedin(data: Record<string, unknown>, _metadata: Record<string, unknown>, paint: Paint): string {
  const { profile } = data;
  const text = (value: unknown): string => sanitiseLine(String(value ?? ""));
  if (!isRecord(profile)) {
    const who = data.visibility === "CONNECTIONS" ? "your connections" : "everyone";
    return `${paint.green("✓")} Posted for ${who}\n${text(data.url)}`;
  }
  const rows: [label: string, value: unknown][] = [
    ["mail", profile.email],
    ["language", profile.locale],
    ["id", profile.id],
    ["portrait", profile.picture],
  ];
  const known = rows
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => [paint.dim(label), text(value)]);
  return `${paint.bold(text(profile.name))}\n${table(known)}`;
}
