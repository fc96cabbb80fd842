import { readTown } from "../town.ts";

export const paris = readTown(
  {
    name: "Paris",
    alternates: [],
    latitude: 48.8588897,
    longitude: 2.320041,
    state: "Ile-de-France",
    country: "France",
    countryCode: "fr",
    osmId: 7444,
    importance: 0.8846,
  },
  `
Avenue des Champs-Élysées | 48.8698 | 2.3076 | 75008 | Faubourg du Roule
Avenue Anatole France     | 48.8578 | 2.2950 | 75007 | Gros-Caillou
Rue de Rivoli             | 48.8606 | 2.3376 | 75001 | Les Halles
Boulevard Saint-Germain   | 48.8533 | 2.3360 | 75006 | Odéon
Rue de Dunkerque          | 48.8806 | 2.3554 | 75010 | Saint-Vincent-de-Paul
Place Louis Armand        | 48.8443 | 2.3743 | 75012 | Quinze-Vingts
Rue des Abbesses          | 48.8850 | 2.3370 | 75018 | Montmartre
Rue Oberkampf             | 48.8650 | 2.3790 | 75011 | Folie-Méricourt
Parvis Notre-Dame         | 48.8534 | 2.3488 | 75004 | Notre-Dame
`,
  `
tourism=attraction  | Eiffel Tower / Tour Eiffel           | 48.8582599 | 2.2945006 | 5   | Avenue Anatole France     | wikidata=Q243 ~ website=https://tour.example/ ~ opening_hours=Mo-Su 09:30-23:45
tourism=museum      | Louvre Museum / Musée du Louvre      | 48.8611473 | 2.3380277 |     | Rue de Rivoli             | wikidata=Q19675 ~ opening_hours=Mo,We-Su 09:00-18:00; Tu off
amenity=place_of_worship | Cathedral of Notre Dame / Notre-Dame de Paris | 48.8529371 | 2.3500501 | 6 | Parvis Notre-Dame | wikidata=Q2981
railway=station     | Paris Gare du Nord / Gare du Nord    | 48.8809481 | 2.3553137 | 18  | Rue de Dunkerque          | operator=SNCF ~ wheelchair=yes
railway=station     | Paris Gare de Lyon / Gare de Lyon    | 48.8444734 | 2.3735210 | 20  | Place Louis Armand        | operator=SNCF
amenity=restaurant  | Chez Marie                           | 48.8852000 | 2.3385000 | 12  | Rue des Abbesses          | phone=+33 1 99 00 12 34 ~ website=https://chez-marie.example/ ~ email=table@chez-marie.example ~ opening_hours=Tu-Sa 12:00-14:30,19:00-22:30; Su 12:00-15:00; Mo off ~ cuisine=french ~ reservation=recommended
amenity=restaurant  | Le Petit Pont                        | 48.8531000 | 2.3462000 | 3   | Boulevard Saint-Germain   | phone=+33 1 99 00 15 67 ~ opening_hours=Mo-Su 12:00-23:00 ~ cuisine=french ~ reservation=yes
amenity=restaurant  | Couscous du Marais                   | 48.8648000 | 2.3778000 | 77  | Rue Oberkampf             | website=https://couscous-marais.example/ ~ opening_hours=Tu-Su 18:30-23:30 ~ cuisine=moroccan
amenity=restaurant  | La Table d'Anatole                   | 48.8569000 | 2.2966000 | 21  | Avenue Anatole France     | phone=+33 1 99 00 18 90 ~ website=https://table-anatole.example/ ~ cuisine=french ~ reservation=required ~ reservation:website=https://table-anatole.example/reserver
amenity=cafe        | Café des Abbesses                    | 48.8847000 | 2.3379000 | 1   | Rue des Abbesses          | opening_hours=Mo-Su 07:00-22:00
amenity=bakery      | Boulangerie Oberkampf                | 48.8655000 | 2.3801000 | 102 | Rue Oberkampf             | opening_hours=Mo-Fr 07:00-20:00; Sa 07:30-19:00
tourism=hotel       | Hôtel des Deux Gares                 | 48.8801000 | 2.3561000 | 26  | Rue de Dunkerque          | phone=+33 1 99 00 21 00 ~ website=https://deux-gares.example/
`,
);
