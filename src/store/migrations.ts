import first from "./migrations/0001_first.sql" with { type: "text" };
import people from "./migrations/0002_people.sql" with { type: "text" };
import policy from "./migrations/0003_policy.sql" with { type: "text" };
import vault from "./migrations/0004_vault.sql" with { type: "text" };
import pace from "./migrations/0005_pace.sql" with { type: "text" };
import savedPlaces from "./migrations/0006_saved_places.sql" with { type: "text" };
import bookings from "./migrations/0007_bookings.sql" with { type: "text" };
import messages from "./migrations/0008_messages.sql" with { type: "text" };
import clients from "./migrations/0009_clients.sql" with { type: "text" };
import devices from "./migrations/0010_devices.sql" with { type: "text" };
import usageSpans from "./migrations/0011_usage_spans.sql" with { type: "text" };

/** In order; a file's place here is the version it leads to. A landed file never changes. */
export const migrations: readonly string[] = [
  first,
  people,
  policy,
  vault,
  pace,
  savedPlaces,
  bookings,
  messages,
  clients,
  devices,
  usageSpans,
];
