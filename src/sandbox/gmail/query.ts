import { attachmentsOf, headerIn } from "./entity.ts";
import type { Mail } from "./mailbox.ts";

export type Matches = (mail: Mail) => boolean;

const days: Record<string, number> = { d: 1, m: 30, y: 365 };
const categories = ["primary", "personal", "social", "promotions", "updates", "forums"];

/**
 * Reads a search as Gmail does: words and operators, all of which must fit; OR, braces, brackets, quotes and a minus.
 * @param labels ids of labels by their lower-case names
 */
export function readQuery(query: string, labels: ReadonlyMap<string, string>, now: Date): Matches {
  const tokens = query.match(/-?[\w]+:"[^"]*"|-?"[^"]*"|[(){}]|-(?=[({])|[^\s(){}]+/g) ?? [];
  const matches = readAll(tokens, labels, now, undefined);
  const seesAll = /\b(in:(anywhere|trash|spam)|is:(trash|spam)|label:(trash|spam))\b/i.test(query);
  return (mail) => (seesAll || !isThrownAway(mail)) && matches(mail);
}

export const isThrownAway = ({ labelIds }: Mail): boolean => labelIds.includes("TRASH") || labelIds.includes("SPAM");

function readAll(tokens: string[], labels: ReadonlyMap<string, string>, now: Date, end: string | undefined): Matches {
  const groups: Matches[][] = [];
  let joins = false;
  while (tokens.length > 0) {
    const token = tokens.shift() ?? "";
    if (token === end) break;
    if (token === "OR" || token === "|") {
      joins = true;
      continue;
    }
    if (token === "AND") continue;
    const match = readOne(token, tokens, labels, now);
    const last = groups.at(-1);
    if (joins && last) last.push(match);
    else groups.push([match]);
    joins = false;
  }
  // Braces mean "any of these".
  if (end === "}") return (mail) => groups.flat().some((match) => match(mail));
  return (mail) => groups.every((group) => group.some((match) => match(mail)));
}

function readOne(token: string, tokens: string[], labels: ReadonlyMap<string, string>, now: Date): Matches {
  if (token === "-") {
    const inner = readOne(tokens.shift() ?? "", tokens, labels, now);
    return (mail) => !inner(mail);
  }
  if (token === "(") return readAll(tokens, labels, now, ")");
  if (token === "{") return readAll(tokens, labels, now, "}");
  if (token.startsWith("-") && token.length > 1) {
    const inner = readOne(token.slice(1), tokens, labels, now);
    return (mail) => !inner(mail);
  }
  const [, operator, value = ""] = /^(\w+):(.*)$/s.exec(token) ?? [];
  if (operator === undefined) return hasWords(unquoted(token));
  // "subject:(a b)" wants both in the subject.
  if (value === "" && tokens[0] === "(") {
    const inside = tokens.splice(0, tokens.indexOf(")") + 1).slice(1, -1);
    const each = inside.map((word) => readOperator(operator, unquoted(word), labels, now));
    return (mail) => each.every((match) => match(mail));
  }
  return readOperator(operator, unquoted(value), labels, now);
}

const unquoted = (text: string): string => text.replaceAll('"', "").toLowerCase();

function readOperator(operator: string, value: string, labels: ReadonlyMap<string, string>, now: Date): Matches {
  switch (operator.toLowerCase()) {
    case "from":
    case "to":
    case "cc":
    case "bcc":
    case "subject":
      return ({ entity }) => headerIn(entity, operator.toLowerCase()).toLowerCase().includes(value);
    case "in":
    case "label":
      return inLabel(value, labels);
    case "category":
      return ({ labelIds }) => categories.includes(value) && labelIds.includes(`CATEGORY_${value.toUpperCase()}`);
    case "is":
      return isState(value);
    case "has":
      return ({ hasAttachment }) => value === "attachment" && hasAttachment;
    case "filename":
      return ({ entity }) => attachmentsOf(entity).some(({ filename }) => filename.toLowerCase().includes(value));
    case "rfc822msgid":
      return ({ entity }) =>
        headerIn(entity, "message-id").toLowerCase().replace(/[<>]/g, "") === value.replace(/[<>]/g, "");
    case "larger":
    case "smaller":
      return bySize(operator, value);
    case "newer_than":
    case "older_than":
      return byAge(operator, value, now);
    case "after":
    case "newer":
    case "before":
    case "older":
      return byDate(operator, value);
    default:
      return hasWords(`${operator.toLowerCase()}:${value}`);
  }
}

function hasWords(text: string): Matches {
  return ({ entity, words, subject }) => {
    const all = [subject, words, headerIn(entity, "from"), headerIn(entity, "to"), headerIn(entity, "cc")].join(" ");
    return all.toLowerCase().includes(text);
  };
}

function inLabel(value: string, labels: ReadonlyMap<string, string>): Matches {
  if (value === "anywhere") return () => true;
  const id = labels.get(value.replaceAll("-", " ")) ?? labels.get(value) ?? value.toUpperCase();
  return ({ labelIds }) => labelIds.includes(id === "DRAFTS" ? "DRAFT" : id);
}

function isState(value: string): Matches {
  if (value === "read") return ({ labelIds }) => !labelIds.includes("UNREAD");
  const id = value.toUpperCase();
  return ({ labelIds }) => ["UNREAD", "STARRED", "IMPORTANT", "SENT"].includes(id) && labelIds.includes(id);
}

function bySize(operator: string, value: string): Matches {
  const [, number = "", unit = ""] = /^(\d+)([km]?)b?$/.exec(value) ?? [];
  const bytes = Number(number) * (unit === "m" ? 1024 * 1024 : unit === "k" ? 1024 : 1);
  return ({ size }) => number !== "" && (operator === "larger" ? size > bytes : size < bytes);
}

function byAge(operator: string, value: string, now: Date): Matches {
  const [, number = "", unit = ""] = /^(\d+)([dmy])$/.exec(value) ?? [];
  const edge = now.getTime() - Number(number) * (days[unit] ?? 0) * 86_400_000;
  return ({ internalDate }) => number !== "" && (operator === "newer_than" ? internalDate > edge : internalDate < edge);
}

/** Days are those of California in the real service; the sandbox's mailboxes live in UTC. */
function byDate(operator: string, value: string): Matches {
  const [, year, month = "", day = ""] = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/.exec(value) ?? [];
  const edge = year
    ? Date.UTC(Number(year), Number(month) - 1, Number(day))
    : /^\d{9,11}$/.test(value)
      ? Number(value) * 1000
      : Number.NaN;
  const isAfter = operator === "after" || operator === "newer";
  return ({ internalDate }) => (isAfter ? internalDate >= edge : internalDate < edge);
}
