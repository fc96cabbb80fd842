import { readTown } from "../town.ts";

export const berlin = readTown(
  {
    name: "Berlin",
    alternates: [],
    latitude: 52.5173885,
    longitude: 13.3951309,
    state: "Berlin",
    country: "Germany",
    countryCode: "de",
    osmId: 62422,
    importance: 0.8873,
  },
  `
Unter den Linden      | 52.5169 | 13.3889 | 10117 | Mitte
Pariser Platz         | 52.5163 | 13.3786 | 10117 | Mitte
Friedrichstraße       | 52.5150 | 13.3890 | 10117 | Mitte
Karl-Liebknecht-Straße| 52.5205 | 13.4060 | 10178 | Mitte
Alexanderplatz        | 52.5219 | 13.4132 | 10178 | Mitte
Invalidenstraße       | 52.5280 | 13.3760 | 10115 | Mitte
Europaplatz           | 52.5251 | 13.3694 | 10557 | Moabit
Oranienstraße         | 52.5010 | 13.4210 | 10999 | Kreuzberg
Bergmannstraße        | 52.4893 | 13.3920 | 10961 | Kreuzberg
Kastanienallee        | 52.5385 | 13.4100 | 10435 | Prenzlauer Berg
Kurfürstendamm        | 52.5025 | 13.3280 | 10719 | Charlottenburg
`,
  `
tourism=attraction  | Brandenburg Gate / Brandenburger Tor | 52.5162746 | 13.3777041 |     | Pariser Platz          | wikidata=Q82425 ~ wheelchair=yes ~ opening_hours=24/7
man_made=tower      | Berlin TV Tower / Fernsehturm        | 52.5208182 | 13.4094061 | 1A  | Alexanderplatz         | wikidata=Q151356 ~ website=https://tv-turm.example/ ~ opening_hours=Mo-Su 10:00-23:00
tourism=museum      | Museum of the Linden                 | 52.5176000 | 13.3968000 | 2   | Unter den Linden       | website=https://lindenmuseum.example/ ~ opening_hours=Tu-Su 10:00-18:00; Mo off ~ contact:phone=+49 30 23125 020
railway=station     | Berlin Hauptbahnhof / Berlin Central Station | 52.5251054 | 13.3694056 | 1 | Europaplatz       | operator=DB InfraGO ~ wheelchair=yes
railway=station     | Berlin Alexanderplatz                | 52.5214783 | 13.4113104 |     | Alexanderplatz         | operator=DB InfraGO
railway=station     | Berlin Friedrichstraße               | 52.5203047 | 13.3870009 | 142 | Friedrichstraße        | operator=DB InfraGO
amenity=restaurant  | Zum Alten Ufer                       | 52.5189000 | 13.4021000 | 7   | Karl-Liebknecht-Straße | phone=+49 30 23125 014 ~ website=https://zum-alten-ufer.example/ ~ contact:email=tisch@zum-alten-ufer.example ~ opening_hours=Tu-Su 12:00-23:00; Mo off ~ cuisine=german ~ reservation=recommended
amenity=restaurant  | Trattoria Bella                      | 52.5391000 | 13.4093000 | 41  | Kastanienallee         | phone=+49 30 23125 027 ~ opening_hours=Mo-Su 17:00-24:00 ~ cuisine=italian ~ reservation=yes
amenity=restaurant  | Saigon Garten                        | 52.5012000 | 13.4203000 | 19  | Oranienstraße          | website=https://saigon-garten.example/ ~ opening_hours=Mo-Fr 11:30-22:00; Sa,Su 13:00-23:00 ~ cuisine=vietnamese ~ diet:vegetarian=yes
amenity=restaurant  | Bergmanns Tafel                      | 52.4889000 | 13.3912000 | 88  | Bergmannstraße         | contact:phone=+49 30 23125 033 ~ contact:website=https://bergmanns-tafel.example/ ~ cuisine=regional ~ reservation=required ~ reservation:website=https://bergmanns-tafel.example/tisch
amenity=restaurant  | Der Goldene Hirsch                   | 52.5031000 | 13.3301000 | 202 | Kurfürstendamm         | phone=+49 30 23125 045 ~ website=https://goldener-hirsch.example/ ~ opening_hours=Mo-Sa 18:00-23:30; Su off; Dec 24-26 off ~ cuisine=german;french ~ reservation=yes
amenity=cafe        | Café Morgenrot                       | 52.5379000 | 13.4105000 | 85  | Kastanienallee         | website=https://morgenrot.example/ ~ opening_hours=Tu-Su 09:00-18:00 ~ internet_access=wlan
amenity=cafe        | Blue Door Coffee                     | 52.5278000 | 13.3774000 | 112 | Invalidenstraße        | opening_hours=Mo-Fr 07:30-17:00 ~ cuisine=coffee_shop
amenity=pharmacy    | Linden-Apotheke                      | 52.5171000 | 13.3869000 | 24  | Unter den Linden       | phone=+49 30 23125 051 ~ opening_hours=Mo-Fr 08:00-19:00; Sa 09:00-14:00
shop=books          | Buchladen am Kiez                    | 52.4897000 | 13.3936000 | 14  | Bergmannstraße         | phone=+49 30 23125 058 ~ opening_hours=Mo-Sa 10:00-19:00
`,
);
