/** One stood-in service: where it is mounted, and which setting points an adapter to it. */
export interface Upstream {
  /** The path prefix, and the name by which a test makes it fail. */
  id: string;
  setting: string;
  /** Further settings that the sandbox answers for, such as the client id of an app that is registered here. */
  defaults?: Record<string, string>;
  /**
   * May be any kind of answer, pages too. Its own base URL is the origin of the request's URL and the prefix.
   * @param path below the prefix, as at the real service
   * @param folder where a stateful one keeps what it was given; shared by all processes of the sandbox
   */
  answer(
    request: Request,
    path: string,
    query: URLSearchParams,
    now: Date,
    folder: string,
  ): Response | Promise<Response>;
  /** The body of a failure with this status, in the service's own form. */
  failure(status: number): unknown;
}
