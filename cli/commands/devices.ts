import type { ListedDevice } from "../../src/core/device.ts";
import { AppError } from "../../src/core/errors.ts";
import type { DeviceBackend } from "../backend.ts";
import type { Cli } from "../cli.ts";
import { type Clock, clockOf } from "../clock.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .command("list")
    .description("your paired phones")
    .option("--all", "everyone's, for an admin")
    .action(({ all }: { all?: true }) => list(cli(), all ?? false));
  command
    .command("rename")
    .description("give one another name")
    .argument("<device>", "its id or its name")
    .argument("<name>", "up to 64 characters")
    .action((named: string, name: string) => rename(cli(), named, name));
  command
    .command("revoke")
    .description("end one now, with its sessions and the tokens that it made")
    .argument("<device>", "its id or its name")
    .action((named: string) => revoke(cli(), named));
  command.addHelpText(
    "after",
    '\nExamples:\n  mcqueen devices list\n  mcqueen devices rename dev_0123456789ab "Old phone"',
  );
};

async function list(cli: Cli, all: boolean): Promise<void> {
  const backend = await cli.backend();
  const devices = await backend.devices.list(all);
  const clock = await clockOf(backend);
  cli.out.data({ success: true, devices, total: devices.length, metadata: {} }, (_, here) => {
    if (devices.length === 0) return here("No phone is paired. Pair one: mcqueen pair");
    return table([["id", "name", "user", "tools", "writes", "destructive", "last used"], ...devices.map(rowOf(clock))]);
  });
}

const rowOf =
  (clock: Clock) =>
  (device: ListedDevice): string[] =>
    [
      device.id,
      device.name,
      device.user_id,
      device.tools?.join(", ") ?? "all",
      device.effects.write,
      device.effects.destructive,
      device.last_used_at === null ? "never" : clock(device.last_used_at),
    ].map(sanitiseLine);

async function rename(cli: Cli, named: string, name: string): Promise<void> {
  const { devices } = await cli.backend();
  const { id } = await find(devices, named, false);
  const device = await devices.rename(id, name);
  cli.out.data({ success: true, device, metadata: {} }, () => `${device.id} is ${sanitiseLine(device.name)} now.`);
}

async function revoke(cli: Cli, named: string): Promise<void> {
  const { devices } = await cli.backend();
  const { id, name } = await find(devices, named, true);
  const { sessions, tokens, programs } = await devices.revoke(id);
  cli.out.data({ success: true, data: { revoked: id, sessions, tokens, programs }, metadata: {} }, () => {
    const came = Object.entries({ session: sessions, token: tokens, program: programs })
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${count} ${what}${count === 1 ? "" : "s"}`);
    return `Revoked ${sanitiseLine(name)}${came.length > 0 ? `, and ended ${came.join(" and ")}` : ""}.`;
  });
}

async function find(devices: DeviceBackend, named: string, all: boolean): Promise<ListedDevice> {
  const known = await devices.list(all);
  const byId = known.find(({ id }) => id === named);
  const [first, ...others] = byId ? [byId] : known.filter(({ name }) => name === named);
  if (first && others.length === 0) return first;
  throw first
    ? new AppError("usage", `Several devices are named ${named}`, { hint: "Say which by its id: mcqueen devices list" })
    : new AppError("not_found", `There is no device ${named}`, { hint: "Run: mcqueen devices list" });
}
