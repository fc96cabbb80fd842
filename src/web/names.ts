import { labelOf } from "./form/field-kind.ts";

/** "Email" of "email_personal": what people call a tool of which only the id is known. */
export const toolName = (id: string): string => labelOf(id.replace(/_(personal|public|hybrid)$/, ""));

const doors: Record<string, string> = {
  rest: "a program",
  device: "a phone",
  mcp: "an agent",
  cli: "the command line",
};

/** Who did something, in words: what kind of credential it was, or the door it came by. */
export function whoIs(entrance: string, credential: string): string {
  if (credential.startsWith("tok_")) return "a program with a token";
  if (credential.startsWith("ses_")) return "a phone or browser of yours";
  return doors[entrance] ?? entrance;
}
