import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT } from "jose";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow } from "./row.ts";
import { serve } from "./served.ts";

const secret = "a-secret-for-login-tokens-of-enough-bytes";
const env = { JWT_SECRET: secret };
const hourS = 60 * 60;

/** A login token of ours that is good for so long by the true clock. */
const tokenFor = (hours: number): Promise<string> =>
  new SignJWT({ user_id: "mia" })
    .setProtectedHeader({ alg: "HS256" })
    .setJti(crypto.randomUUID())
    .setExpirationTime(Math.floor(Date.now() / 1000) + hours * hourS)
    .sign(Buffer.from(secret));

/** The daemon runs under faketime, nine hours ahead and nine hours behind; in between it runs by the true clock. */
export const clock: FaultRow = {
  id: "clock",
  promise:
    "a clock that jumps nine hours either way: no session that does not end, login tokens work once all the same",
  missing: () => (Bun.which("faketime") ? undefined : "faketime is not installed"),
  async run() {
    using home = createHome();
    writeFileSync(join(home.path, "config.toml"), "", { mode: 0o600 });
    const { expect, figure } = createVerdict();
    const at = async (
      offset: string | undefined,
      work: (daemon: Awaited<ReturnType<typeof serve>>) => Promise<void>,
    ) => {
      const under = offset === undefined ? [] : ["faketime", "-f", offset];
      const daemon = await serve(home.path, { env, under });
      await work(daemon);
      await daemon.stop();
    };
    const sessions: Record<string, string> = {};
    const login = async (daemon: Awaited<ReturnType<typeof serve>>, token: string): Promise<[number, string]> => {
      const body = { user_id: "mia", auth_token: token };
      const { status, json } = await daemon.send("POST", "/api/v1/auth/login", body, "");
      return [status, String(json?.session?.session_id ?? "")];
    };
    const seen: string[] = [];
    const check = async (daemon: Awaited<ReturnType<typeof serve>>, name: string, wanted: number): Promise<void> => {
      const { status } = await daemon.send("GET", "/api/v1/profile", undefined, sessions[name]);
      seen.push(`${name} ${status}`);
      expect(status === wanted, `the session of ${name} was answered ${status}`);
    };
    const used = await tokenFor(1);
    const long = await tokenFor(20);
    const spare = await tokenFor(20);
    await at(undefined, async (daemon) => {
      const [status, session] = await login(daemon, used);
      expect(status === 200, `a login was answered ${status}`);
      sessions.now = session;
      await check(daemon, "now", 200);
    });
    await at("+9h", async (daemon) => {
      await check(daemon, "now", 401);
      const [status, session] = await login(daemon, long);
      expect(status === 200, `a login nine hours ahead was answered ${status}`);
      sessions.ahead = session;
      await check(daemon, "ahead", 200);
      expect((await login(daemon, used))[0] === 401, "a used token worked nine hours ahead");
    });
    await at(undefined, async (daemon) => {
      await check(daemon, "ahead", 401);
      for (const [name, token] of [
        ["used", used],
        ["long", long],
      ] as const) {
        const [status] = await login(daemon, token);
        expect(status === 401, `the ${name} token worked again once the clock was right: ${status}`);
      }
    });
    await at("-9h", async (daemon) => {
      await check(daemon, "ahead", 401);
      expect((await login(daemon, spare))[0] === 401, "a token that lasts 29 hours worked");
      expect((await login(daemon, used))[0] === 401, "a used token worked nine hours before");
    });
    return figure(`faketime ±9 h; sessions: ${seen.join(", ")}; no token worked twice`);
  },
};
