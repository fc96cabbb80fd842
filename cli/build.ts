import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import manifest from "../package.json" with { type: "json" };
import { compileFlags } from "./build-flags.ts";

const root = join(import.meta.dir, "..");
const dist = join(root, "dist");
const pin = manifest.packageManager.replace(/^bun@/, "");
const platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "windows-x64"];

/** Compiles to another name and renames, so that a running binary is never written to. */
async function compile(name: string, target?: string): Promise<void> {
  const draft = join(dist, `.${process.pid}-${name}`);
  const before = new Set(await leftovers());
  const child = Bun.spawn(
    [
      process.execPath,
      "build",
      ...compileFlags,
      ...(target ? [`--target=${target}`] : []),
      "cli/main.ts",
      `--outfile=${draft}`,
    ],
    {
      cwd: root,
      env: { ...process.env, BUN_BE_BUN: undefined, BUN_OPTIONS: undefined },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  try {
    if ((await child.exited) !== 0) throw new Error(`${target ?? "this machine"} failed to compile`);
    await rename(draft, join(dist, name));
  } finally {
    await rm(draft, { force: true });
    const fresh = (await leftovers()).filter((file) => !before.has(file));
    await Promise.all(fresh.map((file) => rm(join(root, file), { force: true })));
  }
}

/** What the compiler leaves behind when it fails. */
const leftovers = async (): Promise<string[]> => (await readdir(root)).filter((file) => file.endsWith(".bun-build"));

async function release(url: string): Promise<void> {
  for (const old of await readdir(dist)) {
    if (/^(mcqueen-|SHA256SUMS$|install\.sh$)/.test(old)) await rm(join(dist, old));
  }
  const names: string[] = [];
  const failed: string[] = [];
  for (const platform of platforms) {
    const name = `mcqueen-${manifest.version}-${platform}${platform.startsWith("windows") ? ".exe" : ""}`;
    try {
      await compile(name, `bun-${platform}-v${pin}`);
      names.push(name);
    } catch (error) {
      failed.push(error instanceof Error ? error.message : platform);
    }
  }
  if (failed.length > 0) throw new Error(`No release: ${failed.join(", ")}`);
  await writeInstaller(url);
  const sums = await Promise.all([...names, "install.sh"].map(async (name) => `${await sha256(name)}  ${name}\n`));
  await writeFile(join(dist, "SHA256SUMS"), sums.join(""));
  console.log(`Release ${manifest.version} is in dist/:\n${sums.join("")}`.trimEnd());
}

async function writeInstaller(url: string): Promise<void> {
  const target = join(dist, "install.sh");
  await copyFile(join(root, "install.sh"), target);
  if (url === "") return;
  const script = await readFile(target, "utf8");
  const parts = script.split("\nRELEASE_URL=''\n");
  if (parts.length !== 2) throw new Error("install.sh has no one place for the address of the release");
  await writeFile(target, parts.join(`\nRELEASE_URL='${url}'\n`));
}

async function sha256(name: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(join(dist, name)).stream()) hash.update(chunk);
  return hash.digest("hex");
}

function readOptions(): { release: boolean; url: string } {
  const { values } = parseArgs({ options: { release: { type: "boolean" }, url: { type: "string" } } });
  const url = values.url ?? process.env.MCQUEEN_RELEASE_URL ?? "";
  if (values.url !== undefined && !values.release) throw new Error("--url belongs to --release");
  // The address ends up inside a shell script.
  if (
    values.release &&
    url !== "" &&
    !/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)(?![^:/]))[\w.~:/%+-]+$/.test(url)
  ) {
    throw new Error(`Not an https address: ${url}`);
  }
  return { release: values.release ?? false, url };
}

async function main(): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    console.error("  Usage: bun cli/build.ts [--release [--url URL]]");
    return 2;
  }
  try {
    if (Bun.version !== pin) throw new Error(`Bun ${pin} is needed, this is ${Bun.version}`);
    await mkdir(dist, { recursive: true });
    await (options.release ? release(options.url) : compile(process.platform === "win32" ? "mcqueen.exe" : "mcqueen"));
    return 0;
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

process.exitCode = await main();
