import { sanitiseLine } from "./sanitise.ts";

/** Lays cells out in columns two spaces apart, by their width on the screen. The last column is left ragged. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, Bun.stringWidth(cell));
  }
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const pad = (cell: string, width: number): string => cell + " ".repeat(width - Bun.stringWidth(cell));

/** Any JSON value as lines "key  value", nested ones indented. */
export function outline(value: unknown, indent = ""): string {
  if (Array.isArray(value))
    return value.map((item) => `${indent}- ${outline(item, `${indent}  `).trimStart()}`).join("\n");
  if (typeof value !== "object" || value === null) return indent + sanitiseLine(String(value));
  return Object.entries(value)
    .map(([key, item]) => {
      const name = `${indent}${sanitiseLine(key)}:`;
      return typeof item === "object" && item !== null && Object.keys(item).length > 0
        ? `${name}\n${outline(item, `${indent}  `)}`
        : `${name} ${typeof item === "object" ? JSON.stringify(item) : sanitiseLine(String(item))}`;
    })
    .join("\n");
}

const longestWord = 2_000;

/** The same value with the contents of files left out: words without an end, which nobody reads. */
export const withoutBulk = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (_key, each: unknown) =>
    typeof each === "string" && each.length > longestWord && !/\s/.test(each)
      ? `${each.slice(0, 40)}… (${each.length} characters)`
      : each,
  );
