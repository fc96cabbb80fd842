import { clockOf } from "../clock.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .command("list")
    .description("who is logged in, newest first")
    .option("--all", "everyone's sessions, for an admin")
    .action(async ({ all }: { all?: true }) => {
      const { out, backend } = cli();
      const work = await backend();
      const sessions = await work.people.listSessions(all ?? false);
      const clock = await clockOf(work);
      out.data({ success: true, sessions, total: sessions.length, metadata: {} }, (_, here) => {
        if (sessions.length === 0)
          return all
            ? "Nobody is logged in."
            : here("You have no session. mcqueen sessions list --all shows everyone's.");
        const rows = sessions.map((each) => [
          each.id,
          each.user_id,
          each.client_type,
          clock(each.last_activity),
          clock(each.expires_at),
        ]);
        return table([["id", "user", "client", "last seen", "ends"], ...rows.map((row) => row.map(sanitiseLine))]);
      });
    });
  command
    .command("revoke")
    .description("end a session now")
    .argument("<id>", "as mcqueen sessions list prints it")
    .action(async (id: string) => {
      const { out, backend } = cli();
      await (await backend()).people.endSession(id);
      out.data({ success: true, data: { ended: id }, metadata: {} }, () => `Ended ${sanitiseLine(id)}.`);
    });
  command.addHelpText("after", "\nExample:\n  mcqueen sessions list --all");
};
