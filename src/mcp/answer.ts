import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Failure, Outcome, Success } from "../core/outcome.ts";
import { isRecord } from "../core/parameters.ts";
import { fence } from "./fence.ts";
import type { Offer } from "./offer.ts";

const metadataKey = "mcqueen/metadata";

/** An outcome as a result of the protocol: the data as structured content and as text, or the sentence of a failure. */
export function answerOf(outcome: Outcome, offer: Offer): CallToolResult {
  return outcome.ok ? success(outcome, offer) : failed(outcome, offer);
}

function success({ data, metadata }: Success, { listed }: Offer): CallToolResult {
  const { data: fenced, note } = fence({ data, metadata }, metadata.untrusted);
  const { data: shown, metadata: told } = fenced;
  const source = sourceOf(metadata);
  const texts = [JSON.stringify(shown) ?? "null", note, source].filter((text) => text !== undefined);
  return {
    content: texts.map((text) => ({ type: "text" as const, text })),
    ...(isRecord(shown) && (listed.outputSchema || data !== null) ? { structuredContent: shown } : {}),
    _meta: { [metadataKey]: told },
  };
}

/** Who said it, where the terms want that to be told. */
function sourceOf({ provider, attribution, source_url }: Record<string, unknown>): string | undefined {
  const parts = [attribution ?? provider, source_url].filter((part) => typeof part === "string" && part !== "");
  return parts.length > 0 ? `Source: ${parts.join(", ")}` : undefined;
}

function failed({ code, message, hint, metadata }: Failure, { listed }: Offer): CallToolResult {
  const isOurs = code === "internal";
  const lines = [
    isOurs ? "Something went wrong inside mcqueen." : message,
    ...(hint && !isOurs && code !== "approval_required" ? [hint] : []),
    ...(code === "approval_required"
      ? [
          `Tell the person that they have been asked. Later, call ${listed.name} again with the same parameters and approval_id "${metadata.approval_id}" to learn what came of it.`,
        ]
      : []),
    `(${code})`,
  ];
  return {
    isError: true,
    content: [{ type: "text", text: lines.join("\n") }],
    _meta: { [metadataKey]: { ...fence(metadata, metadata.untrusted).data, error_code: code } },
  };
}
