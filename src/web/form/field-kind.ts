/** What of a JSON schema a form looks at. */
export interface Schema {
  type?: string;
  format?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
}

export type FieldKind =
  | "line"
  | "text"
  | "number"
  | "switch"
  | "choice"
  | "date"
  | "time"
  | "moment"
  | "instant"
  | "email"
  | "phone"
  | "list"
  | "numbers"
  | "group"
  | "files"
  | "json";

/** The values of a closed choice, or undefined. */
export function choicesOf({ anyOf, enum: listed, const: only }: Schema): string[] | undefined {
  if (listed) return listed.map(String);
  if (only !== undefined) return [String(only)];
  if (!anyOf || anyOf.length === 0 || anyOf.some((each) => each.const === undefined)) return undefined;
  return anyOf.map((each) => String(each.const));
}

const byFormat: Record<string, FieldKind> = {
  "calendar-date": "date",
  "clock-time": "time",
  "date-time": "instant",
  email: "email",
  phone: "phone",
  "line-of-text": "line",
};
const longFrom = 450;

/** The input that suits a parameter. */
export function fieldKind(name: string, schema: Schema): FieldKind {
  if (choicesOf(schema)) return "choice";
  switch (schema.type) {
    case "boolean":
      return "switch";
    case "integer":
    case "number":
      return "number";
    case "array":
      return listKind(schema.items ?? {});
    case "object":
      return schema.properties ? "group" : "json";
    case "string":
      return textKind(name, schema);
    default:
      return "json";
  }
}

function listKind(items: Schema): FieldKind {
  if (items.type === "integer" || items.type === "number") return "numbers";
  if (items.type === "string" || choicesOf(items)) return "list";
  return items.properties?.content?.format === "base64" ? "files" : "json";
}

function textKind(name: string, { format, maxLength = 0, pattern }: Schema): FieldKind {
  const known = byFormat[format ?? ""];
  if (known) return known;
  if (/(^|_)(start|end)_date$/.test(name)) return "moment";
  const isLong = maxLength > longFrom && pattern === undefined && format === undefined;
  return isLong && /text|body|html|description|notes|message|content/.test(name) ? "text" : "line";
}

const spelled: Record<string, string> = {
  html: "HTML",
  id: "ID",
  linkedin: "LinkedIn",
  url: "URL",
  whatsapp: "WhatsApp",
};

/** "Party size" of "party_size". */
export function labelOf(name: string): string {
  const words = name
    .replaceAll("_", " ")
    .trim()
    .replace(/\w+/g, (word) => spelled[word] ?? word);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
