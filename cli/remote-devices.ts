import type { ListedDevice, RevokedWith } from "../src/core/device.ts";
import type { DeviceBackend } from "./backend.ts";
import type { Field } from "./remote-people.ts";

/** Paired phones of a daemon elsewhere. */
export function createRemoteDevices(field: Field): DeviceBackend {
  const device = (id: string): string => `devices/${encodeURIComponent(id)}`;
  return {
    list: (all) => field<ListedDevice[]>("devices", "GET", `devices${all ? "?all=true" : ""}`),
    rename: (id, name) => field<ListedDevice>("device", "PATCH", device(id), { name }),
    revoke: (id) => field<RevokedWith>("data", "DELETE", device(id)),
  };
}
