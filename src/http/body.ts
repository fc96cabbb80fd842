import { AppError } from "../core/errors.ts";
import { deepest, measure } from "../core/json-shape.ts";

/** Commas and colons outside strings: a longer body holds long texts, not this many values. */
const mostValues = 50_000;
const withinMs = 20_000;

/**
 * Reads a JSON body within bounds. An absent body is undefined.
 * @param limit in bytes
 * @throws AppError unsupported_media_type, payload_too_large, invalid_parameters (not JSON, or nested too deep)
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limit) throw tooLarge(limit);
  if (isEmpty(request)) return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new AppError("unsupported_media_type", "The body must be JSON", {
      hint: "Send the header Content-Type: application/json.",
    });
  }
  return parseJson(await readBytes(request, limit));
}

/** Reads a body as it came. @throws AppError payload_too_large, timeout */
export async function readRaw(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  return isEmpty(request) ? new Uint8Array() : readBytes(request, limit);
}

/** Asking for the body itself would make a stream of it, which costs as much as all the rest of reading it. */
function isEmpty(request: Request): boolean {
  // Whatever comes with these has no meaning (RFC 9110, 9.3.1).
  if (request.method === "GET" || request.method === "HEAD") return true;
  const declared = request.headers.get("content-length");
  return declared === null ? !request.body : Number(declared) === 0;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Parses JSON within bounds. Nothing at all is undefined. @throws AppError invalid_parameters */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  const shape = measure(bytes);
  if (shape.depth > deepest) throw broken(`The body is nested deeper than ${deepest} levels`);
  if (shape.values > mostValues) throw broken(`The body holds more than ${mostValues} values`);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw broken("The body is not valid JSON");
  }
}

/**
 * Reads a form, as the OAuth standards send it.
 * @param limit in bytes
 * @throws AppError unsupported_media_type, payload_too_large
 */
export async function readForm(request: Request, limit: number): Promise<URLSearchParams> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw new AppError("unsupported_media_type", "The body must be a form", {
      hint: "Send the header Content-Type: application/x-www-form-urlencoded.",
    });
  }
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  const bytes = isEmpty(request) ? new Uint8Array() : await readBytes(request, limit);
  return new URLSearchParams(new TextDecoder().decode(bytes));
}

/** A body of a length that is told, and was found good, comes in one piece; that is much cheaper than a stream. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  const timer = setTimeout(() => late.reject(tooSlow()), withinMs);
  try {
    if (!request.headers.has("content-length")) return await readStream(request, limit, late.promise);
    const whole = request.bytes();
    // Should it break off after it was given up, nobody is left to hear of it.
    whole.catch(() => undefined);
    const bytes = await Promise.race([whole, late.promise]);
    if (bytes.byteLength > limit) throw tooLarge(limit);
    return bytes;
  } finally {
    clearTimeout(timer);
  }
}

async function readStream({ body }: Request, limit: number, late: Promise<never>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) break;
      size += value.byteLength;
      if (size > limit) throw tooLarge(limit);
      parts.push(value);
    }
  } catch (error) {
    // The rest is not wanted; whether it can be called off changes nothing for the answer.
    reader.cancel().catch(() => undefined);
    throw error;
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

const tooSlow = (): AppError =>
  new AppError("timeout", `The body did not come within ${withinMs / 1000} s`, { hint: "Send it in one go." });

const broken = (what: string): AppError =>
  new AppError("invalid_parameters", `Parameter validation failed: ${what}`, { hint: "Check the quotes and commas." });

function tooLarge(limit: number): AppError {
  const size = limit >= 1024 * 1024 ? `${limit / 1024 / 1024} MiB` : `${limit / 1024} KiB`;
  return new AppError("payload_too_large", `The body is larger than ${size}`, {
    hint: "Send less at once. A file in base64 takes a third more than on the disk.",
  });
}
