import { connect } from "node:net";

export interface RawAnswer {
  /** 0 when the server closed without a word. */
  status: number;
  text: string;
}

/** Sends bytes as they are, from a loopback address of choice, and reads what comes until the server closes. */
export function sendRaw(port: number, text: string, localAddress?: string): Promise<RawAnswer> {
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const socket = connect({ host: "127.0.0.1", port, ...(localAddress ? { localAddress } : {}) });
  let received = "";
  const done = (): void => {
    socket.destroy();
    resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(received)?.[1] ?? 0), text: received });
  };
  socket.on("connect", () => socket.write(text));
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    const head = received.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    if (head >= 0 && received.length >= head + 4 + length) done();
  });
  socket.on("error", done);
  socket.on("close", done);
  return promise;
}
