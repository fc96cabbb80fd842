/** A word as it was said, and where it stands in the text. */
export interface Word {
  /** Lower case, without punctuation around it. */
  text: string;
  stem: string;
  from: number;
  to: number;
  /** Stood in quotes, so it commands nothing. */
  quoted: boolean;
}

const wordForm = /[\p{L}\p{N}][\p{L}\p{N}'’._%+@:/-]*[\p{L}\p{N}]|[\p{L}\p{N}]|["“”„«»]/gu;
const quoteSigns = /^["“”„«»]$/;

/** Splits a text into words; quotation marks are noted and left out. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let quoted = false;
  for (const match of text.matchAll(wordForm)) {
    const [found] = match;
    if (quoteSigns.test(found)) {
      quoted = !quoted;
      continue;
    }
    const lower = found.toLowerCase().replaceAll("’", "'");
    words.push({ text: lower, stem: stemOf(lower), from: match.index, to: match.index + found.length, quoted });
  }
  return words;
}

/** A crude stem of an English word: enough that "emails", "emailed" and "email" meet. */
export function stemOf(word: string): string {
  const plain = word.toLowerCase().replace(/'s$|'$/, "");
  if (plain.length <= 3) return plain;
  const cut = plain
    .replace(/(ss|sh|ch|x)es$/, "$1")
    .replace(/ies$/, "y")
    .replace(/([^su])s$/, "$1");
  const bare = cut.replace(/(?<=[^e]{3})(ing|ed)$/, "").replace(/([bdgmnprt])\1$/, "$1");
  return bare.length >= 3 ? bare.replace(/e$/, "") : cut;
}

/** Words that say nothing of what is wanted. */
const idle = new Set(
  `a an the of to in on at for from by with and or is are was be am do does did can could would will shall should may
  please thanks thank you me my mine i i'm i'd i'll we us our it its that this these those there here what what's which
  how who when where whats hey hi hello ok okay mcqueen just some any about need want like let lets let's tell give get
  go going gonna so now then than into up out as if have has had not no`
    .split(/\s+/)
    .map(stemOf),
);

export const isIdle = ({ stem }: Word): boolean => idle.has(stem);
