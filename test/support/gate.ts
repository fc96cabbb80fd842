/** A stand-in's token endpoint behind a gate, so that a test decides when a request goes through. */
export function createGate(target: string) {
  let next: { reach(): void; opened: Promise<void> } | undefined;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const held = next;
      next = undefined;
      const body = await request.text();
      held?.reach();
      await held?.opened;
      const { pathname } = new URL(request.url);
      const { "content-type": type = "" } = Object.fromEntries(request.headers);
      return fetch(target + pathname, { method: "POST", body, headers: { "content-type": type } });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    /** Holds the next request. `reached` settles when it is there, and it goes on when `open` is called. */
    hold() {
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      const { promise: opened, resolve: open } = Promise.withResolvers<void>();
      next = { reach, opened };
      return { reached, open };
    },
    stop: () => server.stop(true),
  };
}
