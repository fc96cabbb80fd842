/** How a stand-in can be told to fail. */
export type Fault = { times?: number } & (
  | { kind: "status"; status: number; retryAfter?: number }
  | { kind: "timeout" }
  | { kind: "garbage" }
  | { kind: "truncated" }
  | { kind: "empty" }
  | { kind: "slow"; ms: number }
  | { kind: "reset" }
);

export interface Faults {
  /** Applies from the next request on, `times` times or until the end; those told earlier come first. */
  add(fault: Fault): void;
  /** Takes the fault that the next request meets. */
  next(): Fault | undefined;
}

export function createFaults(): Faults {
  const waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    next() {
      const first = waiting[0];
      if (!first) return undefined;
      first.left -= 1;
      if (first.left <= 0) waiting.shift();
      return first.fault;
    },
  };
}

/**
 * What goes over the wire instead of the real answer.
 * @param stopped settles when the sandbox stops, which frees the requests that never got an answer
 */
export async function spoil(
  fault: Fault,
  answer: () => Response | Promise<Response>,
  failure: (status: number) => unknown,
  stopped: Promise<void>,
): Promise<Response> {
  switch (fault.kind) {
    case "status":
      return Response.json(failure(fault.status), {
        status: fault.status,
        headers: fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) },
      });
    case "timeout":
      await stopped;
      return new Response(null, { status: 503 });
    case "garbage":
      return new Response("<!doctype html><title>Not what you asked for</title>", {
        headers: { "content-type": "text/html" },
      });
    case "truncated": {
      const text = await (await answer()).text();
      return new Response(text.slice(0, Math.floor(text.length / 2)), {
        headers: { "content-type": "application/json" },
      });
    }
    case "empty":
      return new Response("", { headers: { "content-type": "application/json" } });
    case "slow":
      await Promise.race([Bun.sleep(fault.ms), stopped]);
      return answer();
    case "reset":
      // A body that breaks before its first byte makes the server drop the connection.
      return new Response(new ReadableStream({ start: (controller) => controller.error(undefined) }));
  }
}
