import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../support/binary.ts";
import { keepOutgoing, lookIntoDatabase, readAll, serveWebhooks } from "../support/webhook-daemon.ts";
import { createTraffic, type Delivery } from "../support/webhook-traffic.ts";
import type { FaultRow, Figure, Scale } from "./row.ts";

/** How much comes, and for how long. */
const forms = { short: { rate: 1_000, seconds: 2 }, long: { rate: 1_000, seconds: 20 } } as const;

/**
 * Sends signed deliveries to the compiled daemon at a steady pace: messages and statuses in any order, each twentieth one
 * a second time. In the middle the daemon is killed and started again; what was not acknowledged is sent again, as Meta does.
 */
async function loadWebhooks(scale: Scale): Promise<Figure> {
  const { rate, seconds } = forms[scale];
  const traffic = createTraffic(rate * seconds);
  const home = mkdtempSync(join(tmpdir(), "mcqueen-webhooks-"));
  const broken: string[] = [];
  let daemon = await serveWebhooks(home, () => keepOutgoing(home, traffic));
  try {
    const sender = createSender(() => daemon.url);
    const began = performance.now();
    const half = Math.floor(traffic.schedule.length / 2);
    await pace(traffic.schedule.slice(0, half), rate, sender.send);
    const acknowledged = new Set(sender.acknowledged);
    const killed = daemon.kill();
    const rest = pace(traffic.schedule.slice(half), rate, sender.send);
    await killed;
    const missing = traffic.missingOf(lookIntoDatabase(home), acknowledged);
    if (missing.length > 0) broken.push(`${missing.length} acknowledged before the kill are not kept`);
    daemon = await serveWebhooks(home);
    await rest;
    const lasted = (performance.now() - began) / 1000;
    const again = await sender.sendAgain(traffic.schedule);
    broken.push(...traffic.faultsOf(await readAll(daemon.url, home), lookIntoDatabase(home)));
    const ms = sender.latencies.toSorted((a, b) => a - b);
    const at = (share: number): string => (ms[Math.floor((ms.length - 1) * share)] ?? Number.NaN).toFixed(1);
    const text = [
      `${traffic.schedule.length} deliveries (${traffic.messages.length} messages, ${traffic.outgoing.length} sent ones with 3 statuses each, ${traffic.duplicates} duplicates)`,
      `offered at ${rate}/s, ${((sender.latencies.length - again) / lasted).toFixed(0)}/s acknowledged over ${lasted.toFixed(1)} s with a kill -9 and a restart in it`,
      `ms from when each was due p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}; ${again} sent again after the kill`,
      broken.length === 0 ? "none lost, none doubled" : `BROKEN: ${broken.join("; ")}`,
    ].join("; ");
    return { ok: broken.length === 0, text };
  } finally {
    await daemon.kill();
    await run(["daemon", "stop"], { home });
    rmSync(home, { recursive: true, force: true });
  }
}

/** Sends each when it is due, whatever became of those before it. */
async function pace(
  deliveries: readonly Delivery[],
  rate: number,
  send: (delivery: Delivery, due: number) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  const open: Promise<void>[] = [];
  while (open.length < deliveries.length) {
    const due = Math.min(deliveries.length, Math.floor(((performance.now() - began) / 1000) * rate) + 1);
    for (const delivery of deliveries.slice(open.length, due)) {
      open.push(send(delivery, began + (open.length / rate) * 1000));
    }
    await Bun.sleep(2);
  }
  await Promise.all(open);
}

function createSender(url: () => string) {
  const acknowledged = new Set<Delivery>();
  const latencies: number[] = [];
  const send = async ({ ...delivery }: Delivery, due: number, key: Delivery): Promise<void> => {
    try {
      const answer = await fetch(`${url()}/webhooks/whatsapp`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-hub-signature-256": delivery.signature },
        body: delivery.body,
        signal: AbortSignal.timeout(30_000),
      });
      await answer.arrayBuffer();
      if (answer.status !== 200) return;
      latencies.push(performance.now() - due);
      acknowledged.add(key);
    } catch (error) {
      // A daemon that was killed acknowledges nothing.
      if (!(error instanceof Error)) throw error;
    }
  };
  return {
    acknowledged,
    latencies,
    send: (delivery: Delivery, due: number) => send(delivery, due, delivery),
    /** Until all of them are acknowledged. Gives how many were not at first. */
    async sendAgain(deliveries: readonly Delivery[]): Promise<number> {
      let first: number | undefined;
      for (;;) {
        const left = [...new Set(deliveries)].filter((delivery) => !acknowledged.has(delivery));
        first ??= left.length;
        if (left.length === 0) return first;
        for (let from = 0; from < left.length; from += 100) {
          await Promise.all(left.slice(from, from + 100).map((each) => send(each, performance.now(), each)));
        }
      }
    },
  };
}

export const webhooks: FaultRow = {
  id: "webhooks",
  promise:
    "1,000 webhooks a second, with duplicates, late statuses and a kill -9 among them: none that was acknowledged is lost, none doubled",
  run: loadWebhooks,
};
