import type { Provider } from "../../core/provider.ts";

/** Who is behind book_restaurant_public. Neither stands in for the other. */
export const bookingProviders: readonly Provider[] = [
  { id: "cal_com", name: "Cal.com", part: "tables" },
  { id: "nominatim", name: "Nominatim", part: "restaurants" },
];
