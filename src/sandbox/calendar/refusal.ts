/** A refusal in Google's form, thrown where it is noticed and answered by the upstream. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`refused with ${status}`);
  }
}

interface Place {
  domain?: string;
  locationType?: string;
  location?: string;
}

export const refusal = (code: number, reason: string, message: string, place: Place = {}): Refusal =>
  new Refusal(code, { error: { errors: [{ domain: "global", reason, message, ...place }], code, message } });

export const notFound = (): Refusal => refusal(404, "notFound", "Not Found");

export const invalid = (message: string): Refusal => refusal(400, "invalid", message);

export const emptyRange = (location: string): Refusal =>
  refusal(400, "timeRangeEmpty", "The specified time range is empty.", {
    domain: "calendar",
    locationType: "parameter",
    location,
  });

/** How Google answers names that it does not know. */
export const unknownName = (name: string, where: "query" | "payload"): Refusal => {
  const message =
    where === "query"
      ? `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`
      : `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`;
  return new Refusal(400, {
    error: {
      code: 400,
      message,
      errors: [{ message, domain: "global", reason: "badRequest" }],
      status: "INVALID_ARGUMENT",
    },
  });
};
