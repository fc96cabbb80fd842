import { AppError } from "../../src/core/errors.ts";
import { isRecord } from "../../src/core/parameters.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { wrap } from "../wrap.ts";
import type { TerminalFlag } from "./terminal-flag.ts";

interface Result {
  title: string;
  url: string;
  snippet: string;
}

const width = 80;

const resultsOf = ({ results }: Record<string, unknown>): Result[] =>
  Array.isArray(results) ? results.filter(isRecord).map((each) => each as unknown as Result) : [];

/** Numbered results: the title, the address, and the extract wrapped. */
export function search(data: Record<string, unknown>, metadata: Record<string, unknown>, paint: Paint): string {
  const results = resultsOf(data);
  const from = paint.dim(sanitiseLine(String(metadata.attribution ?? `Results by ${metadata.provider}`)));
  if (results.length === 0) return `Nothing was found for “${sanitiseLine(String(data.query))}”.\n\n${from}`;
  const indent = " ".repeat(String(results.length).length + 2);
  const blocks = results.map(({ title, url, snippet }, at) =>
    [
      `${`${at + 1}.`.padEnd(indent.length)}${paint.bold(sanitiseLine(title))}`,
      `${indent}${paint.green(sanitiseLine(url))}`,
      ...wrap(sanitiseLine(snippet), width - indent.length).map((line) => indent + line),
    ].join("\n"),
  );
  return `${blocks.join("\n\n")}\n\n${from}`;
}

/** `--open 2` shows the second result in the browser. */
export const openResult: TerminalFlag = {
  flag: "--open <number>",
  about: "open this result in the browser",
  check(value) {
    if (/^[1-9]\d?$/.test(value) && Number(value) <= 20) return;
    throw new AppError("usage", `--open ${value} must be the number of a result, from 1 to 20`);
  },
  async act(value, data, out) {
    const results = resultsOf(data);
    const result = results[Number(value) - 1];
    if (!result) throw new AppError("not_found", `There is no result ${value}: ${results.length} were found`);
    const { openUrl } = await import("../open-url.ts");
    await openUrl(result.url, { anyHttp: true });
    out.note(`Opened ${result.url}`);
  },
};
