import first from "./migrations/0001_first.sql" with { type: "text" };
import people from "./migrations/0002_people.sql" with { type: "text" };
import policy from "./migrations/0003_policy.sql" with { type: "text" };
import fourth from "./migrations/0004_placeholder.sql" with { type: "text" };
import fifth from "./migrations/0005_placeholder.sql" with { type: "text" };
import savedPlaces from "./migrations/0006_saved_places.sql" with { type: "text" };

/** In order; a file's place here is the version it leads to. A landed file never changes. */
export const migrations: readonly string[] = [first, people, policy, fourth, fifth, savedPlaces];
