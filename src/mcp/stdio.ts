import type { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { App } from "../app.ts";
import type { Caller } from "../core/call.ts";
import { createChanges } from "./changes.ts";
import { createLoginPage } from "./login-page.ts";
import { createServers } from "./server.ts";

/** Serves the protocol on stdin and stdout until the client goes. Whoever started us is the user of this computer. */
export async function serveOnStdio(app: App, userId: string): Promise<void> {
  const caller: Caller = { userId, role: "admin", entrance: "mcp", credentialId: "stdio", interactive: false };
  const page = createLoginPage(app);
  const { make } = createServers(app, {
    askerOf: () => ({ caller, again: async () => caller }),
    linkTo: async (asker, service) => page.linkTo(await app.connectTickets.issue({ service, caller: asker.caller })),
  });
  const report = (error: Error): void => app.log.debug("an agent's message was refused", { error });
  let current: Server | undefined;
  const unwatch = createChanges(app).watch(userId, () => {
    if (current?.transport) void current.sendToolListChanged().catch(report);
  });
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  for (const event of ["end", "close"] as const) process.stdin.once(event, () => resolve());
  const handle = serveStdio(
    () => {
      current = make();
      return current;
    },
    { onerror: report },
  );
  const onSignal = (): void => resolve();
  process.once("SIGTERM", onSignal);
  process.once("SIGINT", onSignal);
  await gone;
  unwatch();
  await handle.close();
  await page.close();
}
