import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file of the page, under the path that a browser asks for. */
export interface Asset {
  path: string;
  type: string;
  base64: string;
  etag: string;
}

const text = "; charset=utf-8";
const shell: [path: string, type: string, file: string][] = [
  ["/", `text/html${text}`, "page.html"],
  ["/web/manifest.webmanifest", `application/manifest+json${text}`, "manifest.webmanifest"],
  ["/web/icon.svg", `image/svg+xml${text}`, "icon.svg"],
  ["/web/icon-192.png", "image/png", "icon-192.png"],
  ["/web/icon-512.png", "image/png", "icon-512.png"],
];

/**
 * Bundles the page. Imported as a macro, so that sources, tests and the binary all hold the finished files.
 * @throws Error when the page does not compile
 */
export function bundle(): Asset[] {
  const folder = mkdtempSync(join(tmpdir(), "mcqueen-web-"));
  try {
    const assets = [
      ...shell.map(([path, type, file]) => toAsset(path, type, readFileSync(join(import.meta.dir, "shell", file)))),
      toAsset("/web/page.js", `text/javascript${text}`, build(folder, "main.tsx")),
      toAsset("/web/page.css", `text/css${text}`, build(folder, "page.css")),
    ];
    const version = digest(Buffer.from(assets.map(({ etag }) => etag).join("")));
    const worker = build(folder, "worker.ts", {
      SHELL_VERSION: version,
      SHELL_PATHS: assets.map(({ path }) => path),
    });
    return [...assets, toAsset("/worker.js", `text/javascript${text}`, worker)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(folder: string, file: string, defined: Record<string, unknown> = {}): Buffer {
  const defines = Object.entries(defined).flatMap(([name, value]) => ["--define", `${name}=${JSON.stringify(value)}`]);
  const made = Bun.spawnSync(
    [
      process.execPath,
      "build",
      join(import.meta.dir, file),
      "--production",
      "--target=browser",
      ...defines,
      `--outdir=${folder}`,
    ],
    { cwd: import.meta.dir, stdout: "ignore", stderr: "pipe" },
  );
  if (made.exitCode !== 0) throw new Error(`The page did not compile: ${made.stderr.toString()}`);
  return readFileSync(join(folder, file.replace(/\.tsx?$/, ".js")));
}

const toAsset = (path: string, type: string, bytes: Buffer): Asset => ({
  path,
  type,
  base64: bytes.toString("base64"),
  etag: `"${digest(bytes)}"`,
});

const digest = (bytes: Buffer): string => new Bun.CryptoHasher("sha256").update(bytes).digest("hex").slice(0, 32);
