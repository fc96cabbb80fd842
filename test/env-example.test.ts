import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { definitionOf, type SettingName, settingsTable } from "../src/settings-table.ts";

test(".env.example has every setting, with its meaning and its default, and no other", () => {
  const text = readFileSync(join(import.meta.dir, "../.env.example"), "utf8");
  const found = [...text.matchAll(/^# (.*)\n([A-Z][A-Z0-9_]*)=(.*)$/gm)].map((match) => match.slice(1, 4));
  const names = Object.keys(settingsTable) as SettingName[];
  expect(found).toEqual(names.map((name) => [definitionOf(name).about, name, definitionOf(name).default ?? ""]));
  expect(text.match(/^[^#\s].*$/gm)).toHaveLength(names.length);
});
