import { expect, test } from "bun:test";
import { suggestion } from "../../src/core/suggestion.ts";

const tools = ["get_weather", "web_search", "maps_hybrid", "slack_personal", "email_personal"];

test.each([
  ["get_wether", "Did you mean get_weather?\n"],
  ["weather", "Did you mean get_weather?\n"],
  ["slack", "Did you mean slack_personal?\n"],
  ["maps", "Did you mean maps_hybrid?\n"],
  ["personal", ""],
  ["eat", ""],
  ["", ""],
])("%p among the tools: %p", (word, said) => {
  expect(suggestion(word, tools)).toBe(said);
});

test("of nothing nothing is suggested", () => {
  expect(suggestion("weather", [])).toBe("");
});
