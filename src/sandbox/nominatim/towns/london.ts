import { readTown } from "../town.ts";

export const london = readTown(
  {
    name: "London",
    alternates: [],
    latitude: 51.5074456,
    longitude: -0.1277653,
    state: "England",
    country: "United Kingdom",
    countryCode: "gb",
    osmId: 175342,
    importance: 0.8821,
  },
  `
Downing Street     | 51.5033 | -0.1276 | SW1A 2AA | Westminster
Westminster Bridge Road | 51.5010 | -0.1170 | SE1 7UT | Lambeth
Great Russell Street | 51.5186 | -0.1269 | WC1B 3DG | Bloomsbury
Euston Road        | 51.5285 | -0.1250 | N1C 4QP  | King's Cross
Strand             | 51.5110 | -0.1190 | WC2R 0EX | Covent Garden
Baker Street       | 51.5205 | -0.1567 | W1U 6TJ  | Marylebone
Tower Hill         | 51.5099 | -0.0770 | EC3N 4AB | Tower Hamlets
Brick Lane         | 51.5215 | -0.0717 | E1 6QL   | Spitalfields
Praed Street       | 51.5162 | -0.1755 | W2 1HQ   | Paddington
`,
  `
tourism=attraction  | Tower of London                      | 51.5081157 | -0.0760494 |     | Tower Hill           | wikidata=Q62378 ~ opening_hours=Tu-Sa 09:00-17:30; Su,Mo 10:00-17:30
tourism=museum      | British Museum                       | 51.5192942 | -0.1270220 |     | Great Russell Street | wikidata=Q6373 ~ opening_hours=Mo-Su 10:00-17:00; Fr 10:00-20:30 ~ phone=+44 20 7946 0101
tourism=attraction  | Prime Minister's Office              | 51.5034403 | -0.1277082 | 10  | Downing Street       | wikidata=Q169101
railway=station     | London King's Cross / King's Cross   | 51.5323954 | -0.1230224 |     | Euston Road          | operator=Network Rail ~ wheelchair=yes
railway=station     | London Paddington                    | 51.5170952 | -0.1773574 |     | Praed Street         | operator=Network Rail
amenity=restaurant  | The Copper Kettle                    | 51.5112000 | -0.1203000 | 142 | Strand               | phone=+44 20 7946 0112 ~ website=https://copper-kettle.example/ ~ opening_hours=Mo-Sa 12:00-23:00; Su 12:00-21:00 ~ cuisine=british ~ reservation=yes
amenity=restaurant  | Chez Marie                           | 51.5207000 | -0.1561000 | 71  | Baker Street         | phone=+44 20 7946 0123 ~ website=https://chez-marie-london.example/ ~ opening_hours=Tu-Su 12:00-15:00,18:00-22:30; Mo off ~ cuisine=french ~ reservation=required ~ reservation:website=https://chez-marie-london.example/book
amenity=restaurant  | Spice Lantern                        | 51.5219000 | -0.0719000 | 96  | Brick Lane           | phone=+44 20 7946 0134 ~ opening_hours=Mo-Su 12:00-24:00 ~ cuisine=indian
amenity=restaurant  | Harbour & Vine                       | 51.5014000 | -0.1189000 | 5   | Westminster Bridge Road | website=https://harbour-vine.example/ ~ cuisine=seafood
amenity=cafe        | Blue Door Coffee                     | 51.5189000 | -0.1260000 | 38  | Great Russell Street | website=https://blue-door.example/ ~ opening_hours=Mo-Fr 07:00-18:00; Sa 08:00-17:00
amenity=pub         | The Printer's Devil                  | 51.5109000 | -0.1183000 | 170 | Strand               | phone=+44 20 7946 0145 ~ opening_hours=Mo-Sa 11:00-23:00; Su 12:00-22:30
amenity=hospital    | St Mary of the Park                  | 51.5170000 | -0.1738000 | 20  | Praed Street         | phone=+44 20 7946 0156 ~ emergency=yes
`,
);
