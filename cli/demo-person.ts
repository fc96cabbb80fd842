import { selfCommand } from "./self.ts";

/** Runs a login, and does in its stand-in's pages what a person would do in a browser: choose, allow everything. */
export async function runWithPerson(
  words: readonly string[],
  env: Record<string, string | undefined>,
  email: string,
): Promise<{ output: string; exitCode: number }> {
  const child = Bun.spawn([...selfCommand(), ...words], { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const reading = child.stdout.text();
  const decoder = new TextDecoder();
  let told = "";
  let allowing: Promise<void> | undefined;
  for await (const bytes of child.stderr) {
    told += decoder.decode(bytes, { stream: true });
    const address = /^ *(http:\/\/127\.0\.0\.1:\d+\/\S+)\s/m.exec(told)?.[1];
    if (address) allowing ??= allow(address, email);
  }
  const [out, exitCode] = await Promise.all([reading, child.exited]);
  await allowing;
  return { output: told + out, exitCode };
}

async function allow(address: string, email: string): Promise<void> {
  let action = "";
  const fields: [string, string][] = [];
  const text = (element: HTMLRewriterTypes.Element, name: string): string =>
    (element.getAttribute(name) ?? "").replaceAll("&amp;", "&");
  await new HTMLRewriter()
    .on("form", {
      element: (form) => {
        action = text(form, "action");
      },
    })
    .on("form input[name=scope]", { element: (box) => void fields.push(["scope", text(box, "value")]) })
    .transform(await fetch(address))
    .text();
  const body = new URLSearchParams([["account", email], ...fields, ["decision", "allow"]]);
  await fetch(new URL(action, address), { method: "POST", body });
}
