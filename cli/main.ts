#!/usr/bin/env bun
import { writeSync } from "node:fs";
import { version } from "../src/version.ts";

process.umask(0o077);
const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) writeSync(1, `${version}\n`);
else process.exit(await (await import("./run.ts")).run(args));
