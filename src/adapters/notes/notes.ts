import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { auditMark } from "../../core/audit.ts";
import { AppError } from "../../core/errors.ts";
import { defineAction, defineTool, type ToolContext } from "../../core/tool.ts";
import { hearsAdd, hearsNotes, hearsRemove } from "./hears.ts";

const strict = { additionalProperties: false };
const provider = "Notes (sandbox)";

const Note = Type.Object({ id: Type.String(), title: Type.String(), text: Type.String(), created_at: Type.String() });
const NoteId = Type.String({ pattern: "^note_[0-9a-f]{12}$", description: "Id of the note, as list gives it" });

/** A tool that exists in the sandbox only, with one action of each effect. */
export const notesTool = defineTool({
  id: "notes",
  name: "Notes",
  description: "Notes of the sandbox: add, list, remove.",
  category: "notes",
  accessLevel: "public",
  service: "notes",
  examples: ["Note that the milk is out", "Show my notes"],
  quotaPerHour: 60,
  defaultAction: "list",
  actions: [
    defineAction({
      id: "list",
      description: "List the notes, newest first",
      effect: "read",
      hears: hearsNotes,
      input: Type.Object(
        {
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 100, default: 20, description: "How many at most" }),
          ),
        },
        strict,
      ),
      output: Type.Object({ notes: Type.Array(Note) }),
      async run({ limit = 20 }, context) {
        const found = await send(context, "GET", "/notes", { limit }, Type.Object({ notes: Type.Array(Note) }));
        return { data: found, metadata: { provider } };
      },
    }),
    defineAction({
      id: "add",
      description: "Add a note",
      effect: "write",
      hears: hearsAdd,
      input: Type.Object(
        {
          title: Type.String({ minLength: 1, maxLength: 100, description: "Title of the note" }),
          text: Type.Optional(Type.String({ maxLength: 2_000, description: "The note itself", [auditMark]: "length" })),
          remind_at: Type.Optional(Type.String({ format: "date-time", description: "When to be reminded" })),
        },
        strict,
      ),
      output: Type.Object({ note: Note }),
      confirmation: {
        fields: ["action", "title", "remind_at"],
        prompt: ({ title, remind_at }, say) =>
          `Add a note ${say.quote(title)}${remind_at === undefined ? "" : `, with a reminder on ${say.time(remind_at)}`}?`,
      },
      async run({ title, text = "" }, context) {
        const added = await send(context, "POST", "/notes", { title, text }, Type.Object({ note: Note }));
        return { data: added, metadata: { provider } };
      },
    }),
    defineAction({
      id: "remove",
      description: "Remove a note for good",
      effect: "destructive",
      idempotent: true,
      hears: hearsRemove,
      input: Type.Object({ note_id: NoteId }, strict),
      output: Type.Object({ removed: Type.String() }),
      confirmation: { fields: ["action", "note_id"], prompt: () => "Remove this note for good?" },
      async run({ note_id }, context) {
        await send(context, "DELETE", `/notes/${note_id}`, {}, Type.Object({}));
        return { data: { removed: note_id }, metadata: { provider } };
      },
    }),
  ],
});

async function send<Answer>(
  { http, config, signal }: ToolContext,
  method: "GET" | "POST" | "DELETE",
  path: string,
  values: Record<string, string | number>,
  schema: { static: Answer } & Parameters<typeof Value.Check>[0],
): Promise<Answer> {
  const base = config.NOTES_BASE_URL;
  if (!base)
    throw new AppError("not_configured", "Notes exist in the sandbox only", {
      hint: "Run: mcqueen --sandbox run notes",
    });
  const { status, json } = await http.json({
    provider,
    url: `${base}${path}`,
    method,
    signal,
    ...(method === "POST" ? { body: values } : { query: values }),
    accept: (code) => code === 404,
  });
  if (status === 404)
    throw new AppError("not_found", "There is no such note", { hint: "Run: mcqueen --sandbox run notes list" });
  if (Value.Check(schema, json)) return json as Answer;
  throw new AppError("upstream_rejected", `${provider} answered in a form that is not understood`);
}
