const checkMs = 500;

/** The type first: asking for a body makes a stream of it, and most answers are sent without one. */
export const isStream = (response: Response): boolean =>
  (response.headers.get("content-type") ?? "").startsWith("text/event-stream") && response.body !== null;

/** The same stream, which ends when the credential behind it does. `onEnd` comes once; with whether it was cut before its own end. */
export function guardStream(
  response: Response,
  isWelcome: () => Promise<boolean>,
  onEnd: (wasCut: boolean) => void,
): Response {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let isOver = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  const end = (wasCut: boolean): boolean => {
    if (isOver) return false;
    isOver = true;
    clearInterval(timer);
    onEnd(wasCut);
    return true;
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // The head of an answer leaves with its first byte, and a session's stream may have nothing to say for long.
      controller.enqueue(new TextEncoder().encode(": hello\n\n"));
      timer = setInterval(async () => {
        // Who cannot be recognised any more, for whatever reason, hears nothing more.
        if (await isWelcome().catch(() => false)) return;
        if (!end(true)) return;
        controller.close();
        await reader.cancel().catch(() => undefined);
      }, checkMs);
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (isOver) return;
        if (!done) controller.enqueue(value);
        else if (end(false)) controller.close();
      } catch (error) {
        if (end(true)) controller.error(error);
      }
    },
    async cancel(reason) {
      end(true);
      await reader.cancel(reason);
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
