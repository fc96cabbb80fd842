import { Type } from "@sinclair/typebox";
import { auditMark } from "../../core/audit.ts";
import { defineAction, defineTool } from "../../core/tool.ts";
import { hearsPost, hearsProfile } from "./hears.ts";
import { ProfileSchema } from "./profile.ts";

const strict = { additionalProperties: false };

export const linkedinPersonal = defineTool({
  id: "linkedin_personal",
  name: "LinkedIn",
  description:
    "Shows your LinkedIn profile and posts in your name. LinkedIn's API gives no feed, connections, messages or search.",
  category: "social",
  accessLevel: "user_specific",
  service: "linkedin",
  authService: "linkedin",
  providers: [{ id: "linkedin", name: "LinkedIn" }],
  examples: ["Post on LinkedIn that we are hiring", "Who am I on LinkedIn?"],
  actions: [
    defineAction({
      id: "profile",
      description: "Show your own profile",
      effect: "read",
      hears: hearsProfile,
      scopes: ["openid", "profile"],
      input: Type.Object({}, strict),
      output: Type.Object({ profile: ProfileSchema }),
      async run(_input, context) {
        const { showProfile } = await import("./profile.ts");
        return showProfile(context);
      },
    }),
    defineAction({
      id: "post",
      description: "Publish a post",
      effect: "write",
      hears: hearsPost,
      scopes: ["openid", "profile", "w_member_social"],
      input: Type.Object(
        {
          text: Type.String({
            minLength: 1,
            maxLength: 3_000,
            description: "The post, with #hashtags",
            [auditMark]: "length",
          }),
          visibility: Type.Optional(
            Type.Union([Type.Literal("PUBLIC"), Type.Literal("CONNECTIONS")], {
              default: "PUBLIC",
              description: "Who sees it",
            }),
          ),
          url: Type.Optional(Type.String({ format: "http-url", maxLength: 2_000, description: "A page to link to" })),
          url_title: Type.Optional(
            Type.String({ minLength: 1, maxLength: 400, description: "The link's title; its host unless told" }),
          ),
        },
        strict,
      ),
      output: Type.Object({
        post_id: Type.String(),
        url: Type.String({ description: "Where the post is" }),
        visibility: Type.String(),
      }),
      confirmation: {
        fields: ["action", "text"],
        whereGiven: ["visibility", "url", "url_title"],
        prompt: ({ text, visibility, url, url_title: title }, say) =>
          `Post ${say.quote(text)}${
            url === undefined
              ? ""
              : `, with a link to ${say.list(url)}${title === undefined ? "" : ` called ${say.quote(title)}`},`
          } on LinkedIn for ${visibility === "CONNECTIONS" ? "your connections" : "everyone"}?`,
      },
      async run({ visibility = "PUBLIC", ...post }, context) {
        const { publishPost } = await import("./post.ts");
        return publishPost({ ...post, visibility }, context);
      },
    }),
  ],
});
