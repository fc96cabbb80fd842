import { FormatRegistry } from "@sinclair/typebox";
import { parseMailAddress } from "./mail-address.ts";
import { parsePolicySetting } from "./policy.ts";

/** As RFC 3339 writes it, with a year of four digits: other spellings sort and parse otherwise elsewhere. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

export const isValidMail = (text: string): boolean =>
  /^[^\s@"<>(),;:\\[\]]+@[^\s@"<>(),;:\\[\].]+(\.[^\s@"<>(),;:\\[\].]+)+$/u.test(text);

const formats: Record<string, (value: string) => boolean> = {
  "time-zone": (value) => accepts(() => new Intl.DateTimeFormat("en", { timeZone: value })),
  locale: (value) => accepts(() => Intl.getCanonicalLocales(value)),
  "mail-address": (value) => parseMailAddress(value) !== undefined,
  "line-of-text": (value) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value),
  base64: (value) => /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0,
  email: isValidMail,
  phone: (value) => /^\+?[0-9][0-9 ().-]{3,24}$/.test(value),
  "http-url": (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  "calendar-date": (value) => accepts(() => /^\d{4}-\d\d-\d\d$/.test(value) && Temporal.PlainDate.from(value)),
  "clock-time": (value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
  "date-time": (value) => dateTime.test(value) && !Number.isNaN(Date.parse(value)),
  label: (value) => /^[\p{L}\p{N} ._-]+$/u.test(value),
  // As a word of a command line: it cannot be taken for an option, nor hide another text.
  alias: (value) => /^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$/u.test(value),
  "256-bit-key": (value) =>
    Buffer.byteLength(value) === 32 ||
    /^[0-9a-f]{64}$/i.test(value) ||
    (/^[A-Za-z0-9+/_-]{43}=?$/.test(value) && Buffer.from(value, "base64").length === 32),
  policy: (value) => parsePolicySetting(value.split(",")) !== undefined,
  "user-id": (value) => !/^\.{1,2}$/.test(value) && /^[\p{L}\p{M}\p{N}\p{P}\p{S}]{1,128}$/u.test(value),
};

/** TypeBox knows no formats of its own until some other library registers them, so ours are set before any check. */
export function registerFormats(): void {
  for (const [name, check] of Object.entries(formats)) FormatRegistry.Set(name, check);
}

function accepts(attempt: () => unknown): boolean {
  try {
    return Boolean(attempt());
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
