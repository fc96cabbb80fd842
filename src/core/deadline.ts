import type { Call } from "./call.ts";
import { AppError } from "./errors.ts";

const defaultTimeoutMs = 30_000;

/**
 * Runs with a signal that the deadline or the caller aborts. An action that ignores it is left behind.
 * @param spentMs what the call has used up of its time already
 */
export function withDeadline<T>(call: Call, run: (signal: AbortSignal) => Promise<T>, spentMs = 0): Promise<T> {
  const timeoutMs = call.timeoutMs ?? defaultTimeoutMs;
  const controller = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const settle = (): void => {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", onCancel);
  };
  const stop = (error: AppError): void => {
    settle();
    reject(error);
    controller.abort(error);
  };
  const onTimeout = (): void => stop(new AppError("timeout", `No answer within ${timeoutMs / 1000} s`));
  const onCancel = (): void => stop(new AppError("timeout", "The caller went away before the answer came"));
  const timer = setTimeout(onTimeout, Math.max(0, timeoutMs - spentMs));
  if (call.signal?.aborted) onCancel();
  else call.signal?.addEventListener("abort", onCancel, { once: true });
  Promise.try(run, controller.signal).then(
    (value) => {
      settle();
      resolve(value);
    },
    (error: unknown) => {
      settle();
      reject(error);
    },
  );
  return promise;
}
