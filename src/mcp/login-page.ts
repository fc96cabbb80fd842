import type { App } from "../app.ts";
import { openLoginLink } from "../core/begin-login.ts";

/** A page of this process's own, on loopback, that begins logins where no daemon serves one. */
export interface LoginPage {
  /** The address of a link that opens once. */
  linkTo(path: string): string;
  close(): Promise<void>;
}

/** Opens at the first link and stays until the connection ends. */
export function createLoginPage(app: App): LoginPage {
  let server: ReturnType<typeof listen> | undefined;
  return {
    linkTo(path) {
      server ??= listen(app);
      return `http://127.0.0.1:${server.port}${path}`;
    },
    async close() {
      await server?.stop(true);
    },
  };
}

function listen(app: App) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    error: (error) => {
      app.log.error("a login could not be begun", { error });
      return new Response("Something went wrong", { status: 500 });
    },
    fetch(request) {
      const url = new URL(request.url);
      const service = /^\/connect\/([a-z0-9_]{1,64})$/.exec(url.pathname)?.[1];
      const isOurs = request.headers.get("host") === `127.0.0.1:${server.port}`;
      if (!isOurs || request.method !== "GET" || !service) return new Response("Not found", { status: 404 });
      return openLoginLink(app, service, url.searchParams.get("ticket") ?? "", true);
    },
  });
  return server;
}
