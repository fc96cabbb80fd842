/** One direction of a connection in a capture of Ethernet frames. */
export interface Flow {
  from: string;
  to: string;
  bytes: Buffer;
}

const [pcapHeader, recordHeader, ethernet] = [24, 16, 14];

/**
 * What each side of each TCP connection over IPv4 said, put together from the packets of a pcap file, so that a text which
 * two packets share is found as well.
 */
export function readFlows(pcap: Buffer): Flow[] {
  const isLittle = pcap.readUInt32LE(0) === 0xa1b2c3d4;
  const length = (at: number): number => (isLittle ? pcap.readUInt32LE(at) : pcap.readUInt32BE(at));
  const flows = new Map<string, Map<number, Buffer>>();
  for (let at = pcapHeader; at + recordHeader <= pcap.length; ) {
    const frame = pcap.subarray(at + recordHeader, at + recordHeader + length(at + 8));
    at += recordHeader + length(at + 8);
    const ip = frame.subarray(ethernet);
    const isTcp = frame.length > ethernet + 20 && frame.readUInt16BE(12) === 0x0800 && ip[9] === 6;
    if (!isTcp) continue;
    const headerLength = ((ip[0] ?? 0) & 15) * 4;
    const tcp = ip.subarray(headerLength, ip.readUInt16BE(2));
    const payload = tcp.subarray(((tcp[12] ?? 0) >> 4) * 4);
    const end = (offset: number, port: number): string => `${[...ip.subarray(offset, offset + 4)].join(".")}:${port}`;
    const key = `${end(12, tcp.readUInt16BE(0))} ${end(16, tcp.readUInt16BE(2))}`;
    const segments = flows.get(key) ?? new Map<number, Buffer>();
    // By its number, so that what was sent twice counts once.
    if (payload.length > 0) segments.set(tcp.readUInt32BE(4), payload);
    flows.set(key, segments);
  }
  return [...flows].map(([key, segments]) => {
    const [from = "", to = ""] = key.split(" ");
    const [first = 0] = segments.keys();
    const ordered = [...segments].sort(([a], [b]) => ((a - first) | 0) - ((b - first) | 0));
    return { from, to, bytes: Buffer.concat(ordered.map(([, bytes]) => bytes)) };
  });
}
