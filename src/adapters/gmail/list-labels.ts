import { Type } from "@sinclair/typebox";
import { defineAction } from "../../core/tool.ts";
import { hearsLabels } from "./hears.ts";
import { readScope } from "./scopes.ts";

const Label = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String({ description: "system, or user for those that the person made" }),
});
export type Label = typeof Label.static;

export const listLabelsAction = defineAction({
  id: "list_labels",
  description: "List the labels of the mailbox",
  effect: "read",
  hears: hearsLabels,
  scopes: [readScope],
  input: Type.Object({}, { additionalProperties: false }),
  output: Type.Object({ labels: Type.Array(Label) }),
  async run(_input, context) {
    const [{ openMailbox, provider }, { readLabels }] = await Promise.all([
      import("./service.ts"),
      import("./labels.ts"),
    ]);
    const labels = await readLabels(await openMailbox(context));
    return { data: { labels }, metadata: { provider, untrusted: ["name"] } };
  },
});
