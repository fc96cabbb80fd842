import { type Static, Type } from "@sinclair/typebox";
import { notUnderstood, present, recordIn, textIn } from "../../core/answer.ts";
import { isRecord } from "../../core/parameters.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { askLinkedin, provider } from "./api.ts";

const optionalText = Type.Optional(Type.String());

export const ProfileSchema = Type.Object({
  id: Type.String({ description: "The member's id for this app" }),
  name: Type.String(),
  given_name: optionalText,
  family_name: optionalText,
  email: optionalText,
  email_verified: Type.Optional(Type.Boolean()),
  locale: Type.Optional(Type.String({ description: "BCP 47: en-US" })),
  picture: Type.Optional(Type.String({ description: "Address of the portrait; it changes after a while" })),
});
export type LinkedinProfile = Static<typeof ProfileSchema>;

export async function fetchProfile(context: ToolContext): Promise<LinkedinProfile> {
  const { json } = await askLinkedin(context, { path: "/v2/userinfo", scope: "openid" });
  return parseProfile(json);
}

export async function showProfile(context: ToolContext): Promise<ToolResult> {
  return { data: { profile: await fetchProfile(context) }, metadata: { provider } };
}

/** @throws AppError upstream_rejected */
export function parseProfile(json: unknown): LinkedinProfile {
  const id = textIn(json, "sub");
  if (!isRecord(json) || id === undefined) throw notUnderstood(provider);
  const names = [textIn(json, "given_name"), textIn(json, "family_name")].filter(Boolean).join(" ");
  return present({
    id,
    name: textIn(json, "name") ?? (names || id),
    given_name: textIn(json, "given_name"),
    family_name: textIn(json, "family_name"),
    email: textIn(json, "email"),
    email_verified: typeof json.email_verified === "boolean" ? json.email_verified : undefined,
    locale: localeIn(json),
    picture: textIn(json, "picture"),
  });
}

/** Documented as a text, and sent as `{country, language}`. */
function localeIn(json: unknown): string | undefined {
  const parts = recordIn(json, "locale");
  const [language, country] = [textIn(parts, "language"), textIn(parts, "country")];
  const given = textIn(json, "locale") ?? [language, country].filter(Boolean).join("-");
  return given === "" ? undefined : given.replace("_", "-");
}
