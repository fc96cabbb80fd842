import { sanitiseLine } from "../sanitise.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .argument("<service>", "a service such as gmail, or a provider such as google for all its services")
    .option("--account <name>", "only this account; all of them unless told")
    .addHelpText("after", "\nExamples:\n  mcqueen logout gmail --account work\n  mcqueen logout google")
    .action(async (service: string, { account }: { account?: string }) => {
      const { out, backend, global } = cli();
      const unlinked = await (await backend()).accounts.unlink(service, account);
      out.data(
        { success: true, unlinked, total: unlinked.length, metadata: {} },
        () =>
          (global.sandbox ? "SANDBOX " : "") +
          unlinked
            .map(({ account: name, services, revoked }) => {
              const end =
                revoked === undefined ? "; its other services stay" : revoked ? ", and the access is revoked" : "";
              return sanitiseLine(`Unlinked ${services.join(", ")} of ${name}${end}.`);
            })
            .join("\n"),
      );
      for (const { revoked, provider, manage_url: url } of unlinked) {
        if (revoked !== false) continue;
        const where = url === undefined ? "" : `: ${url}`;
        out.note(`The access was not revoked at ${provider}; should nobody else need it, remove it there${where}`);
      }
    });
};
