/** One webhook, signed. */
export interface Delivery {
  body: string;
  signature: string;
  /** The id of the message that it brings, or of the one that it tells a status of. */
  about: string;
  /** How far the message has come, from 0; undefined for a message itself. */
  rank?: number;
}

/** What the daemon keeps, as its database has it. */
export interface Kept {
  messages: readonly string[];
  announced: readonly string[];
  /** Rank by message. */
  statuses: ReadonlyMap<string, number>;
}

/** A message as `read` shows it. */
export interface Shown {
  id: string;
  direction: string;
  status?: string;
}

export const secret = "webhook-load-app-secret";
export const number = "106540352242922";
export const contact = "447700900101";
const stages = ["sent", "delivered", "read"] as const;
/** Each twentieth delivery comes a second time. */
const duplicateShare = 20;

export interface Traffic {
  /** In the order of sending; a duplicate is the same object again. */
  schedule: readonly Delivery[];
  messages: readonly string[];
  /** Messages of ours that the statuses tell of. */
  outgoing: readonly string[];
  duplicates: number;
  /** Which of these are not kept. */
  missingOf(kept: Kept, acknowledged: Iterable<Delivery>): Delivery[];
  /** What is lost or doubled once all has been acknowledged, in sentences. */
  faultsOf(shown: readonly Shown[], kept: Kept): string[];
}

/** Deliveries in Meta's form: two of five are messages, the others statuses, which overtake each other. */
export function createTraffic(count: number): Traffic {
  const random = createRandom(20261124);
  const duplicates = Math.floor(count / duplicateShare);
  const groups = Math.floor((count - duplicates) / 5);
  const began = Math.floor(Date.now() / 1000) - 3_600;
  const messages: string[] = [];
  const outgoing: string[] = [];
  const unique: Delivery[] = [];
  for (let group = 0; group < groups; group++) {
    const out = `wamid.out.${group}`;
    outgoing.push(out);
    for (const half of ["a", "b"]) {
      const id = `wamid.in.${group}.${half}`;
      messages.push(id);
      unique.push(sign(id, { messages: [message(id, `Message ${group}${half}`, began + (group % 3_000))] }));
    }
    for (const [rank, status] of stages.entries()) {
      const report = { id: out, status, timestamp: String(began + rank), recipient_id: contact };
      unique.push({ ...sign(out, { statuses: [report] }), rank: rank + 1 });
    }
  }
  const order = unique.map((delivery, at) => ({ delivery, at: at + random() * 40 }));
  const again = Array.from({ length: duplicates }, () => {
    const place = Math.floor(random() * unique.length);
    // Half of them at the same moment as the first, half some time later.
    return { delivery: unique[place] as Delivery, at: place + (random() < 0.5 ? 20 : 20 + random() * 400) };
  });
  const schedule = [...order, ...again].sort((a, b) => a.at - b.at).map(({ delivery }) => delivery);
  return {
    schedule,
    messages,
    outgoing,
    duplicates,
    missingOf({ messages: kept, announced, statuses }, acknowledged) {
      const [there, told] = [new Set(kept), new Set(announced)];
      return [...acknowledged].filter(({ about, rank }) =>
        rank === undefined ? !there.has(about) || !told.has(about) : (statuses.get(about) ?? -1) < rank,
      );
    },
    faultsOf(shown, { announced }) {
      const seen = shown.filter(({ direction }) => direction === "in").map(({ id }) => id);
      const read = new Set(shown.filter(({ status }) => status === "read").map(({ id }) => id));
      return [
        ...compare("read shows", messages, seen),
        ...compare("the event stream has", messages, announced),
        ...compare("with the status read are", outgoing, [...read]),
      ];
    },
  };
}

function compare(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  const there = new Set(found);
  const lost = wanted.filter((id) => !there.has(id)).length;
  const doubled = found.length - there.size;
  return lost + doubled === 0 && there.size === wanted.length
    ? []
    : [`${what} ${found.length} of ${wanted.length}: ${lost} lost, ${doubled} doubled`];
}

const message = (id: string, body: string, at: number) => ({
  from: contact,
  id,
  timestamp: String(at),
  type: "text",
  text: { body },
});

function sign(about: string, part: Record<string, unknown>): Delivery {
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550100042", phone_number_id: number },
    contacts: [{ profile: { name: "Ada Lovelace" }, wa_id: contact }],
    ...part,
  };
  const entry = [{ id: "102290129340398", changes: [{ value, field: "messages" }] }];
  const body = JSON.stringify({ object: "whatsapp_business_account", entry });
  return { about, body, signature: `sha256=${new Bun.CryptoHasher("sha256", secret).update(body).digest("hex")}` };
}

/** Numbers from 0 to 1, the same ones each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
