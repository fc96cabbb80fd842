import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether certificates can be made here. */
export const hasOpenssl = Bun.which("openssl") !== null;

/**
 * A proxy with https under a name, as a person puts it before the daemon.
 * @returns the flags by which a browser finds it under that name and trusts its key and no other
 */
export function openHttpsFront(name: string, backend: () => string) {
  const { key, cert } = makeCertificate(name);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { key, cert },
    async fetch(request) {
      const url = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.set("host", name);
      return fetch(backend() + url.pathname + url.search, { method: request.method, headers, redirect: "manual" });
    },
  });
  const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
  const pin = createHash("sha256").update(spki).digest("base64");
  return {
    flags: [
      `--host-resolver-rules=MAP ${name}:443 127.0.0.1:${server.port}`,
      `--ignore-certificate-errors-spki-list=${pin}`,
    ],
    stop: () => server.stop(true),
  };
}

function makeCertificate(name: string): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "mcqueen-cert-"));
  try {
    const made = Bun.spawnSync(
      [
        ..."openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" "),
        ...["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`],
        ...["-keyout", "key.pem", "-out", "cert.pem"],
      ],
      { cwd: folder },
    );
    if (made.exitCode !== 0) throw new Error(made.stderr.toString());
    return {
      key: readFileSync(join(folder, "key.pem"), "utf8"),
      cert: readFileSync(join(folder, "cert.pem"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
