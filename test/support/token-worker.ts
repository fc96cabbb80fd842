import { createApp } from "../../src/app.ts";
import type { Grant } from "../../src/core/grant.ts";
import { createKnownSecrets } from "../../src/core/known-secrets.ts";
import { google } from "../../src/oauth/google.ts";
import type { OAuthParts } from "../../src/oauth/parts.ts";
import { createTokenKeeper } from "../../src/oauth/token-keeper.ts";
import { loadSettings, type Settings } from "../../src/settings.ts";
import { isSettingName } from "../../src/settings-table.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createGrantStore } from "../../src/store/grant.ts";
import { createLeaseStore } from "../../src/store/lease.ts";
import { createLoginFlowStore } from "../../src/store/login-flow.ts";
import { buildVault } from "../../src/vault.ts";
import { createTestClient } from "./context.ts";
import { callOf } from "./home.ts";
import { mailbox } from "./toy-mailbox.ts";

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

/** Where a renewal is stopped. */
export const stops = ["leased", "asking", "answered", "stored", "done"] as const;
export type Stop = (typeof stops)[number];

/** Stops for good, so that whoever reads what was said can kill this process at that very point. */
function hang(at: Stop): Promise<never> {
  say({ at });
  return new Promise(() => setInterval(() => undefined, 1_000));
}

/** The parts of the login engine, of which one stops where told. */
export function partsOf(settings: Settings, stop?: Stop): OAuthParts {
  const db = openDatabase(settings.home.database, { lockWaitMs: 5_000 }).durable;
  const now = (): Date => new Date();
  const vault = buildVault(settings, db, now);
  const leases = createLeaseStore(db);
  const http = createTestClient({ now });
  return {
    providers: [google],
    grants: createGrantStore(db),
    flows: createLoginFlowStore(db),
    secrets: createKnownSecrets([]),
    setting: async (name) => (isSettingName(name) ? settings.text(name) : undefined),
    publicUrl: undefined,
    sandbox: false,
    now,
    record: async () => undefined,
    report: (defect) => {
      throw defect;
    },
    vault: {
      ...vault,
      async write(place, secret) {
        await vault.write(place, secret);
        if (stop === "stored") await hang(stop);
      },
    },
    leases: {
      async take(...args) {
        const isTaken = await leases.take(...args);
        if (isTaken && stop === "leased") await hang(stop);
        return isTaken;
      },
      release: (name, holder) => (stop === "done" ? hang(stop) : leases.release(name, holder)),
    },
    http: {
      async json(request) {
        const asking = http.json(request);
        if (stop === "asking") await hang(stop);
        const answer = await asking;
        if (stop === "answered") await hang(stop);
        return answer;
      },
    },
  };
}

if (import.meta.main) {
  const [deed = "", id = ""] = process.argv.slice(2);
  const settings = loadSettings();
  if (deed === "open") {
    const app = await createApp({ settings, adapters: [mailbox()], lockWaitMs: 5_000 });
    await app.vault.keys();
    say({ ready: true });
    await new Promise((go) => process.stdin.once("data", go));
    say(await app.execute(callOf("mailbox", {})));
    await app.close();
    process.exit(0);
  }
  const parts = partsOf(settings, deed as Stop);
  await createTokenKeeper(parts).tokensFor(google, (await parts.grants.find(id)) as Grant);
  say({ at: "the end" });
}
