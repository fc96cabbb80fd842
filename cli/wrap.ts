/** Lines of so many columns at most; a word that is longer is broken where the column ends. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ +/).filter((each) => each !== "")) {
    for (const piece of Bun.stringWidth(word) > columns ? pieces(word, columns) : [word]) {
      const joined = line === "" ? piece : `${line} ${piece}`;
      if (Bun.stringWidth(joined) <= columns) line = joined;
      else {
        lines.push(line);
        line = piece;
      }
    }
  }
  return line === "" ? lines : [...lines, line];
}

function pieces(word: string, columns: number): string[] {
  const cut: string[] = [];
  let piece = "";
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (piece !== "" && Bun.stringWidth(piece + segment) > columns) {
      cut.push(piece);
      piece = "";
    }
    piece += segment;
  }
  return piece === "" ? cut : [...cut, piece];
}

/** As much of a line as fits, with a sign that there is more. */
export function clip(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text;
  return `${(pieces(text, columns - 1)[0] ?? "").trimEnd()}…`;
}
