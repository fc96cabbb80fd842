/**
 * What a person does whom the daemon knows: opens the program's link, reads the number on the page, says yes with a
 * session of theirs, and lets the browser go back to the program.
 * @throws Error with what the daemon said, when any of it fails
 */
export async function letInBy(link: string, session: string): Promise<void> {
  const sent = await fetch(link, { redirect: "manual" });
  const page = new URL(sent.headers.get("location") ?? "", link);
  const number = /class="number">([\d-]+)</.exec(await (await fetch(page)).text())?.[1];
  if (sent.status !== 302 || number === undefined) throw new Error(`${sent.status} ${page}`);
  const allowed = await fetch(new URL(`/api/v1/clients/requests/${number}/allow`, page), {
    method: "POST",
    headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
    body: "{}",
  });
  if (!allowed.ok) throw new Error(await allowed.text());
  const back = await fetch(page);
  if (!back.ok) throw new Error(`${back.status} ${await back.text()}`);
}

/** Passes a program's words on, and plays the person once it has told where to log in. */
export async function readAsPerson(
  stream: ReadableStream<Uint8Array>,
  session: string,
  isReady = (_said: string): boolean => true,
): Promise<string> {
  const decoder = new TextDecoder();
  let said = "";
  let hasAnswered = false;
  for await (const chunk of stream) {
    said += decoder.decode(chunk, { stream: true });
    const link = /(http:\/\/[^\s"]+\/oauth\/authorize\?[^\s"]+)\s/.exec(said)?.[1];
    if (!link || hasAnswered || !isReady(said)) continue;
    hasAnswered = true;
    await letInBy(link, session);
  }
  return said;
}
