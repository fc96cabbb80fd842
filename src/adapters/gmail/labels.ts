import { isRecord } from "../../core/parameters.ts";
import type { Label } from "./list-labels.ts";
import { type Mailbox, notUnderstood } from "./service.ts";

export async function readLabels({ users, call }: Mailbox): Promise<Label[]> {
  return parseLabels(await call(() => users.labels.list({ userId: "me" })));
}

/** Those the person made first, each kind by name. @throws AppError upstream_rejected for any other form */
function parseLabels(json: unknown): Label[] {
  const list = isRecord(json) ? (json.labels ?? []) : undefined;
  if (!Array.isArray(list)) throw notUnderstood();
  return list
    .map((label: unknown) => {
      const { id, name, type = "user" } = isRecord(label) ? label : {};
      if (typeof id !== "string" || typeof name !== "string") throw notUnderstood();
      return { id, name, type: String(type) };
    })
    .sort((a, b) => b.type.localeCompare(a.type) || a.name.localeCompare(b.name));
}
