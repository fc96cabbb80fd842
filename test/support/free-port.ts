/** A port that nobody had a moment ago, for a program that has to be told one. */
export async function freePort(): Promise<number> {
  const holder = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port = 0 } = holder;
  await holder.stop(true);
  return port;
}
