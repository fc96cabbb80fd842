import { listLines } from "../src/app-listing.ts";
import { listingLines } from "../src/catalogue.ts" with { type: "macro" };
import type { ListedLine, ListingLine } from "../src/core/listing-line.ts";
import type { Cli } from "./cli.ts";

/** The lines of `mcqueen list` by the short way; undefined where the long one is needed. */
export async function quickLines(cli: Cli): Promise<ListedLine[] | undefined> {
  if (cli.global.server !== undefined) return undefined;
  const settings = await cli.settings();
  if (settings.text("MCQUEEN_SERVER") !== undefined) return undefined;
  const lines = await listingLines();
  return listLines(settings, () => JSON.parse(lines) as ListingLine[]);
}
