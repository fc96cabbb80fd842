/** The limit: a server that looks at nothing and sends the bytes of a file. `bun bare.ts <file>` */
const bytes = await Bun.file(process.argv[2] ?? "").bytes();
const headers = { "content-type": "application/json; charset=utf-8" };
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  development: false,
  fetch: () => new Response(bytes, { headers }),
});
console.log(server.port);

export {};
