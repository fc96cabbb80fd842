const requestIds = new WeakMap<Request, string>();

/** Gives a request the id that its answer will bear as `X-Request-Id`. */
export function markRequest(request: Request): string {
  const id = crypto.randomUUID();
  requestIds.set(request, id);
  return id;
}

export const requestIdOf = (request: Request): string => requestIds.get(request) ?? "";
