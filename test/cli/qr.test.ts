import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { renderQr } from "../../cli/qr.ts";
import { createHome } from "../support/home.ts";

const zbarimg = Bun.which("zbarimg");
const side = 6;
const [dark, light] = [20, 235];

const url = (host: string): string =>
  `https://${host}:3443/pair#Kki7q3MtG3oSpWeFo3wL2w&fp=JXNoRuZ0AwjHeAV27JQlkur9_rOugHL55PSJv9XTx8o`;

/** The picture as a dark terminal shows it, in the format PGM. */
function photograph(picture: string, colour: boolean): Buffer {
  const [ink, paper] = colour ? [dark, light] : [light, dark];
  const rows = Bun.stripANSI(picture)
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => ["█▀", "█▄"].map((set) => [...line].map((sign) => (set.includes(sign) ? ink : paper))));
  const around = rows.map((row) => [dark, dark, ...row, dark, dark]);
  const pixels = around.flatMap((row) =>
    Array(side)
      .fill(row.flatMap((grey) => Array(side).fill(grey)))
      .flat(),
  );
  return Buffer.concat([
    Buffer.from(`P5 ${(around[0]?.length ?? 0) * side} ${around.length * side} 255\n`),
    Buffer.from(pixels),
  ]);
}

const cases = ["127.0.0.1", "192.168.178.100", "[fd12:3456:789a:bcde:1234:5678:9abc:def0]"].flatMap((host) =>
  [true, false].map((colour) => [host, colour] as const),
);

describe.skipIf(!zbarimg)(`a camera${zbarimg ? "" : " (left out: zbarimg is missing)"}`, () => {
  test.each(cases)("reads the address at %s, in colour: %p", async (host, colour) => {
    using home = createHome();
    const path = join(home.path, "qr.pgm");
    await Bun.write(path, photograph((await renderQr(url(host), colour)).picture, colour));
    const child = Bun.spawn([zbarimg ?? "", "-q", "--raw", path], { stdout: "pipe", stderr: "ignore" });
    expect((await child.stdout.text()).trim()).toBe(url(host));
  });
});

test.each(cases)("the code for %s, in colour: %p, is as large as it says", async (host, colour) => {
  const { picture, columns, rows } = await renderQr(url(host), colour);
  const lines = Bun.stripANSI(picture).split("\n").slice(0, -1);
  expect([lines.length, new Set(lines.map((line) => Bun.stringWidth(line)))]).toEqual([rows, new Set([columns])]);
  expect([columns <= 45, rows <= 23]).toEqual([true, true]);
});
