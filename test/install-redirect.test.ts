import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = join(import.meta.dir, "../install.sh");
const name = `mcqueen-9.9.9-${process.platform}-${process.arch}`;
const release = '#!/bin/sh\necho "mcqueen 9.9.9"\n';
const sum = new Bun.CryptoHasher("sha256").update(release).digest("hex");
const files: Record<string, string> = { [name]: release, SHA256SUMS: `${sum}  ${name}\n` };

type Server = ReturnType<typeof Bun.serve>;
const hasOpenssl = Bun.which("openssl") !== null;

describe.each(["curl", "wget"])("a release that moved, by %s", (downloader) => {
  const hasAll = hasOpenssl && Bun.which(downloader) !== null;
  const why = hasAll ? "" : ` (SKIPPED: no ${downloader} or no openssl here)`;
  let folder: string;
  let home: string;
  let secure: Server;
  let plain: Server;
  let reached: string[];
  let moveTo: (path: string) => string | undefined;

  function answer(request: Request): Response {
    const { protocol, pathname } = new URL(request.url);
    reached.push(protocol + pathname);
    const location = moveTo(pathname);
    if (location !== undefined) return new Response("", { status: 302, headers: { location } });
    const body = files[pathname.replace(/^\/\w+\//, "")];
    return body === undefined ? new Response("", { status: 404 }) : new Response(body);
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mcqueen-install-tls-"));
    if (!hasAll) return;
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost";
    Bun.spawnSync(["openssl", ...words.split(" "), "-keyout", key, "-out", cert]);
    writeFileSync(join(folder, "wgetrc"), `ca_certificate = ${cert}\n`);
    const tools = "mktemp mkdir chmod mv rm cut sha256sum shasum openssl uname ldd grep sed ls sh".split(" ");
    mkdirSync(join(folder, "bin"));
    for (const tool of [downloader, ...tools]) {
      const path = Bun.which(tool);
      if (path) symlinkSync(path, join(folder, "bin", tool));
    }
    const tls = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
    secure = Bun.serve({ hostname: "localhost", port: 0, tls, fetch: answer });
    plain = Bun.serve({ hostname: "0.0.0.0", port: 0, fetch: answer });
  });
  afterAll(async () => {
    if (hasAll) await Promise.all([secure.stop(true), plain.stop(true)]);
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    reached = [];
    home = mkdtempSync(join(tmpdir(), "mcqueen-install-test-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  async function installFrom(url: string): Promise<{ code: number; err: string }> {
    const child = Bun.spawn(["sh", "-s"], {
      cwd: home,
      env: {
        PATH: join(folder, "bin"),
        HOME: home,
        TMPDIR: home,
        PREFIX: home,
        MCQUEEN_RELEASE_URL: url,
        WGETRC: join(folder, "wgetrc"),
        CURL_CA_BUNDLE: join(folder, "cert.pem"),
      },
      stdin: readFileSync(script),
      stdout: "ignore",
      stderr: "pipe",
    });
    const [err, code] = await Promise.all([child.stderr.text(), child.exited]);
    return { code, err };
  }
  const placed = (): string[] => (existsSync(join(home, "bin")) ? readdirSync(join(home, "bin")) : []);
  const moved = (path: string, from: string, to: string): string | undefined =>
    path.startsWith(from) ? path.replace(from, to) : undefined;

  test.skipIf(!hasAll)(`from https to https is followed, by a path and by a whole address${why}`, async () => {
    moveTo = (path) => moved(path, "/old/", "/mid/") ?? moved(path, "/mid/", `https://localhost:${secure.port}/new/`);
    expect(await installFrom(`https://localhost:${secure.port}/old`)).toEqual({ code: 0, err: "" });
    expect(placed()).toEqual(["mcqueen"]);
    expect(reached).toContain(`https:/new/${name}`);
  });

  test.skipIf(!hasAll)(`from https to plain http is refused${why}`, async () => {
    moveTo = (path) => moved(path, "/old/", `http://127.0.0.1:${plain.port}/new/`);
    const { code, err } = await installFrom(`https://localhost:${secure.port}/old`);
    expect(err).toContain("The download failed");
    expect(code).toBe(1);
    expect(reached).toEqual(["https:/old/SHA256SUMS"]);
    expect(placed()).toEqual([]);
  });

  test.skipIf(!hasAll)(`without an end is given up${why}`, async () => {
    moveTo = (path) => path;
    const { code } = await installFrom(`https://localhost:${secure.port}/old`);
    expect(code).toBe(1);
    expect(reached).toHaveLength(11);
  });

  test.skipIf(!hasAll || process.platform !== "linux")(
    `from this machine's http to another host of the loopback is refused${why}`,
    async () => {
      moveTo = (path) => moved(path, "/old/", `http://127.0.0.9:${plain.port}/new/`);
      const { code, err } = await installFrom(`http://127.0.0.1:${plain.port}/old`);
      expect(err).toContain("The download failed");
      expect(code).toBe(1);
      expect(reached).toEqual(["http:/old/SHA256SUMS"]);
      expect(placed()).toEqual([]);
    },
  );
});
