import type { HttpClient } from "../core/http-client.ts";
import type { HttpClientOptions } from "./client.ts";

/** The HTTP client, loaded when the first request is sent: most commands send none. */
export function createLazyHttpClient(options: HttpClientOptions): HttpClient {
  let client: Promise<HttpClient> | undefined;
  return {
    async json(request) {
      client ??= import("./client.ts").then(({ createHttpClient }) => createHttpClient(options));
      return (await client).json(request);
    },
  };
}
