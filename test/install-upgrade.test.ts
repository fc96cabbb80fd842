import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { binary } from "./support/binary.ts";
import { createHome } from "./support/home.ts";

setDefaultTimeout(120_000);

test("an upgrade of a running daemon keeps data and port, and restarts it", async () => {
  using home = createHome();
  const program = Bun.file(await binary());
  const sum = new Bun.CryptoHasher("sha256").update(await program.arrayBuffer()).digest("hex");
  const name = `mcqueen-9.9.9-${process.platform}-${process.arch}`;
  await using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => new Response(url.endsWith("SHA256SUMS") ? `${sum}  ${name}\n` : program),
  });
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home.path,
    MCQUEEN_HOME: join(home.path, "house"),
    VAULT_KEY: "file",
    PREFIX: home.path,
    MCQUEEN_RELEASE_URL: `http://127.0.0.1:${server.port}/release`,
  };
  const run = async (...words: string[]) => {
    const child = Bun.spawn(words, { env, cwd: home.path, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { out, err, code };
  };
  const mcqueen = (...words: string[]) => run(join(home.path, "bin/mcqueen"), ...words);
  const facts = async () => JSON.parse((await mcqueen("daemon", "status", "--json")).out).data;

  // Beside a checkout the script would build it.
  await Bun.write(join(home.path, "install.sh"), Bun.file(join(import.meta.dir, "../install.sh")));
  const download = () => run("sh", join(home.path, "install.sh"));
  expect(await download()).toMatchObject({ code: 0 });
  await mcqueen("places", "add", "Grandma", "--address", "Kastanienallee 41, Berlin");
  const token = (await mcqueen("daemon", "token")).out;
  expect((await mcqueen("daemon", "start", "--port", "0")).code).toBe(0);
  const before = await facts();
  try {
    const { out, err, code } = await download();
    expect([code, err, out]).toEqual([0, "", expect.stringContaining("The daemon was restarted")]);
    const after = await facts();
    expect([after.running, after.url, after.pid === before.pid]).toEqual([true, before.url, false]);
    expect((await mcqueen("daemon", "token")).out).toBe(token);
    expect((await mcqueen("places", "list")).out).toContain("Grandma");
  } finally {
    await mcqueen("daemon", "stop");
  }
  expect(await run("sh", join(home.path, "install.sh"), "--uninstall")).toMatchObject({ code: 0, err: "" });
  expect(await Bun.file(join(home.path, "house/data/mcqueen.db")).exists()).toBe(true);
});
