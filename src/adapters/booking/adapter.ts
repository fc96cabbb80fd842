import { defineAdapter } from "../../core/adapter.ts";
import { nominatim } from "../../osm/nominatim.ts";
import { bookRestaurantPublic } from "./book-restaurant-public.ts";

export const booking = defineAdapter({
  service: "restaurant_booking",
  name: "Restaurant booking",
  config: ["CALCOM_BASE_URL", ...nominatim.settings],
  tools: [bookRestaurantPublic],
});
