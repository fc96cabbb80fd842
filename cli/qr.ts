/** What a terminal draws, and the room that it takes there. */
export interface Qr {
  picture: string;
  columns: number;
  rows: number;
}

/**
 * A text as a QR code of half blocks, two modules a character.
 * @param colour black on white by itself, whatever the terminal's colours are; else drawn for a dark terminal
 */
export async function renderQr(text: string, colour: boolean): Promise<Qr> {
  const { encode } = await import("uqr");
  const { data } = encode(text, { ecc: "L", border: 2 });
  const isInk = (row: number, column: number): boolean => (data[row]?.[column] ?? false) === colour;
  const lines: string[] = [];
  for (let row = 0; row < data.length; row += 2) {
    const cells = (data[row] ?? []).map((_, column) => {
      const lower = row + 1 < data.length && isInk(row + 1, column);
      if (isInk(row, column)) return lower ? "█" : "▀";
      return lower ? "▄" : " ";
    });
    lines.push(colour ? `\u001b[30;107m${cells.join("")}\u001b[0m` : cells.join(""));
  }
  return { picture: `${lines.join("\n")}\n`, columns: data.length, rows: lines.length };
}
