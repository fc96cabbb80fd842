import { readTown } from "../town.ts";

export const tokyo = readTown(
  {
    name: "Tokyo",
    alternates: ["東京都"],
    latitude: 35.6768601,
    longitude: 139.7638947,
    state: "Tokyo",
    country: "Japan",
    countryCode: "jp",
    osmId: 1543125,
    importance: 0.8471,
  },
  `
Marunouchi       | 35.6812 | 139.7650 | 100-0005 | Chiyoda
Chuo-dori        | 35.6716 | 139.7650 | 104-0061 | Ginza
Center-gai       | 35.6598 | 139.6985 | 150-0042 | Shibuya
Omotesando       | 35.6654 | 139.7121 | 107-0062 | Aoyama
Yasukuni-dori    | 35.6932 | 139.7010 | 160-0021 | Shinjuku
Nakamise-dori    | 35.7119 | 139.7965 | 111-0032 | Asakusa
Shibakoen        | 35.6586 | 139.7454 | 105-0011 | Minato
`,
  `
man_made=tower      | Tokyo Tower / 東京タワー              | 35.6585805 | 139.7454329 | 4-2-8 | Shibakoen    | wikidata=Q183536 ~ opening_hours=Mo-Su 09:00-22:30
amenity=place_of_worship | Senso-ji / 浅草寺                | 35.7147651 | 139.7966553 | 2-3-1 | Nakamise-dori | wikidata=Q615102
railway=station     | Tokyo Station / 東京駅                | 35.6812546 | 139.7670720 | 1-9-1 | Marunouchi   | operator=JR East ~ wheelchair=yes
railway=station     | Shibuya / 渋谷駅                      | 35.6580339 | 139.7016358 |     | Center-gai     | operator=JR East
amenity=restaurant  | Sushi Kawabata                       | 35.6720000 | 139.7644000 | 6-4-2 | Chuo-dori    | phone=+81 3-5550-0114 ~ website=https://sushi-kawabata.example/ ~ opening_hours=Tu-Su 17:00-22:00; Mo off ~ cuisine=sushi ~ reservation=required
amenity=restaurant  | Ramen Hoshi                          | 35.6935000 | 139.7022000 | 1-12 | Yasukuni-dori | opening_hours=Mo-Su 11:00-23:30 ~ cuisine=ramen
amenity=restaurant  | Omotesando Garden                    | 35.6659000 | 139.7116000 | 4-12 | Omotesando    | phone=+81 3-5550-0127 ~ website=https://omotesando-garden.example/ ~ cuisine=japanese;french ~ reservation=yes
amenity=restaurant  | Tempura Asakusa                      | 35.7124000 | 139.7961000 | 1-38 | Nakamise-dori | phone=+81 3-5550-0133 ~ opening_hours=We-Mo 11:30-20:00; Tu off ~ cuisine=tempura
amenity=cafe        | Kissaten Marunouchi                  | 35.6809000 | 139.7647000 | 2-7 | Marunouchi     | opening_hours=Mo-Fr 07:30-20:00; Sa 09:00-18:00
`,
);
