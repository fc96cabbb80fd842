import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command.action(async () => {
    const { out, settings, app } = cli();
    const [{ keepSettings }, loaded] = await Promise.all([import("../../src/settings-file.ts"), settings()]);
    const server = loaded.text("MCQUEEN_SERVER");
    keepSettings(loaded.home, { MCQUEEN_SERVER: undefined });
    await (await app()).secrets.keep("MCQUEEN_TOKEN", undefined);
    out.data({ success: true, data: { disconnected: server ?? null }, metadata: {} }, () =>
      server ? `Disconnected from ${server}.` : "You were not connected.",
    );
  });
};
