/** A place of the stand-ins' small world. */
export interface City {
  id: number;
  name: string;
  /** Other names by which it is found. */
  alternates: readonly string[];
  latitude: number;
  longitude: number;
  /** Metres above the sea. */
  elevation: number;
  featureCode: string;
  countryCode: string;
  country: string;
  countryId: number;
  admin1: string;
  admin1Id: number;
  admin2?: string;
  timeZone: string;
  population: number;
}

/**
 * The largest first, as the real geocoder tends to answer. Columns: id, name, other name, latitude, longitude,
 * elevation, feature code, country code, admin1, its id, admin2, time zone, population.
 */
const table = `
1275339 | Mumbai | Bombay | 19.07283 | 72.88261 | 14 | PPLA | IN | Maharashtra | 1264418 | Mumbai Suburban | Asia/Kolkata | 12691836
3448439 | São Paulo |  | -23.5475 | -46.63611 | 769 | PPLA | BR | São Paulo | 3448433 | São Paulo | America/Sao_Paulo | 10021295
2643743 | London | Londres | 51.50853 | -0.12574 | 25 | PPLC | GB | England | 6269131 | Greater London | Europe/London | 8961989
5128581 | New York | New York City|NYC|NY | 40.71427 | -74.00597 | 10 | PPL | US | New York | 5128638 |  | America/New_York | 8804190
1850147 | Tokyo | 東京|Tokio | 35.6895 | 139.69171 | 44 | PPLC | JP | Tokyo | 1850144 |  | Asia/Tokyo | 8336599
360630 | Cairo | القاهرة | 30.06263 | 31.24967 | 23 | PPLC | EG | Cairo | 360631 |  | Africa/Cairo | 9606916
2147714 | Sydney |  | -33.86785 | 151.20732 | 58 | PPLA | AU | New South Wales | 2155400 | City of Sydney | Australia/Sydney | 5557233
184745 | Nairobi |  | -1.28333 | 36.81667 | 1683 | PPLC | KE | Nairobi County | 184742 |  | Africa/Nairobi | 4397073
2950159 | Berlin |  | 52.52437 | 13.41053 | 74 | PPLC | DE | State of Berlin | 2950157 |  | Europe/Berlin | 3426354
2988507 | Paris |  | 48.85341 | 2.3488 | 42 | PPLC | FR | Île-de-France | 3012874 | Paris | Europe/Paris | 2138551
3143244 | Oslo | Christiania | 59.91273 | 10.74609 | 26 | PPLC | NO | Oslo | 3143242 | Oslo | Europe/Oslo | 580000
3413829 | Reykjavík |  | 64.13548 | -21.89541 | 37 | PPLC | IS | Capital Region | 3426182 | Reykjavíkurborg | Atlantic/Reykjavik | 118918
4409896 | Springfield |  | 37.21533 | -93.29824 | 396 | PPLA2 | US | Missouri | 4398678 | Greene | America/Chicago | 170188
4951788 | Springfield |  | 42.10148 | -72.58981 | 25 | PPL | US | Massachusetts | 6254926 | Hampden | America/New_York | 154341
4250542 | Springfield |  | 39.80172 | -89.64371 | 182 | PPLA | US | Illinois | 4896861 | Sangamon | America/Chicago | 114394
5754005 | Springfield |  | 44.04624 | -123.02203 | 139 | PPL | US | Oregon | 5744337 | Lane | America/Los_Angeles | 60870
4717560 | Paris |  | 33.66094 | -95.55551 | 183 | PPLA2 | US | Texas | 4736286 | Lamar | America/Chicago | 24782
6058560 | London |  | 42.98339 | -81.23304 | 252 | PPL | CA | Ontario | 6093943 | Middlesex County | America/Toronto | 346765
`;

const countries: Record<string, [name: string, id: number]> = {
  AU: ["Australia", 2077456],
  BR: ["Brazil", 3469034],
  CA: ["Canada", 6251999],
  DE: ["Germany", 2921044],
  EG: ["Egypt", 357994],
  FR: ["France", 3017382],
  GB: ["United Kingdom", 2635167],
  IN: ["India", 1269750],
  IS: ["Iceland", 2629691],
  JP: ["Japan", 1861060],
  KE: ["Kenya", 192950],
  NO: ["Norway", 3144096],
  US: ["United States", 6252001],
};

export const cities: readonly City[] = table.trim().split("\n").map(toCity);

function toCity(line: string): City {
  const cells = line.split(" | ").map((cell) => cell.trim());
  const [id, name = "", alternates = "", latitude, longitude, elevation, featureCode = "", countryCode = ""] = cells;
  const [admin1 = "", admin1Id, admin2 = "", timeZone = "", population] = cells.slice(8);
  const [country, countryId] = countries[countryCode] ?? [countryCode, 0];
  return {
    id: Number(id),
    name,
    alternates: alternates.split("|").filter(Boolean),
    latitude: Number(latitude),
    longitude: Number(longitude),
    elevation: Number(elevation),
    featureCode,
    countryCode,
    country,
    countryId,
    admin1,
    admin1Id: Number(admin1Id),
    ...(admin2 ? { admin2 } : {}),
    timeZone,
    population: Number(population),
  };
}

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Places of this name, and from three letters on those whose name only begins like it. */
export function findCities(text: string): City[] {
  const wanted = plain(text);
  if (wanted.length < 2) return [];
  const fits = (name: string): boolean =>
    wanted.length === 2 ? plain(name) === wanted : plain(name).startsWith(wanted);
  return cities.filter(({ name, alternates }) => [name, ...alternates].some(fits));
}

/** The city whose land a point lies in; undefined far from all of them. */
export function cityNear(latitude: number, longitude: number): City | undefined {
  const distance = (city: City): number => Math.hypot(city.latitude - latitude, city.longitude - longitude);
  const nearest = cities.reduce((best, city) => (distance(city) < distance(best) ? city : best));
  return distance(nearest) < 2 ? nearest : undefined;
}
