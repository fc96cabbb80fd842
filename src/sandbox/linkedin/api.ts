import { isRecord } from "../../core/parameters.ts";
import { addPost, findToken, listPosts, members, type Post } from "./state.ts";

const refuse = (status: number, serviceErrorCode: number, code: string, message: string): Response =>
  Response.json({ status, serviceErrorCode, code, message }, { status });

const badRequest = (status: number, message: string, code: string, description: string, input: object = {}): Response =>
  Response.json(
    {
      errorDetailType: "com.linkedin.common.error.BadRequest",
      message,
      errorDetails: { inputErrors: [{ description, input, code }] },
      status,
    },
    { status },
  );

const field = (path: string): Response =>
  badRequest(
    400,
    "Invalid param. Please see errorDetails for more information.",
    "PARAM_INVALID",
    "Invalid value for param; wrong type or other syntax error",
    {
      inputPath: { fieldPath: path },
    },
  );

type Holder = { sub: string; scopes: readonly string[] };

function holderOf(request: Request, now: Date, folder: string, scope: string, what: string): Holder | Response {
  const token = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const found = findToken(folder, token, now);
  if (found === "expired")
    return refuse(401, 65602, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired");
  if (found === "revoked")
    return refuse(401, 65601, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user");
  if (!found) return refuse(401, 65600, "INVALID_ACCESS_TOKEN", "Invalid access token");
  return found.scopes.includes(scope)
    ? found
    : refuse(403, 100, "ACCESS_DENIED", `Not enough permissions to access: ${what}`);
}

/** Answers GET /v2/userinfo. The locale is an object, as LinkedIn sends it. */
export function answerUserinfo(request: Request, now: Date, folder: string): Response {
  const holder = holderOf(request, now, folder, "openid", "userinfo.GET.NO_VERSION");
  if (holder instanceof Response) return holder;
  const member = members.find(({ sub }) => sub === holder.sub);
  if (!member) return refuse(404, 0, "NOT_FOUND", "No such member");
  return Response.json({
    sub: member.sub,
    ...(holder.scopes.includes("profile")
      ? {
          name: `${member.given} ${member.family}`,
          given_name: member.given,
          family_name: member.family,
          locale: { country: "GB", language: "en" },
          picture: `https://media.example.com/portraits/${member.sub}`,
        }
      : {}),
    ...(holder.scopes.includes("email") ? { email: member.email, email_verified: true } : {}),
  });
}

/** Answers POST /rest/posts with 201, no body, and the post's id in a header. */
export async function answerPost(request: Request, now: Date, folder: string): Promise<Response> {
  const holder = holderOf(request, now, folder, "w_member_social", "posts.CREATE");
  if (holder instanceof Response) return holder;
  const version = request.headers.get("linkedin-version") ?? "";
  if (!/^20\d{4}$/.test(version)) return refuse(400, 0, "VERSION_MISSING", "A version must be present");
  if (version < "202511" || version > "202612") {
    return Response.json(
      { status: 426, code: "NONEXISTENT_VERSION", message: `Requested version ${version}01 is not active` },
      { status: 426 },
    );
  }
  if (request.headers.get("x-restli-protocol-version") !== "2.0.0") return field("X-Restli-Protocol-Version");
  const read = readPost(await request.json().catch(() => undefined), holder.sub);
  if (read instanceof Response) return read;
  const twin = listPosts(folder).find(
    ({ author, commentary }) => author === read.author && commentary === read.commentary,
  );
  if (twin) {
    const why = `com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of ${twin.id}`;
    return badRequest(422, why, "DUPLICATE_POST", "Duplicate post is detected");
  }
  const id = `urn:li:share:${7_000_000_000_000_000_000n + BigInt(now.getTime()) * 1_000n + BigInt(listPosts(folder).length)}`;
  addPost(folder, { ...read, id, at: now.toISOString() });
  return new Response(null, { status: 201, headers: { "x-restli-id": id } });
}

const taken = "author commentary visibility distribution content lifecycleState isReshareDisabledByAuthor".split(" ");

function readPost(body: unknown, sub: string): Omit<Post, "id" | "at"> | Response {
  if (!isRecord(body)) return field("");
  const unknown = Object.keys(body).find((name) => !taken.includes(name));
  if (unknown) return field(unknown);
  const { author, commentary, visibility, distribution, lifecycleState, content } = body;
  if (author !== `urn:li:person:${sub}`)
    return refuse(403, 100, "ACCESS_DENIED", "Not enough permissions to access: author");
  if (typeof commentary !== "string" || commentary.length > 6_000) return field("commentary");
  if (visibility !== "PUBLIC" && visibility !== "CONNECTIONS") return field("visibility");
  if (lifecycleState !== "PUBLISHED") return field("lifecycleState");
  if (!isRecord(distribution) || distribution.feedDistribution !== "MAIN_FEED") return field("distribution");
  const article = isRecord(content) ? content.article : undefined;
  if (
    content !== undefined &&
    !(isRecord(article) && typeof article.source === "string" && typeof article.title === "string")
  ) {
    return field("content/article");
  }
  return {
    author: String(author),
    commentary: understand(commentary),
    visibility,
    ...(isRecord(article) ? { article: { source: String(article.source), title: String(article.title) } } : {}),
  };
}

/** What of a text is published: a reserved sign that was not escaped silently ends it, as it does at LinkedIn. */
function understand(text: string): string {
  let seen = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (sign === "\\") seen += text[++at] ?? "";
    else if ("|{}@[]()<>*_~".includes(sign)) return seen;
    else seen += sign;
  }
  return seen;
}
