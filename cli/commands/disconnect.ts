import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command.action(async () => {
    const { out, settings } = cli();
    const [{ keepSetting }, loaded] = await Promise.all([import("../../src/settings-file.ts"), settings()]);
    const server = loaded.text("MCQUEEN_SERVER");
    keepSetting(loaded.home, "MCQUEEN_SERVER", undefined);
    keepSetting(loaded.home, "MCQUEEN_TOKEN", undefined);
    out.data({ success: true, data: { disconnected: server ?? null }, metadata: {} }, () =>
      server ? `Disconnected from ${server}.` : "You were not connected.",
    );
  });
};
