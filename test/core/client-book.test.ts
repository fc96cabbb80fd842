import { expect, test } from "bun:test";
import { createClientBook } from "../../src/core/client-book.ts";
import { createClientStore } from "../../src/store/client.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createHome } from "../support/home.ts";

const address = "https://agent.example/client.json";
const document = { client_id: address, client_name: "Agent", redirect_uris: ["https://agent.example/cb"] };

/** A book whose network is what the test says. */
function open(fetchDocument: (url: string) => Promise<unknown>) {
  const home = createHome();
  const database = openDatabase(`${home.path}/test.db`);
  const clock = { now: new Date("2027-01-01T00:00:00Z") };
  const book = createClientBook({ clients: createClientStore(database), fetchDocument, now: () => clock.now });
  return {
    book,
    clock,
    [Symbol.dispose]() {
      database.close();
      home[Symbol.dispose]();
    },
  };
}

test("a program describes itself at its own address, which is looked at once an hour", async () => {
  let asked = 0;
  using opened = open(async () => {
    asked++;
    return { ...document, client_name: `Agent ${asked}` };
  });
  const { book, clock } = opened;
  expect(await book.find(address)).toMatchObject({ id: address, kind: "document", name: "Agent 1" });
  expect((await book.find(address)).name).toBe("Agent 1");
  clock.now = new Date(clock.now.getTime() + 61 * 60_000);
  expect((await book.find(address)).redirectUris).toEqual(["https://agent.example/cb"]);
  expect([(await book.find(address)).name, asked]).toEqual(["Agent 2", 2]);
});

const refused: [name: string, id: string, document: unknown, sentence: string][] = [
  ["an address without a path", "https://agent.example/", document, "no address of a document"],
  ["one that is spelled otherwise than it is read", "https://AGENT.example/client.json", document, "no address"],
  ["one with dots", "https://agent.example/x/../client.json", document, "no address"],
  ["a fragment", `${address}#x`, document, "no address"],
  ["a name in front", "https://me@agent.example/client.json", document, "no address"],
  ["a document of another client", address, { ...document, client_id: `${address}x` }, "names another client"],
  ["a document without an id", address, { ...document, client_id: undefined }, "names another client"],
  ["no document", address, "text", "names another client"],
  ["a secret", address, { ...document, token_endpoint_auth_method: "client_secret_post" }, "clients keep no secret"],
  [
    "a key of its own",
    address,
    { ...document, token_endpoint_auth_method: "private_key_jwt" },
    "clients keep no secret",
  ],
  ["a script for a redirect", address, { ...document, redirect_uris: ["javascript:x"] }, "scheme is not taken"],
  ["http elsewhere", address, { ...document, redirect_uris: ["http://agent.example/cb"] }, "for this computer only"],
  ["no redirect", address, { ...document, redirect_uris: [] }, "refused"],
];
test.each(refused)("%s is refused", async (_name, id, given, sentence) => {
  using opened = open(async () => given);
  await expect(opened.book.find(id)).rejects.toMatchObject({
    code: "invalid_client",
    message: expect.stringContaining(sentence),
  });
});

test("what the network says is told in the guard's own sentence", async () => {
  using opened = open(async () => {
    throw new Error("agent.example is not a public address");
  });
  await expect(opened.book.find(address)).rejects.toThrow(
    "The client's document cannot be had: agent.example is not a public address",
  );
});
