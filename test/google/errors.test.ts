import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ErrorCode } from "../../src/core/errors.ts";
import { refusedByGoogle } from "../../src/google/errors.ts";

const service = { name: "Google Calendar", service: "google_calendar" };
const body = (reason: string, message = "Sentence.", more: object = {}) => ({
  error: { errors: [{ domain: "global", reason, message }], code: 400, message, ...more },
});
const info = (reason: string, metadata: object = {}) => ({
  error: {
    code: 403,
    message: "Sentence.",
    status: "PERMISSION_DENIED",
    details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, metadata }],
  },
});
const enable = "https://console.developers.google.com/apis/api/calendar-json.googleapis.com/overview?project=1";

describe("refusedByGoogle", () => {
  test.each([
    [
      400,
      body("invalid", "Invalid value for: orderBy"),
      "upstream_rejected",
      "Google Calendar answered 400: Invalid value for: orderBy",
    ],
    [400, {}, "upstream_rejected", "it gave no reason"],
    [401, body("authError"), "auth_required", "Authentication required for service google_calendar"],
    [403, body("insufficientPermissions"), "auth_required", "Authentication required for service google_calendar"],
    [
      403,
      info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
      "auth_required",
      "Authentication required for service google_calendar",
    ],
    [403, body("accessNotConfigured"), "not_configured", "is not switched on"],
    [403, info("SERVICE_DISABLED"), "not_configured", "is not switched on"],
    [403, [info("SERVICE_DISABLED")], "not_configured", "is not switched on"],
    [403, body("rateLimitExceeded"), "rate_limited", "asked too often"],
    [403, body("userRateLimitExceeded"), "rate_limited", "asked too often"],
    [403, body("quotaExceeded"), "rate_limited", "asked too often"],
    [403, info("RATE_LIMIT_EXCEEDED"), "rate_limited", "asked too often"],
    [429, undefined, "rate_limited", "asked too often"],
    [
      403,
      body("requiredAccessLevel", "You need to have writer access to this calendar."),
      "upstream_rejected",
      "writer access",
    ],
    [404, body("notFound"), "not_found", "no such entry"],
    [410, body("deleted", "Resource has been deleted"), "not_found", "Resource has been deleted"],
    [409, body("duplicate"), "conflict", "has it already"],
    [412, body("conditionNotMet"), "conflict", "changed by somebody else"],
    [418, "tea", "upstream_rejected", "418"],
    [400, null, "upstream_rejected", "400"],
  ] as [number, unknown, ErrorCode, string][])("%d %j is %s", (status, json, code, sentence) => {
    const error = refusedByGoogle(service, status, json);
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
    expect(error.metadata).toMatchObject({ provider: "Google Calendar", upstream_status: status });
    if (code === "auth_required") {
      expect(error.hint).toContain("mcqueen login google_calendar");
      expect(error.metadata.requires_auth).toBeTruthy();
    }
  });

  test.each([
    [info("SERVICE_DISABLED", { activationUrl: enable })],
    [
      body(
        "accessNotConfigured",
        `Google Calendar API has not been used before. Enable it by visiting ${enable} then retry.`,
      ),
    ],
    [{ error: { errors: [{ reason: "accessNotConfigured", extendedHelp: enable }] } }],
  ])("the address where it is switched on is told: %j", (json) => {
    const error = refusedByGoogle(service, 403, json);
    expect(error.hint).toContain(enable);
    expect(error.metadata.enable_url).toBe(enable);
  });

  test.each([
    ["https://console.developers.google.com.evil.example/x"],
    ["http://console.cloud.google.com/x"],
    ["javascript:alert(1)"],
  ])("%s is not told", (activationUrl) => {
    const error = refusedByGoogle(service, 403, info("SERVICE_DISABLED", { activationUrl }));
    expect(JSON.stringify([error.hint, error.metadata])).not.toContain(activationUrl);
  });

  test("whatever Google says, the sentence is short and harmless", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 400, max: 499 }),
        fc.string({ unit: "binary", maxLength: 2_000 }),
        fc.jsonValue(),
        (status, message, more) => {
          const error = refusedByGoogle(service, status, { error: { message, errors: more, details: more } });
          expect(error.message.length).toBeLessThan(300);
          expect(error.message).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
        },
      ),
    );
  });
});
