import { FormatRegistry } from "@sinclair/typebox";
import { parsePolicySetting } from "./policy.ts";

/** As RFC 3339 writes it, with a year of four digits: other spellings sort and parse otherwise elsewhere. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

const formats: Record<string, (value: string) => boolean> = {
  "time-zone": (value) => accepts(() => new Intl.DateTimeFormat("en", { timeZone: value })),
  locale: (value) => accepts(() => Intl.getCanonicalLocales(value)),
  email: (value) => /^[^\s@"<>(),;:\\[\]]+@[^\s@"<>(),;:\\[\].]+(\.[^\s@"<>(),;:\\[\].]+)+$/u.test(value),
  phone: (value) => /^\+?[0-9][0-9 ().-]{3,24}$/.test(value),
  "http-url": (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  "date-time": (value) => dateTime.test(value) && !Number.isNaN(Date.parse(value)),
  label: (value) => /^[\p{L}\p{N} ._-]+$/u.test(value),
  "device-name": (value) => /^(?! )[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,64}(?<! )$/u.test(value),
  // As a word of a command line: it cannot be taken for an option, nor hide another text.
  alias: (value) => /^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$/u.test(value),
  policy: (value) => parsePolicySetting(value.split(",")) !== undefined,
  "user-id": (value) => !/^\.{1,2}$/.test(value) && /^[\p{L}\p{M}\p{N}\p{P}\p{S}]{1,128}$/u.test(value),
};

/** TypeBox knows no formats of its own until some other library registers them, so ours are set before any check. */
export function registerFormats(): void {
  for (const [name, check] of Object.entries(formats)) FormatRegistry.Set(name, check);
}

function accepts(attempt: () => unknown): boolean {
  try {
    return attempt() !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
