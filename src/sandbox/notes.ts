import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomText } from "../core/secret.ts";
import type { Upstream } from "./upstream.ts";

interface Note {
  id: string;
  title: string;
  text: string;
  created_at: string;
}

const fileName = /^note_[0-9a-f]{12}\.json$/;

/** A service of the sandbox alone. One file a note, so that several processes never write the same one. */
export const notes: Upstream = {
  id: "notes",
  setting: "NOTES_BASE_URL",
  async answer(request, path, query, now, parent) {
    const folder = join(parent, "notes");
    const id = /^\/notes\/(note_[0-9a-f]{12})$/.exec(path)?.[1];
    if (request.method === "GET" && path === "/notes")
      return Response.json({ notes: list(folder, Number(query.get("limit") ?? 20)) });
    if (request.method === "POST" && path === "/notes") return add(folder, await request.json(), now);
    if (request.method === "DELETE" && id) return remove(join(folder, `${id}.json`));
    return refuse(404, "there is no such note");
  },
  failure: (status) => ({ error: `refused with ${status}` }),
};

function list(folder: string, limit: number): Note[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => fileName.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Note)
    .sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id.localeCompare(a.id))
    .slice(0, limit);
}

function add(folder: string, body: unknown, now: Date): Response {
  const { title, text, ...others } = body as Record<string, unknown>;
  if (typeof title !== "string" || typeof text !== "string") return refuse(400, "title and text must be strings");
  if (Object.keys(others).length > 0) return refuse(400, `unknown field ${Object.keys(others)[0]}`);
  const note: Note = { id: `note_${randomText(6, "hex")}`, title, text, created_at: now.toISOString() };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${note.id}.json`), JSON.stringify(note), { mode: 0o600 });
  return Response.json({ note }, { status: 201 });
}

function remove(file: string): Response {
  if (!existsSync(file)) return refuse(404, "there is no such note");
  rmSync(file);
  return Response.json({});
}

const refuse = (status: number, error: string): Response => Response.json({ error }, { status });
