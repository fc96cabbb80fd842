/** A proxy for programs that cannot send a credential: it adds the token, and passes everything else on as it came. */
export function startTokenProxy(target: string, token: string) {
  const { host } = new URL(target);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const url = new URL(request.url);
      const own = `127.0.0.1:${server.port}`;
      const headers = new Headers(request.headers);
      headers.set("authorization", `Bearer ${token}`);
      const isOurs = (name: string | null): boolean => name === own || name === `localhost:${server.port}`;
      // A name that is not the proxy's own goes on, so that the door behind sees what a browser would have sent.
      const named = headers.get("host");
      headers.set("host", isOurs(named) ? host : (named ?? ""));
      const origin = headers.get("origin");
      if (origin && URL.canParse(origin) && isOurs(new URL(origin).host)) headers.set("origin", `http://${host}`);
      const answer = await fetch(new URL(url.pathname + url.search, target), {
        method: request.method,
        headers,
        ...(request.body ? { body: await request.arrayBuffer() } : {}),
        redirect: "manual",
        signal: request.signal,
        decompress: false,
      });
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}
