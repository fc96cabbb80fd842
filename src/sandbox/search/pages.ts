/** A page that the sandbox's web has. */
export interface Page {
  title: string;
  url: string;
  text: string;
}

const wiki = (title: string, text: string): Page => ({
  title,
  url: `https://en.wikipedia.org/wiki/${title.replaceAll(" ", "_")}`,
  text,
});

const page = (title: string, url: string, text: string): Page => ({ title, url, text });

/** A small web: what people ask about when they try a search. */
export const pages: readonly Page[] = [
  wiki(
    "Neapolitan pizza",
    "Neapolitan pizza is a style of pizza made with tomatoes and mozzarella cheese. It is baked for 60 to 90 seconds in a wood-fired oven.",
  ),
  page(
    "The best pizza in Naples, by the people who live there",
    "https://www.italia.it/en/campania/naples/pizza",
    "Where to eat pizza in Naples: the old pizzerias of Via dei Tribunali, what a margherita costs, and when the queue is short.",
  ),
  page(
    "Pizza dough recipe",
    "https://www.kingarthurbaking.com/recipes/neapolitan-style-pizza-crust-recipe",
    "A pizza dough of four ingredients that rests a day in the cold, with the weights in grams.",
  ),
  wiki(
    "Sourdough",
    "Sourdough is a type of bread that uses the fermentation by naturally occurring yeast and lactobacillus bacteria to raise the dough.",
  ),
  page(
    "Sourdough bread for beginners",
    "https://www.theperfectloaf.com/beginners-sourdough-bread/",
    "Make a sourdough starter in a week and bake your first bread: timetable, temperatures and what can go wrong.",
  ),
  wiki(
    "SQLite",
    "SQLite is a free and open-source relational database engine written in C. It is a library that developers embed in their apps.",
  ),
  page(
    "Write-Ahead Logging",
    "https://www.sqlite.org/wal.html",
    "The default method by which SQLite implements atomic commit is a rollback journal. WAL, the write-ahead log, lets readers and a writer work at the same time.",
  ),
  wiki(
    "Python (programming language)",
    "Python is a high-level, general-purpose programming language. Its design philosophy emphasizes code readability.",
  ),
  page(
    "The Python Tutorial",
    "https://docs.python.org/3/tutorial/",
    "An informal introduction to Python, the programming language: numbers, text, lists, functions, modules and errors.",
  ),
  wiki(
    "TypeScript",
    "TypeScript is a high-level programming language that adds static typing with optional type annotations to JavaScript.",
  ),
  page(
    "TypeScript: The handbook",
    "https://www.typescriptlang.org/docs/handbook/intro.html",
    "The TypeScript handbook explains the language to everyday programmers, from basic types to generics.",
  ),
  wiki(
    "Bun (software)",
    "Bun is a JavaScript runtime, package manager, test runner and bundler built from scratch using the Zig programming language.",
  ),
  wiki(
    "Curiosity (rover)",
    "Curiosity is a car-sized Mars rover that is exploring Gale crater and Mount Sharp as part of NASA's Mars Science Laboratory mission.",
  ),
  page(
    "Mars Exploration: Perseverance",
    "https://science.nasa.gov/mission/mars-2020-perseverance/",
    "The Mars rover Perseverance looks for signs of ancient life and collects samples of rock. Latest news of the mission.",
  ),
  wiki(
    "Mars",
    'Mars is the fourth planet from the Sun. It is also known as the "Red Planet", for its orange-red appearance.',
  ),
  wiki(
    "Climate change",
    "Present-day climate change includes both global warming and its wider effects on Earth's climate system.",
  ),
  page(
    "Sixth Assessment Report: summary for policymakers",
    "https://www.ipcc.ch/report/ar6/syr/summary-for-policymakers/",
    "What the IPCC says of climate change: warming observed, impacts and risks, and ways to limit emissions & adapt.",
  ),
  wiki(
    "Heat pump",
    "A heat pump is a device that uses electric power to transfer heat from a colder place to a warmer place, and can heat a house.",
  ),
  page(
    "Heat pumps: how much do they cost and save?",
    "https://energysavingtrust.org.uk/advice/in-depth-guide-to-heat-pumps/",
    "What a heat pump costs to buy and to run, how it fits an old house, and which grants there are.",
  ),
  wiki(
    "Oslo",
    "Oslo is the capital and most populous city of Norway. It constitutes both a county and a municipality.",
  ),
  page(
    "What to do in Oslo",
    "https://www.visitoslo.com/en/activities-and-attractions/",
    "The official guide to Oslo: museums, the opera house, saunas on the fjord, and the Oslo Pass.",
  ),
  wiki(
    "New York City",
    "New York, often called New York City, is the most populous city in the United States, at the southern tip of New York State.",
  ),
  page(
    "NYC's official guide",
    "https://www.nyctourism.com/things-to-do/",
    "Things to do in New York City: museums, restaurants, Broadway, parks, and a map of the subway.",
  ),
  wiki(
    "Louvre",
    "The Louvre is a national art museum in Paris, France, and one of the most famous museums in the world.",
  ),
  page(
    "Louvre: hours and admission",
    "https://www.louvre.fr/en/visit/hours-admission",
    "Opening hours of the Louvre in Paris, prices of tickets, and when admission is free. Closed on Tuesdays.",
  ),
  wiki(
    "Coffee",
    "Coffee is a beverage brewed from roasted, ground coffee beans. It has the highest sales in the world market for hot drinks.",
  ),
  page(
    "How to brew filter coffee",
    "https://www.scottishbarista.example/filter-coffee",
    "Filter coffee step by step: 60 g of coffee to a litre of water at 93 °C, ground to the size of sea salt.",
  ),
  wiki(
    "Vitamin D",
    "Vitamin D is a group of structurally related, fat-soluble compounds responsible for the absorption of calcium.",
  ),
  page(
    "Vitamin D - NHS",
    "https://www.nhs.uk/conditions/vitamins-and-minerals/vitamin-d/",
    "Vitamin D helps regulate the amount of calcium and phosphate in the body. Who should take a supplement, and how much.",
  ),
  wiki(
    "Chess",
    "Chess is a board game for two players. It is played on a square board of 64 squares arranged in an 8×8 grid.",
  ),
  page(
    "Chess openings explained",
    "https://lichess.org/opening",
    "Explore chess openings with statistics of millions of games, from the Italian to the King's Indian.",
  ),
  wiki(
    "Electric car",
    "An electric car is a passenger automobile that is propelled by an electric traction motor, using electrical energy as the primary source.",
  ),
  page(
    "Electric cars compared",
    "https://ev-database.org/",
    "Range, price, charging time and battery of every electric car on sale, in one table.",
  ),
  wiki(
    "Jazz",
    "Jazz is a music genre that originated in the African-American communities of New Orleans in the late 19th and early 20th centuries.",
  ),
  page(
    "Jazz: where to begin listening",
    "https://www.npr.org/series/100920965/jazz-profiles",
    "Jazz profiles: Miles Davis, Ella Fitzgerald, Duke Ellington and John Coltrane, each in an hour of radio.",
  ),
  wiki(
    "Photosynthesis",
    "Photosynthesis is a system of biological processes by which photosynthetic organisms convert light energy into chemical energy.",
  ),
  wiki(
    "World Wide Web",
    "The World Wide Web is an information system that lets content be shared over the Internet through user-friendly ways.",
  ),
  page(
    "Model Context Protocol: introduction",
    "https://modelcontextprotocol.io/docs/getting-started/intro",
    "MCP, the Model Context Protocol, is an open standard for connecting AI applications to tools and data.",
  ),
  wiki(
    "Football at the Summer Olympics",
    "Football at the Summer Olympics has been included in every Summer Olympic Games as a men's competition sport, except 1896 and 1932.",
  ),
  page(
    "Football news and results",
    "https://www.uefa.com/news-media/",
    "News, results and tables of European football: Champions League, Europa League and the national teams.",
  ),
  wiki(
    "Bicycle",
    "A bicycle is a human-powered or motor-assisted, pedal-driven, single-track vehicle, with two wheels.",
  ),
  page(
    "How to fix a flat bicycle tyre",
    "https://www.parktool.com/en-us/blog/repair-help/inner-tube-repair",
    "Repair an inner tube of a bicycle: find the hole, patch it, and seat the tyre again.",
  ),
  wiki(
    "Tea",
    "Tea is an aromatic beverage prepared by pouring hot or boiling water over cured or fresh leaves of Camellia sinensis.",
  ),
  wiki(
    "Black hole",
    "A black hole is an astronomical body so compact that its gravity prevents anything, including light, from escaping.",
  ),
  page(
    "Passport renewal",
    "https://www.gov.uk/renew-adult-passport",
    "Renew or replace your adult passport: what it costs, how long it takes, and which photo you need.",
  ),
  page(
    "Learn Spanish for free",
    "https://www.bbc.co.uk/languages/spanish/",
    "Learn Spanish with courses, audio and video, grammar and vocabulary, from the first words on.",
  ),
];
