import { expect, test } from "bun:test";
import { createOffers } from "../../src/mcp/offer.ts";
import { adapters, sandboxAdapters } from "../support/adapters.ts";
import { bootApp, owner } from "../support/home.ts";

test("every action of the product is offered, in a form that clients take", async () => {
  await using app = await bootApp({ adapters: [...adapters, ...sandboxAdapters] });
  const listed = await createOffers(app).list({ ...owner, entrance: "mcp" });
  expect(listed).toHaveLength(app.registry.tools.flatMap(({ actions }) => actions).length);
  for (const { name, title, description, inputSchema, outputSchema, annotations } of listed) {
    expect(name).toMatch(/^[a-z0-9_]{1,64}$/);
    expect([name, title.length > 0, description.length > 10]).toEqual([name, true, true]);
    expect([name, inputSchema.type, inputSchema.additionalProperties, outputSchema?.type]).toEqual([
      name,
      "object",
      false,
      "object",
    ]);
    expect(Object.values(annotations).filter((hint) => typeof hint === "boolean")).toHaveLength(4);
    expect(annotations.readOnlyHint && annotations.destructiveHint).toBe(false);
  }
  const hinted = (hint: "destructiveHint" | "idempotentHint") =>
    listed.filter(({ annotations }) => !annotations.readOnlyHint && annotations[hint]).map(({ name }) => name);
  const gone = ["book_restaurant_public_cancel", "calendar_personal_delete_event", "notes_remove"];
  expect(hinted("idempotentHint")).toEqual(gone);
  expect(hinted("destructiveHint")).toEqual([...gone, "calendar_personal_update_event"].sort());
});

test("two actions that agents would call alike stop the program", async () => {
  await using app = await bootApp();
  const [first] = app.registry.tools;
  if (!first) throw new Error("no tool");
  const registry = { ...app.registry, tools: [first, first] };
  expect(() => createOffers({ ...app, registry })).toThrow("Two actions are called");
});

test("a bounded device is shown what it may use, through this door too", async () => {
  await using app = await bootApp({ adapters: [...adapters, ...sandboxAdapters], sandbox: true });
  const bounds = { tools: ["notes", "get_weather"], writes: "ask", destructive: "deny" } as const;
  const listed = await createOffers(app).list({ ...owner, entrance: "mcp", bounds });
  expect(listed.map(({ name }) => name)).toEqual(["get_weather", "notes_add", "notes_list"]);
});
