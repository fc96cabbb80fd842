/** A word as it was said, and where it stands in the text. */
export interface Word {
  /** Lower case, without punctuation around it. */
  text: string;
  stem: string;
  from: number;
  to: number;
  /** Stood in quotes, so it commands nothing. */
  quoted: boolean;
  /** Ends a sentence. */
  last: boolean;
  /** A comma or a colon follows. */
  pause: boolean;
  colon: boolean;
  /** Begins with a capital letter. */
  capital: boolean;
}

const wordForm =
  /[+-]?\d{1,3}\.\d+\s*,\s*[+-]?\d{1,3}\.\d+|[#@+]?[\p{L}\p{N}][\p{L}\p{M}\p{N}'’._%+@:/-]*[\p{L}\p{M}\p{N}]|[#@+]?[\p{L}\p{N}]|["“”„«»]/gu;
const quoteSigns = /^["“”„«»]$/;

/** Splits a text into words; quotation marks are noted and left out. A mark that is never closed is none. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  const matches = [...text.matchAll(wordForm)];
  const marks = matches.filter(([found]) => quoteSigns.test(found)).length;
  let quoted = false;
  let seen = 0;
  for (const { 0: found, index } of matches) {
    if (quoteSigns.test(found)) {
      seen += 1;
      quoted = seen < marks - (marks % 2) + 1 && !quoted;
      continue;
    }
    const lower = found.toLowerCase().replaceAll("’", "'");
    const to = index + found.length;
    const last = /^["”»]?([?!;]|\.(\s|$)|\n)/.test(text.slice(to, to + 4)) && !/^(st|mr|mrs|ms|dr|no|mt)$/.test(lower);
    const capital = /^\p{Lu}/u.test(found);
    const colon = /^["”»]?:/.test(text.slice(to, to + 2));
    words.push({
      text: lower,
      stem: stemOf(lower),
      from: index,
      to,
      quoted,
      last,
      pause: /^["”»]?[,:]/.test(text.slice(to, to + 2)),
      colon,
      capital,
    });
  }
  return words;
}

/** A crude stem of an English word: enough that "emails", "emailed" and "email" meet. */
export function stemOf(word: string): string {
  const plain = word.toLowerCase().replace(/(?<!^(what|where|when|how|who|it|that|there|let))'s$|'$/, "");
  // "Called" leads to a name, "call" is an appointment; "news" are not "new".
  if (plain.length <= 3 || plain === "called" || plain === "news") return plain;
  const cut = plain
    .replace(/(ss|sh|ch|x)es$/, "$1")
    .replace(/ies$/, "y")
    .replace(/([^su])s$/, "$1");
  const bare = cut.replace(/(?<=\p{L}{3})(ing|ed)$/u, "").replace(/([bdgmnprt])\1$/, "$1");
  return bare.length >= 3 ? bare.replace(/e$/, "") : cut;
}

const listOf = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words that say nothing of what is wanted. */
const idle = listOf(
  `a an the of to in on at for from by with and or is are was be been am do does did can could would will shall should
  may might must please thanks thank you your me my mine i i'm i'd i'll i've we us our it it's its that that's this
  these those there there's here what what's which how how's who when where where's whats hey hi hello ok okay mcqueen
  just some any about need want wanna like let lets let's tell give get got go going gonna so now then than into up out
  as if have has had um uh er erm well right oh actually really maybe perhaps kindly quickly again also too very much
  cheers mate sorry think know see make sure could've he she they them her him his`,
);
export const isIdle = ({ text }: Word): boolean => idle.has(text);

/** Said before a value without being part of it. */
const lead = listOf("the a an some um uh er erm any my our please just like that it's to for of is are be well oh");
/** Said after a value without being part of it. */
const trail = listOf(
  `please thanks thank you now then cheers mate ok okay right for me us at on in with and to by of the a an um uh er is
  are be will there mcqueen really actually again also too from about that`,
);

const fillers = listOf("um uh er erm");
const politeness = listOf("please um uh er erm");

/** Takes the fillers off free text, and the politeness behind it. */
export const trimRest = (words: readonly Word[], from: number, to: number): { from: number; to: number } | undefined =>
  trim(words, from, to, fillers, politeness);

/** Takes the padding off a stretch of words. Undefined when nothing is left that says something. */
export function trimSpan(words: readonly Word[], from: number, to: number): { from: number; to: number } | undefined {
  return trim(words, from, to, lead, trail);
}

function trim(
  words: readonly Word[],
  from: number,
  to: number,
  before: ReadonlySet<string>,
  behind: ReadonlySet<string>,
): { from: number; to: number } | undefined {
  let [first, end] = [from, to];
  const at = (index: number): Word | undefined => words[index];
  while (first < end && isPadding(at(first), before) && !isName(at(first), at(first + 1))) first += 1;
  while (end > first && isPadding(at(end - 1), behind)) end -= 1;
  return first < end ? { from: first, to: end } : undefined;
}

/** "The Hague" and "The Ivy", where the article belongs to the name. */
const isName = (word: Word | undefined, next: Word | undefined): boolean =>
  word?.text === "the" && word.capital && next?.capital === true;

const isPadding = (word: Word | undefined, padding: ReadonlySet<string>): boolean =>
  word !== undefined && !word.quoted && padding.has(word.text);
