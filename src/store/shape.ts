import { Database as Sqlite } from "bun:sqlite";
import { AppError } from "../core/errors.ts";
import { printable } from "../core/parameters.ts";
import { migrations } from "./migrations.ts";

/**
 * Looks whether a database has all that a version of ours has, and nothing that acts by itself later and unseen.
 * @param name what to call it
 * @throws AppError invalid_parameters
 */
export function requireOwnShape(path: string, name: string, version: number): void {
  const sqlite = new Sqlite(path, { readwrite: true, create: false });
  const model = new Sqlite(":memory:");
  try {
    for (const migration of migrations.slice(0, version)) model.run(migration);
    const given = new Set(shapeOf(sqlite));
    const missing = shapeOf(model).find((part) => !given.has(part));
    if (missing) throw refused(name, `lacks the ${missing}`);
    const foreign = foreignIn(sqlite);
    if (foreign) throw refused(name, `has the ${foreign}, which no database of ours has`);
  } finally {
    model.close();
    sqlite.close();
  }
}

const shapeOf = (sqlite: Sqlite): string[] =>
  textsOf(
    sqlite,
    `SELECT 'column ' || m.name || '.' || c.name AS text FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'
     UNION ALL SELECT 'index ' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`,
  );

const foreignIn = (sqlite: Sqlite): string | undefined =>
  textsOf(
    sqlite,
    `SELECT CASE type WHEN 'table' THEN 'virtual table' ELSE type END || ' ' || name AS text FROM sqlite_master
     WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1`,
  )[0];

const textsOf = (sqlite: Sqlite, sql: string): string[] =>
  (sqlite.query(sql).all() as { text: string }[]).map(({ text }) => text);

const refused = (name: string, why: string): AppError =>
  new AppError("invalid_parameters", `${name} ${printable(why)}`, { hint: "Run: mcqueen backup list" });
