/** A stand-in's token endpoint behind a gate, so that a test decides when a request goes through. */
export function createGate(target: string) {
  let next: { what: "request" | "answer"; reach(): void; opened: Promise<void> } | undefined;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const held = next;
      next = undefined;
      const body = await request.text();
      const pass = (): Promise<Response> =>
        fetch(target + new URL(request.url).pathname, {
          method: "POST",
          body,
          headers: { "content-type": request.headers.get("content-type") ?? "" },
        });
      const early = held?.what === "answer" ? await pass() : undefined;
      held?.reach();
      await held?.opened;
      return early ?? pass();
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    /** Holds the next request, or the answer to it. `reached` settles when it is there; it goes on with `open`. */
    hold(what: "request" | "answer" = "request") {
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      const { promise: opened, resolve: open } = Promise.withResolvers<void>();
      next = { what, reach, opened };
      return { reached, open };
    },
    stop: () => server.stop(true),
  };
}
