import type { Word } from "./words.ts";

const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ordinals: Record<string, number> = Object.assign(Object.create(null), {
  first: 1,
  second: 2,
  third: 3,
  fifth: 5,
  eighth: 8,
  ninth: 9,
  twelfth: 12,
  twentieth: 20,
  thirtieth: 30,
});

/** A number that was heard, and how many words said it. */
export interface HeardNumber {
  value: number;
  length: number;
}

/** A whole number in digits or words: "7", "seven", "twenty one", "a couple of", "a dozen". */
export function numberAt(words: readonly Word[], at: number): HeardNumber | undefined {
  const [word, next, third] = [words[at]?.text ?? "", words[at + 1]?.text ?? "", words[at + 2]?.text];
  if (/^\d{1,4}$/.test(word)) return { value: Number(word), length: 1 };
  const [ten = "", unit = next] = word.split("-");
  const isTen = tens.indexOf(ten);
  if (isTen >= 0) {
    const one = small.indexOf(unit);
    const isTwo = one >= 1 && one <= 9;
    return { value: (isTen + 2) * 10 + (isTwo ? one : 0), length: isTwo && !word.includes("-") ? 2 : 1 };
  }
  const at20 = small.indexOf(word);
  if (at20 >= 0) return { value: at20, length: 1 };
  if (word === "dozen") return { value: 12, length: 1 };
  const from = word === "a" ? 1 : 0;
  if (words[at + from]?.text === "couple") {
    const isOf = (from === 1 ? third : next) === "of";
    return { value: 2, length: from + (isOf ? 2 : 1) };
  }
  return undefined;
}

/** A day of the month: "5th", "5", "fifth", "twenty first". */
export function ordinalAt(words: readonly Word[], at: number): HeardNumber | undefined {
  const word = words[at]?.text ?? "";
  const digits = Number(/^(\d{1,2})(st|nd|rd|th)?$/.exec(word)?.[1]);
  if (digits >= 1 && digits <= 31) return { value: digits, length: 1 };
  const [ten = "", unit = words[at + 1]?.text ?? ""] = word.split("-");
  const base = ten === "twenty" ? 20 : ten === "thirty" ? 30 : 0;
  const one = ordinalOf(base > 0 ? unit : word);
  if (base > 0 && one !== undefined && one < 10 && base + one <= 31)
    return { value: base + one, length: word.includes("-") ? 1 : 2 };
  return one === undefined || base > 0 ? undefined : { value: one, length: 1 };
}

function ordinalOf(text: string): number | undefined {
  if (ordinals[text] !== undefined) return ordinals[text];
  const at = small.indexOf(text.replace(/th$/, ""));
  return text.endsWith("th") && at >= 4 ? at : undefined;
}
