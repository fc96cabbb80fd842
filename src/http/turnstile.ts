import type { Socket, SocketHandler } from "bun";

/** Lets so many connections of one address in, and hands their bytes on as they are. */
export interface Turnstile {
  port: number;
  /** The address behind a connection that was handed on from there; undefined for any other. */
  sourceOf(from: { address: string; port: number }): string | undefined;
  /** Takes no more connections; those there are go on. */
  close(): void;
  /** Ends those too. */
  cut(): void;
}

export interface TurnstileOptions {
  hostname: string;
  port: number;
  /** The port on 127.0.0.1 that gets the bytes. */
  target: number;
  mostPerAddress?: number;
  mostAtAll?: number;
  /** Told of a connection that was one too many. */
  onRefusal(address: string): void;
}

interface Side {
  address: string;
  other: Socket<Side> | undefined;
  /** What this socket could not take yet. */
  unsent: Uint8Array[];
  /** Whether it ends once that is sent. */
  isEnding: boolean;
}

const inner = "127.0.0.1";
const defaults = { mostPerAddress: 64, mostAtAll: 1_024 };
/** Who does not take the last bytes in that time does not get them. */
const lastBytesS = 30;

/**
 * Bun's server accepts without end, and asks nobody before; so its place in a network is taken by this, which counts.
 * @throws Error with the code EADDRINUSE or EADDRNOTAVAIL
 */
export function openTurnstile(options: TurnstileOptions): Turnstile {
  const { hostname, port, target, onRefusal } = options;
  const { mostPerAddress, mostAtAll } = { ...defaults, ...options };
  const inside = new Set<Socket<Side>>();
  const counts = new Map<string, number>();
  const sources = new Map<number, string>();
  const countOf = (address: string): number => counts.get(address) ?? 0;
  /** Whether there is room for one more of this address; when all places are taken, whoever has the most gives one up. */
  const makesRoom = (address: string): boolean => {
    if (countOf(address) >= mostPerAddress) return false;
    if (inside.size < mostAtAll) return true;
    const [heaviest, most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    if (most <= countOf(address) + 1) return false;
    const [oldest] = inside.values().filter(({ data }) => data.address === heaviest);
    oldest?.terminate();
    onRefusal(heaviest);
    return true;
  };

  const both: SocketHandler<Side> = {
    data: (from, bytes) => {
      const { other } = from.data;
      if (!other) return void from.terminate();
      send(other, bytes);
      if (other.data.unsent.length > 0) from.pause();
    },
    drain: flush,
    error: (socket) => socket.terminate(),
    timeout: (socket) => socket.terminate(),
  };
  const leave = (socket: Socket<Side>): void => {
    const { other } = socket.data;
    if (other) endAfterAll(other);
  };
  const inward: SocketHandler<Side> = {
    ...both,
    open(socket) {
      sources.set(socket.localPort, socket.data.address);
      const { other } = socket.data;
      if (!other || !inside.has(other)) return void socket.terminate();
      other.data.other = socket;
      other.resume();
    },
    close(socket) {
      sources.delete(socket.localPort);
      leave(socket);
    },
  };
  const outward: SocketHandler<Side> = {
    ...both,
    open(socket) {
      const address = socket.remoteAddress;
      socket.data = sideOf(address);
      if (!makesRoom(address)) {
        onRefusal(address);
        return void socket.terminate();
      }
      inside.add(socket);
      counts.set(address, countOf(address) + 1);
      socket.pause();
      Bun.connect({ hostname: inner, port: target, data: sideOf(address, socket), socket: inward }).catch(() =>
        socket.terminate(),
      );
    },
    close(socket) {
      // One that was refused was never counted.
      if (!inside.delete(socket)) return;
      const { address } = socket.data;
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
      leave(socket);
    },
  };
  const listener = Bun.listen({ hostname, port, socket: outward });
  return {
    port: listener.port,
    // All of 127.0.0.0/8 is this computer, and each of its addresses has a port of that number.
    sourceOf: ({ address, port: from }) => (address === inner ? sources.get(from) : undefined),
    close: () => listener.stop(),
    cut() {
      for (const socket of inside) socket.terminate();
    },
  };
}

const sideOf = (address: string, other?: Socket<Side>): Side => ({ address, other, unsent: [], isEnding: false });

function send(socket: Socket<Side>, bytes: Uint8Array): void {
  const { unsent } = socket.data;
  const taken = unsent.length > 0 ? 0 : Math.max(0, socket.write(bytes));
  // Bun uses the memory of these bytes again once we return.
  if (taken < bytes.length) unsent.push(Uint8Array.prototype.slice.call(bytes, taken));
}

function flush(socket: Socket<Side>): void {
  const { unsent } = socket.data;
  for (let first = unsent[0]; first; first = unsent[0]) {
    const taken = Math.max(0, socket.write(first));
    if (taken < first.length) {
      unsent[0] = first.subarray(taken);
      return;
    }
    unsent.shift();
  }
  if (socket.data.isEnding) socket.end();
  else socket.data.other?.resume();
}

function endAfterAll(socket: Socket<Side>): void {
  socket.data.isEnding = true;
  if (socket.data.unsent.length === 0) socket.end();
  else socket.timeout(lastBytesS);
}
