import { describe, expect, test } from "bun:test";
import { createRegistry } from "../../src/core/registry.ts";
import { adapters } from "../support/adapters.ts";

const whole = createRegistry(adapters);
const [first] = adapters;
const part = createRegistry(first ? [first] : [], whole.names);
const loaded = first?.tools.map(({ id }) => id) ?? [];
const others = Object.keys(whole.names).filter((id) => !loaded.includes(id));

describe("a registry of all services", () => {
  test("names its tools as agents call them", () => {
    expect(Object.keys(whole.names)).toEqual(whole.tools.map(({ id }) => id));
    expect(whole.names.get_weather).toEqual(["get_weather"]);
    expect(whole.names.calendar_personal).toContain("calendar_personal_create_event");
  });

  test.each(["no_such_tool", "constructor", "__proto__", ""])("does not find %j", (id) => {
    expect(() => whole.find(id)).toThrow(expect.objectContaining({ code: "not_found" }));
  });

  test("has each tool once", () => {
    expect(() => createRegistry([...adapters, ...adapters])).toThrow("registered twice");
  });
});

describe("a registry of one service of several", () => {
  test("finds its own tools", () => {
    expect(loaded.length).toBeGreaterThan(0);
    for (const id of loaded) expect(part.adapterOf(part.find(id))).toBe(whole.adapterOf(whole.find(id)));
  });

  test.each(others)("says of %s that it is not loaded, and not that there is none", (id) => {
    expect(() => part.find(id)).toThrow(`Tool ${id} is not loaded`);
    expect(() => part.find(id)).not.toThrow(expect.objectContaining({ code: "not_found" }));
  });

  test("gives nobody a part for the whole", () => {
    expect(() => part.tools).toThrow("is not loaded");
    expect(part.names).toEqual(whole.names);
  });

  test.each(["no_such_tool", "constructor"])("does not find %s", (id) => {
    expect(() => part.find(id)).toThrow(expect.objectContaining({ code: "not_found" }));
  });
});
