import { defineAdapter } from "../../core/adapter.ts";
import { notesTool } from "./notes.ts";

/** Notes live in the sandbox only: a small service that writes and deletes, to try confirmations and approvals on. */
export const notes = defineAdapter({
  service: "notes",
  name: "Notes",
  config: ["NOTES_BASE_URL"],
  tools: [notesTool],
});
