/** Seconds from `Retry-After`, given as a number or a date. Undefined when absent or unreadable. */
export function retryAfterOf(headers: Headers, now: Date): number | undefined {
  const given = headers.get("retry-after")?.trim();
  if (!given) return undefined;
  if (/^\d+$/.test(given)) return Number(given);
  const at = Date.parse(given);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

/** When an answer goes stale: its `Expires`, else now. */
export function expiryOf(headers: Headers, now: Date): Date {
  const at = Date.parse(headers.get("expires") ?? "");
  return Number.isNaN(at) ? now : new Date(at);
}
