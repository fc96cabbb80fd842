import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasOpenssl } from "../support/https-front.ts";

/** Why there can be no network of our own here, or undefined. */
function whyNot(): string | undefined {
  if (!hasOpenssl) return "the command openssl is missing";
  if (!(Bun.which("unshare") && Bun.which("ip"))) return "the command unshare or ip is missing";
  const made = Bun.spawnSync(["unshare", "-rnm", "ip", "link", "set", "lo", "up"], { stderr: "pipe" });
  return made.exitCode === 0 ? undefined : `no network can be made: ${made.stderr.toString().trim()}`;
}
const reason = whyNot();

test.skipIf(reason !== undefined)(
  `a document is fetched from the address that was checked, whatever a name server says next${reason ? ` (left out: ${reason})` : ""}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "mcqueen-rebinding-"));
    const at = (name: string) => join(folder, name);
    try {
      writeFileSync(at("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
      writeFileSync(at("hosts"), "127.0.0.1 localhost\n");
      const names = "subjectAltName=DNS:client.example,DNS:*.client.example";
      const certificate = Bun.spawnSync(
        [
          ..."openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" "),
          ...["-subj", "/CN=client.example", "-addext", names, "-keyout", at("key.pem"), "-out", at("cert.pem")],
        ],
        { stderr: "pipe" },
      );
      expect([certificate.exitCode, certificate.exitCode === 0 ? "" : certificate.stderr.toString()]).toEqual([0, ""]);
      const steps = [
        "ip link set lo up",
        "ip addr add 93.184.216.34/32 dev lo",
        'mount --bind "$1/resolv.conf" /etc/resolv.conf',
        'mount --bind "$1/hosts" /etc/hosts',
        'exec "$2" "$3" "$1/key.pem" "$1/cert.pem"',
      ].join(" && ");
      const script = join(import.meta.dir, "../support/rebinding.ts");
      const child = Bun.spawn(["unshare", "-rnm", "sh", "-c", steps, "sh", folder, process.execPath, script], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: at("cert.pem") },
        stderr: "pipe",
      });
      const [out, err, exit] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      expect([exit, err]).toEqual([0, ""]);
      expect(JSON.parse(out)).toEqual({
        results: {
          "https://client.example/doc": { host: "client.example" },
          "https://rebound.client.example/doc": { host: "rebound.client.example" },
          "https://rebound.client.example/doc?again": "rebound.client.example is not a public address",
          "https://inside.client.example/doc": "inside.client.example is not a public address",
          "https://both.client.example/doc": "both.client.example is not a public address",
          "https://mapped.client.example/doc": "mapped.client.example is not a public address",
          "https://six.client.example/doc": "six.client.example is not a public address",
          "https://nowhere.client.example/doc": "nowhere.client.example cannot be reached",
          "https://client.example/https%3A%2F%2Finside.client.example%2Fdoc":
            "inside.client.example is not a public address",
          "https://client.example/https%3A%2F%2F127.0.0.1%2Fdoc": "127.0.0.1 is not a public address",
          "https://client.example/http%3A%2F%2Fclient.example%2Fdoc": "only https is fetched",
          // Its certificate is another's.
          "https://other.example/doc": "other.example cannot be reached",
        },
        hits: 0,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
