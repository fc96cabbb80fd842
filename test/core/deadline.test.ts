import { expect, test } from "bun:test";
import type { Call } from "../../src/core/call.ts";
import { withDeadline } from "../../src/core/deadline.ts";
import { AppError } from "../../src/core/errors.ts";
import { owner } from "../support/home.ts";

const callWith = (more: Partial<Call> = {}): Call => ({ tool: "t", parameters: {}, caller: owner, ...more });
const never = (): Promise<never> => new Promise(() => undefined);

test("a value comes through, and a failure as it is", async () => {
  expect(await withDeadline(callWith(), async () => 7)).toBe(7);
  const failure = new Error("no");
  await expect(withDeadline(callWith(), () => Promise.reject(failure))).rejects.toBe(failure);
});

test("what throws at once fails the same way", async () => {
  const failure = new Error("at once");
  const throwing = (): Promise<never> => {
    throw failure;
  };
  await expect(withDeadline(callWith(), throwing)).rejects.toBe(failure);
});

test("time that runs out, and a caller who leaves, end the wait and tell the action", async () => {
  const gone = new AbortController();
  const already = AbortSignal.abort();
  const ways: [Partial<Call>, string][] = [
    [{ timeoutMs: 1 }, "No answer within 0.001 s"],
    [{ signal: gone.signal }, "The caller went away"],
    [{ signal: already }, "The caller went away"],
  ];
  for (const [more, says] of ways) {
    let seen: AbortSignal | undefined;
    const waiting = withDeadline(callWith(more), (signal) => {
      seen = signal;
      return never();
    });
    queueMicrotask(() => gone.abort());
    const error = await waiting.catch((thrown: unknown) => thrown);
    expect([error instanceof AppError && error.code, String(error).includes(says)]).toEqual(["timeout", true]);
    expect(seen?.aborted).toBe(true);
  }
});
