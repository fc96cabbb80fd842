import { readTown } from "../town.ts";

export const amsterdam = readTown(
  {
    name: "Amsterdam",
    alternates: [],
    latitude: 52.3730796,
    longitude: 4.8924534,
    state: "North Holland",
    country: "Netherlands",
    countryCode: "nl",
    osmId: 47811,
    importance: 0.8352,
  },
  `
Damrak              | 52.3757 | 4.8959 | 1012LG | Centrum
Stationsplein       | 52.3781 | 4.8997 | 1012AB | Centrum
Museumstraat        | 52.3600 | 4.8852 | 1071XX | Museumkwartier
Prinsengracht       | 52.3670 | 4.8830 | 1016HW | Jordaan
Utrechtsestraat     | 52.3620 | 4.8985 | 1017VN | Grachtengordel
Albert Cuypstraat   | 52.3557 | 4.8930 | 1073BD | De Pijp
Javastraat          | 52.3635 | 4.9400 | 1094HH | Indische Buurt
NDSM-Plein          | 52.4010 | 4.8930 | 1033WB | Noord
`,
  `
tourism=museum      | Rijksmuseum                          | 52.3599853 | 4.8852094 | 1   | Museumstraat      | wikidata=Q190804 ~ opening_hours=Mo-Su 09:00-17:00
tourism=museum      | House on the Canal / Huis aan de Gracht | 52.3752000 | 4.8840000 | 263 | Prinsengracht  | website=https://huis-gracht.example/ ~ opening_hours=Mo-Su 09:00-22:00
railway=station     | Amsterdam Centraal / Amsterdam Central Station | 52.3789074 | 4.9004926 | 15 | Stationsplein | operator=NS ~ wheelchair=yes
amenity=restaurant  | De Groene Lantaarn                   | 52.3671000 | 4.8826000 | 422 | Prinsengracht     | phone=+31 20 555 0114 ~ website=https://groene-lantaarn.example/ ~ opening_hours=Tu-Su 17:30-22:30; Mo off ~ cuisine=dutch ~ reservation=recommended
amenity=restaurant  | Rijsttafel Java                      | 52.3636000 | 4.9410000 | 61  | Javastraat        | phone=+31 20 555 0125 ~ opening_hours=Mo-Su 17:00-23:00 ~ cuisine=indonesian
amenity=restaurant  | Bistro Utrecht                       | 52.3617000 | 4.8988000 | 98  | Utrechtsestraat   | website=https://bistro-utrecht.example/ ~ opening_hours=We-Su 18:00-23:00 ~ cuisine=french ~ reservation=yes
amenity=restaurant  | Pannenkoek & Co                      | 52.3558000 | 4.8936000 | 45  | Albert Cuypstraat | cuisine=pancake
amenity=cafe        | Koffie aan het IJ                    | 52.4008000 | 4.8935000 | 8   | NDSM-Plein        | opening_hours=Mo-Su 09:00-18:00
shop=bicycle        | Fietsen aan het Damrak               | 52.3752000 | 4.8963000 | 30  | Damrak            | phone=+31 20 555 0137 ~ opening_hours=Mo-Sa 09:00-18:00
`,
);
