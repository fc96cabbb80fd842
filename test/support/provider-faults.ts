import type { ErrorCode } from "../../src/core/errors.ts";
import type { Fault } from "../../src/sandbox/faults.ts";

/** All the ways in which a provider fails, and what each is to the caller. A slow one comes after the test's deadline. */
export const providerFaults: readonly [fault: Fault, code: ErrorCode][] = [
  [{ kind: "status", status: 500 }, "upstream_rejected"],
  [{ kind: "status", status: 503 }, "upstream_rejected"],
  [{ kind: "status", status: 429, retryAfter: 60 }, "rate_limited"],
  [{ kind: "garbage" }, "upstream_rejected"],
  [{ kind: "truncated" }, "upstream_rejected"],
  [{ kind: "empty" }, "upstream_rejected"],
  [{ kind: "reset" }, "upstream_unavailable"],
  [{ kind: "timeout" }, "timeout"],
  [{ kind: "slow", ms: 1_000 }, "timeout"],
];
