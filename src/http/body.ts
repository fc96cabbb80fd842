import { AppError } from "../core/errors.ts";

const deepest = 64;

/**
 * Reads a JSON body within bounds. An absent body is undefined.
 * @param limit in bytes
 * @throws AppError unsupported_media_type, payload_too_large, invalid_parameters (not JSON, or nested too deep)
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limit) throw tooLarge(limit);
  if (!request.body) return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new AppError("unsupported_media_type", "The body must be JSON", {
      hint: "Send the header Content-Type: application/json.",
    });
  }
  const bytes = await readBytes(request.body, limit);
  if (bytes.length === 0) return undefined;
  if (isTooDeep(bytes)) throw broken(`The body is nested deeper than ${deepest} levels`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw broken("The body is not valid JSON");
  }
}

async function readBytes(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    if (size > limit) throw tooLarge(limit);
    parts.push(part);
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

/** Counts brackets outside strings, before any parser sees the text: deep nesting costs a parser seconds. */
function isTooDeep(bytes: Uint8Array, most = deepest): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > most) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

const broken = (what: string): AppError =>
  new AppError("invalid_parameters", `Parameter validation failed: ${what}`, { hint: "Check the quotes and commas." });

function tooLarge(limit: number): AppError {
  const size = limit >= 1024 * 1024 ? `${limit / 1024 / 1024} MiB` : `${limit / 1024} KiB`;
  return new AppError("payload_too_large", `The body is larger than ${size}`);
}
