interface Form {
  action: string;
  inputs: Record<"type" | "name" | "value", string>[];
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** Does at a page of the stand-ins what a person would: fills in a form and sends it. Gives the page that follows. */
export async function submitAt(address: string, fields: Fields): Promise<{ output: string; exitCode: number }> {
  const forms = await readForms(await fetch(address));
  const form = forms.find((each) => Object.entries(fields).every(([name, value]) => takes(each, name, value)));
  if (!form) return { output: `There is no form for ${Object.keys(fields).join(", ")} at ${address}\n`, exitCode: 1 };
  const left = form.inputs.filter(({ name, type }) => !(name in fields) && !isChoice(type));
  const entered = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, String(each)]),
  );
  const answer = await fetch(new URL(form.action, address), {
    method: "POST",
    body: new URLSearchParams([...left.map(({ name, value }): [string, string] => [name, value]), ...entered]),
  });
  return { output: await answer.text(), exitCode: answer.ok ? 0 : 1 };
}

const isChoice = (type: string): boolean => type === "radio" || type === "checkbox";

/** Whether a form has the field, and offers the value where nothing can be written. */
function takes({ inputs }: Form, name: string, value: string | readonly string[]): boolean {
  const found = inputs.filter((input) => input.name === name);
  const isOffered = (each: string): boolean =>
    found.some((input) => input.value === each || !(isChoice(input.type) || input.type === "hidden"));
  return found.length > 0 && [value].flat().every((each) => isOffered(String(each)));
}

async function readForms(page: Response): Promise<Form[]> {
  const forms: Form[] = [];
  const text = (element: HTMLRewriterTypes.Element, name: string): string =>
    (element.getAttribute(name) ?? "").replaceAll("&amp;", "&");
  await new HTMLRewriter()
    .on("form", { element: (form) => void forms.push({ action: text(form, "action"), inputs: [] }) })
    .on("form input", {
      element: (input) =>
        void forms
          .at(-1)
          ?.inputs.push({ type: text(input, "type"), name: text(input, "name"), value: text(input, "value") }),
    })
    .transform(page)
    .text();
  return forms;
}
