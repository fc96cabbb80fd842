import { readTown } from "../town.ts";

export const newYork = readTown(
  {
    name: "New York",
    alternates: ["New York City", "NYC"],
    latitude: 40.7127281,
    longitude: -74.0060152,
    state: "New York",
    country: "United States",
    countryCode: "us",
    osmId: 175905,
    importance: 0.8817,
  },
  `
Broadway             | 40.7580 | -73.9855 | 10036 | Times Square
5th Avenue           | 40.7540 | -73.9840 | 10018 | Midtown Manhattan
West 34th Street     | 40.7505 | -73.9900 | 10001 | Chelsea
East 42nd Street     | 40.7523 | -73.9770 | 10017 | Midtown East
8th Avenue           | 40.7505 | -73.9935 | 10001 | Chelsea
Bleecker Street      | 40.7300 | -74.0010 | 10012 | Greenwich Village
Wall Street          | 40.7069 | -74.0089 | 10005 | Financial District
Bedford Avenue       | 40.7170 | -73.9570 | 11249 | Williamsburg
Central Park West    | 40.7813 | -73.9740 | 10024 | Upper West Side
`,
  `
tourism=attraction  | Empire State Building                | 40.7484421 | -73.9856589 | 20  | West 34th Street   | wikidata=Q9188 ~ phone=+1 212-555-0101 ~ opening_hours=Mo-Su 10:00-24:00
tourism=attraction  | Times Square                         | 40.7570095 | -73.9859724 |     | Broadway           | wikidata=Q11259
tourism=museum      | Museum on the Park                   | 40.7812000 | -73.9739000 | 200 | Central Park West  | website=https://parkmuseum.example/ ~ opening_hours=Mo-Su 10:00-17:30
railway=station     | Grand Central Terminal / Grand Central | 40.7527726 | -73.9772294 | 89 | East 42nd Street | operator=MTA ~ wheelchair=yes
railway=station     | New York Penn Station / Penn Station | 40.7503085 | -73.9949501 | 421 | 8th Avenue         | operator=Amtrak
amenity=restaurant  | The Iron Skillet                     | 40.7300500 | -74.0021000 | 210 | Bleecker Street    | phone=+1 212-555-0114 ~ website=https://iron-skillet.example/ ~ opening_hours=Tu-Su 17:00-23:00; Mo off ~ cuisine=american ~ reservation=yes ~ reservation:website=https://iron-skillet.example/reserve
amenity=restaurant  | Trattoria Bella                      | 40.7592000 | -73.9843000 | 1610 | Broadway          | phone=+1 212-555-0127 ~ website=https://trattoria-bella.example/ ~ opening_hours=Mo-Su 11:30-23:00 ~ cuisine=italian ~ reservation=recommended
amenity=restaurant  | Noodle Harbor                        | 40.7172000 | -73.9575000 | 188 | Bedford Avenue     | website=https://noodle-harbor.example/ ~ opening_hours=We-Mo 12:00-22:00; Tu off ~ cuisine=chinese
amenity=restaurant  | Wall Street Oyster House             | 40.7066000 | -74.0092000 | 40  | Wall Street        | phone=+1 212-555-0133 ~ cuisine=seafood ~ reservation=required
amenity=fast_food   | Slice on Broadway                    | 40.7571000 | -73.9862000 | 1540 | Broadway          | opening_hours=Mo-Su 10:00-02:00 ~ cuisine=pizza
amenity=cafe        | Bleecker Beans                       | 40.7297000 | -74.0002000 | 160 | Bleecker Street    | opening_hours=Mo-Fr 07:00-19:00; Sa,Su 08:00-19:00
shop=books          | Uptown Books                         | 40.7539000 | -73.9836000 | 476 | 5th Avenue         | phone=+1 212-555-0146 ~ opening_hours=Mo-Sa 10:00-20:00
`,
);
