import type { Hearing, Slot } from "../../core/hearing.ts";

const nobodyKnows = ["here", "me", "my location", "where i am", "my current location", "my position", "current location"];

const units: Slot = {
  as: "choice",
  words: { metric: ["in kilometres", "in kilometers", "in metres", "in km"], imperial: ["in miles", "in feet"] },
};

export const hearsDirections: Hearing = {
  says: [
    "directions|route|navigate|navigation|way_to|way_from|directions_to",
    "how|best|quickest|fastest|shortest get_to|get_from|get_home|go_home|go_to|go_from|way|drive|walk|cycle|travel_to|come_to|reach|get_there",
    "how_far|how_long|distance from|to|between|walk|drive|cycle",
    "take_me|bring_me|drive_me|guide_me|lead_me home|to|work",
    "walking|driving|cycling|transit|bike directions|route|distance|time|way",
    "walk|drive|cycle|trip|journey|ride|bus|train|tram|tube|metro|bike|subway|ferry from to",
    "how_many|how_much miles|kilometres|kilometers|minutes|hours from|to",
    "from to by_bike|by_car|by_bus|by_train|on_foot|by_tram|by_tube|by_metro|by_subway|by_bicycle",
    "?how_far|distance|drive_to|walk_to|cycle_to|get_to|way",
  ],
  slots: {
    mode: {
      as: "choice",
      words: {
        driving: ["by car", "by taxi", "drive", "in the car", "driving", "by road"],
        walking: ["on foot", "by foot", "walk", "walking"],
        cycling: ["by bike", "by bicycle", "cycle", "bike", "on my bike", "on a bike", "bicycle", "cycling"],
        transit: [
          "by bus", "by train", "by tram", "by tube", "by metro", "by subway", "by underground", "by public transport",
          "by public transportation", "by transit", "on the bus", "with the train", "on public transport",
          "take the train", "take the bus", "is the train", "is the bus", "is the tram", "which bus", "which train", "which tram", "what bus", "using public transport", "with public transport", "on the tube",
        ],
      },
    },
    alternatives: { as: "choice", words: { true: ["alternatives", "alternative routes", "other ways", "other routes", "with alternatives"] } },
    units,
    origin: {
      as: "text",
      after: ["starting from", "starting at", "leaving from", "from", "between", "start at"],
      until: ["to", "and", "by", "via"],
      unknown: nobodyKnows,
    },
    destination: {
      as: "text",
      after: ["get to", "go to", "way to", "directions to", "route to", "navigate to", "me to", "drive to", "walk to", "to reach", "reach", "towards", "to", "directions for", "take me", "bring me", "get", "go", "and"],
      until: ["by", "via", "starting", "if", "using"],
      unknown: nobodyKnows,
    },
  },
  timeless: true,
};

export const hearsPlaceSearch: Hearing = {
  says: [
    "find|show|where|search|any|looking_for|look_for|is_there|need|list|get|recommend near|nearby|nearest|closest|close_to|around|close_by",
    "find|show|where|search|any|looking_for|is_there|need|are_there|get|recommend|good|best restaurant|cafe|café|coffee|pub|bar|hotel|hotels|pharmacy|chemist|supermarket|shop|station|atm|hospital|museum|park|bank|bakery|gym|dentist|doctor|cinema|library|parking|toilet|hairdresser|bookshop|bookstore|place_to|places_to|garage|school|playground|takeaway|pizzeria|grocery|florist|vet|theatre|post_office|car_park|charging_station|petrol|gas|cash_machine|cash_point|cashpoint|nightclub|club|sushi|brewery|beach|pool|stadium|church|mosque|synagogue|airport|bus_stop|police|embassy|laundrette|laundromat|tailor|optician|hardware|kiosk|market|mall|clinic|zoo|castle|gallery|hostel|campsite|sauna|spa|barber|butcher|nursery|tube",
    "where_is|where's|where_are|address_of|locate",
    "where can_i|could_i|can_we|to eat|buy|get|park|find|drink|charge|stay|sleep|swim",
    "?find|restaurant|cafe|coffee|hotel|hotels|pharmacy|supermarket|nearby|nearest|closest|near",
  ],
  slots: {
    limit: { as: "count", after: ["top", "first"], units: ["results", "places"] },
    units,
    near: {
      as: "text",
      after: ["close to", "next to", "near to", "nearest to", "closest to", "not far from", "in the area of", "near", "around", "by", "in", "close by", "at"],
      unknown: [...nobodyKnows, "nearby", "around here", "this area", "my area", "the area", "area", "town"],
      implied: ["nearest", "closest", "nearby", "around here", "close by", "near here", "in the area"],
    },
    query: {
      as: "text",
      after: ["looking for", "look for", "search for", "searching for", "address of", "is there", "are there", "there's", "where is the nearest", "where's the nearest", "where is the closest", "the nearest", "nearest", "closest", "where can i find", "where can i get", "where can i buy", "where is", "where's", "where are", "find me", "find", "show me", "show", "locate", "recommend", "i need", "need", "list", "any", "get me", "search"],
      otherwise: "leftover",
      unknown: ["place", "places", "somewhere"],
    },
  },
  timeless: true,
};

export const hearsSavedPlaces: Hearing = {
  says: [
    "show|list|see|give|read|what|which|are|find|tell|my saved|favourite|favorite|bookmarked|starred place|places|location|locations|spots|addresses",
    "saved|favourite|favorite|bookmarked|starred|my_own place|places|location|locations|spots|addresses",
    "place|places|location|locations have_i|did_i|i_have|i've saved|save|bookmarked|bookmark|kept|starred",
    "my_favourites|my_favorites|my_favourite|my_favorite map|list|show|what|maps|places",
    "?my_places|my_favourites|my_favorites|saved",
  ],
  slots: {
    limit: { as: "count", after: ["first", "top"], units: ["places"] },
    query: { as: "text", after: ["called", "named", "in", "with"] },
  },
};
