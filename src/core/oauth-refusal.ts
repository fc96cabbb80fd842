/** The refusals that the OAuth standards know, with the status of each. */
const statuses = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  invalid_target: 400,
  access_denied: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  invalid_redirect_uri: 400,
  invalid_client_metadata: 400,
  temporarily_unavailable: 503,
} as const;

export type OAuthRefusalCode = keyof typeof statuses;

/** A refusal of a program that wants to be let in, in the words of the standard. It never repeats what was sent. */
export class OAuthRefusal extends Error {
  readonly code: OAuthRefusalCode;
  readonly status: number;

  constructor(code: OAuthRefusalCode, description: string) {
    super(description);
    this.name = "OAuthRefusal";
    this.code = code;
    this.status = statuses[code];
  }
}
