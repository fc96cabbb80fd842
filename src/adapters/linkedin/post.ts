import { notUnderstood } from "../../core/answer.ts";
import { invalidParameters } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { askLinkedin, postUrl, provider } from "./api.ts";
import { toLittleText } from "./little-text.ts";
import { fetchProfile } from "./profile.ts";

interface Post {
  text: string;
  visibility: "PUBLIC" | "CONNECTIONS";
  url?: string;
  url_title?: string;
}

/** @throws AppError invalid_parameters for a text of blanks, conflict for a post that is there already */
export async function publishPost(
  { text, visibility, url, url_title: title }: Post,
  context: ToolContext,
): Promise<ToolResult> {
  const problems = [
    ...(text.trim() === "" ? ["Parameter text must not be empty"] : []),
    ...(title !== undefined && url === undefined ? ["Parameter url_title belongs to a url"] : []),
  ];
  if (problems.length > 0) throw invalidParameters(problems);
  const { id } = await fetchProfile(context);
  const { headers } = await askLinkedin(context, {
    path: "/rest/posts",
    scope: "w_member_social",
    written: [text, toLittleText(text), ...(title === undefined ? [] : [title])],
    headers: { "linkedin-version": context.config.LINKEDIN_VERSION ?? "202610", "x-restli-protocol-version": "2.0.0" },
    body: {
      author: `urn:li:person:${id}`,
      commentary: toLittleText(text),
      visibility,
      distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
      ...(url === undefined ? {} : { content: { article: { source: url, title: title ?? hostOf(url) } } }),
      lifecycleState: "PUBLISHED",
      isReshareDisabledByAuthor: false,
    },
  });
  const post = headers.get("x-restli-id");
  if (!post || !/^urn:li:\w+:\d+$/.test(post)) throw notUnderstood(provider);
  return { data: { post_id: post, url: postUrl(post), visibility }, metadata: { provider, source_url: postUrl(post) } };
}

/** LinkedIn looks at no page that is posted through its API, so a link needs some title. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^www\./, "");
