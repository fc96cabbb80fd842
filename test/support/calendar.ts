import { afterEach, beforeEach } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calendarPersonal } from "../../src/adapters/calendar/calendar-personal.ts";
import type { Event } from "../../src/adapters/calendar/event-schema.ts";
import type { Connection } from "../../src/core/connection.ts";
import { AppError } from "../../src/core/errors.ts";
import { checkParameters } from "../../src/core/parameters.ts";
import type { ToolContext } from "../../src/core/tool.ts";
import { desktopClientId } from "../../src/sandbox/google/clients.ts";
import { allow } from "../../src/sandbox/google/grants.ts";
import { issueAccess } from "../../src/sandbox/google/tokens.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { createContext } from "./context.ts";
import { failureOf } from "./upstream.ts";

const base = "https://www.googleapis.com/auth/";
export const ada = "ada.lovelace@example.com";
export const grace = "grace.hopper@example.com";
export const alan = "alan.turing@example.com";

/** The stand-in of Google Calendar with people who are logged in, and the tool's actions against it. */
export async function startCalendar(now: () => Date) {
  const folder = mkdtempSync(join(tmpdir(), "mcqueen-calendar-"));
  const sandbox = await startSandbox({ folder, now });
  const issue = (email: string, scopes: readonly string[]): string => {
    const full = scopes.map((scope) => base + scope);
    const token = issueAccess(allow(folder, desktopClientId, email, full, now()).grant, full, now());
    if (token === undefined) throw new Error("no token was given");
    return token;
  };
  /** An account whose first token is what the test says. */
  const connect = (
    email = ada,
    scopes = ["calendar.events", "calendar.freebusy"],
    first?: string,
  ): Connection & { renewals: number } => {
    let token = first ?? issue(email, scopes);
    const connection = {
      account: "default",
      scopes: scopes.map((scope) => base + scope),
      renewals: 0,
      async accessToken({ renew = false } = {}) {
        if (renew) {
          connection.renewals += 1;
          token = issue(email, scopes);
        }
        return token;
      },
    };
    return connection;
  };
  return {
    sandbox,
    folder,
    issue,
    connect,
    /** Runs an action as the road would: parameters are checked first. */
    async run(actionId: string, parameters: Record<string, unknown> = {}, more: Partial<ToolContext> = {}) {
      const action = calendarPersonal.actions.find(({ id }) => id === actionId);
      if (!action) throw new Error(`no action ${actionId}`);
      const checked = checkParameters(action.input, parameters);
      if (!checked.ok) throw new Error(checked.problems.join("; "));
      const context = createContext({
        config: sandbox.baseUrls,
        now,
        profile: { zone: "Europe/Oslo" },
        connection: connect(),
        ...more,
      });
      return action.run(checked.value, context);
    },
    async raw(path: string, init: RequestInit & { token?: string } = {}) {
      const { token = issue(ada, ["calendar"]), ...rest } = init;
      const answer = await fetch(`${sandbox.baseUrls.GOOGLE_CALENDAR_BASE_URL}/calendar/v3${path}`, {
        ...rest,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...rest.headers },
      });
      const text = await answer.text();
      return { status: answer.status, json: text === "" ? undefined : JSON.parse(text) };
    },
    async stop() {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A fresh calendar for each test of a file, and short ways to its actions. */
export function useCalendar(now: () => Date) {
  let current: Awaited<ReturnType<typeof startCalendar>> | undefined;
  beforeEach(async () => {
    current = await startCalendar(now);
  });
  afterEach(async () => current?.stop());
  const open = () => {
    if (!current) throw new Error("no test is running");
    return current;
  };
  type Given = Record<string, unknown>;
  const run = (action: string, given: Given = {}, more: Partial<ToolContext> = {}) => open().run(action, given, more);
  return {
    calendar: {
      run,
      get sandbox() {
        return open().sandbox;
      },
      connect: (...given: Parameters<ReturnType<typeof open>["connect"]>) => open().connect(...given),
      issue: (email: string, scopes: readonly string[]) => open().issue(email, scopes),
      raw: (path: string, init: Parameters<ReturnType<typeof open>["raw"]>[1] = {}) => open().raw(path, init),
    },
    events: async (given: Given = {}, more: Partial<ToolContext> = {}): Promise<Event[]> =>
      ((await run("get_events", given, more)).data as { events: Event[] }).events,
    one: async (action: string, given: Given, more: Partial<ToolContext> = {}) => {
      const { data, metadata } = await run(action, given, more);
      return { event: (data as { event: Event }).event, metadata };
    },
    refused: async (action: string, given: Given, more: Partial<ToolContext> = {}): Promise<AppError> => {
      const error = await failureOf(run(action, given, more));
      if (!(error instanceof AppError)) throw error;
      return error;
    },
    titles: (found: readonly Event[]): unknown[] => found.map(({ title }) => title),
    as: (email: string): Partial<ToolContext> => ({ connection: open().connect(email) }),
    asked: (): string[] =>
      open().sandbox.requests.map(({ method, path }) => `${method} ${path.split("/events")[1] ?? path}`),
  };
}
