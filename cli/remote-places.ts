import { AppError } from "../src/core/errors.ts";
import type { PlaceImport } from "../src/core/place-book.ts";
import type { ListedPlace } from "../src/core/saved-place.ts";
import type { PlaceBackend } from "./backend.ts";
import type { Field, Whole } from "./remote-people.ts";

/** Saved places at a daemon elsewhere. */
export function createRemotePlaces(field: Field, whole: Whole): PlaceBackend {
  const place = (id: string): string => `places/${encodeURIComponent(id)}`;
  return {
    list: () => field<ListedPlace[]>("places", "GET", "places"),
    add: (body) => field<ListedPlace>("data", "POST", "places", body),
    change: (id, body) => field<ListedPlace>("data", "PATCH", place(id), body),
    remove: async (id) => void (await whole("DELETE", place(id))),
    importFile: (body) =>
      field<PlaceImport>("data", "POST", "places/import", body).catch((error: unknown) => {
        throw error instanceof AppError && error.code === "payload_too_large" ? tooLarge(body.name, error) : error;
      }),
  };
}

const tooLarge = (name: string, { message, cause }: AppError): AppError =>
  new AppError(
    "payload_too_large",
    `${name} is too large for a daemon elsewhere, which takes files of up to 7 MB: ${message}`,
    {
      hint: "Let Google Takeout give fewer lists and import them one by one, or import the file on the daemon's own computer.",
      cause,
    },
  );
