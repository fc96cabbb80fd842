const key = "sandbox-key";

/** A failure in the form of all Google's services. */
export const googleFailure = (code: number, status: string, message: string, details: unknown[] = []) => ({
  error: { code, message, status, ...(details.length > 0 ? { details } : {}) },
});

export const statusNames: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

export const refuse = (code: number, message: string, details: unknown[] = []): Response =>
  Response.json(googleFailure(code, statusNames[code] ?? "UNKNOWN", message, details), { status: code });

/** What stops a request at the door: no key, a wrong one, no field mask. Undefined lets it in. */
export function stop(request: Request, service: string, allowed: readonly string[]): Response | undefined {
  const given = request.headers.get("x-goog-api-key");
  const reason = (name: string) => [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: name,
      domain: "googleapis.com",
      metadata: { service, consumer: "projects/000000000000" },
    },
  ];
  if (!given) {
    return refuse(
      403,
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    );
  }
  if (given === "disabled-key") {
    return refuse(
      403,
      "This API has not been used in project 000000000000 before or it is disabled. Enable it by visiting the console then retry.",
      reason("SERVICE_DISABLED"),
    );
  }
  if (given !== key) return refuse(400, "API key not valid. Please pass a valid API key.", reason("API_KEY_INVALID"));
  const mask = request.headers.get("x-goog-fieldmask");
  if (!mask) {
    return refuse(
      400,
      "FieldMask is a required parameter. See https://cloud.google.com/apis/docs/system-parameters on how to provide it in your API request.",
    );
  }
  const unknown = mask
    .split(",")
    .find((path) => path !== "*" && !allowed.some((known) => covers(known, path) || covers(path, known)));
  return unknown === undefined
    ? undefined
    : refuse(400, `Error expanding 'fields' parameter. Cannot find matching fields for path '${unknown}'.`);
}

const covers = (known: string, path: string): boolean => path === known || path.startsWith(`${known}.`);

/** Only what the mask names. */
export function masked(value: unknown, mask: string): unknown {
  return mask === "*" ? value : keep(value, mask.split(","));
}

function keep(value: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => keep(item, paths));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, member]) => {
    if (paths.includes(name)) return [[name, member]];
    const below = paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
    return below.length > 0 ? [[name, keep(member, below)]] : [];
  });
  return Object.fromEntries(kept);
}

/** The first name of a body that is not one of these. */
export const strayName = (body: Record<string, unknown>, known: readonly string[]): string | undefined =>
  Object.keys(body).find((name) => !known.includes(name));

export const strayField = (name: string, where: string): Response =>
  refuse(400, `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`);
