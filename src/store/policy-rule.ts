import type { PolicyRule, PolicyRuleStore } from "../core/policy.ts";
import type { Connection } from "./database.ts";

interface Row {
  entrance: PolicyRule["entrance"];
  effect: PolicyRule["effect"];
  tool_id: string;
  credential_id: string;
  decision: PolicyRule["decision"];
}

export function createPolicyRuleStore(db: Connection): PolicyRuleStore {
  return {
    list: async (userId) => db.kept(`policy ${userId}`, () => list(db, userId)),
    async set(userId, rule) {
      db.run(
        `INSERT INTO policy_rules (user_id, entrance, effect, tool_id, credential_id, decision) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_id, entrance, effect, tool_id, credential_id) DO UPDATE SET decision = excluded.decision`,
        userId,
        rule.entrance,
        rule.effect,
        rule.tool,
        rule.credential,
        rule.decision,
      );
    },
    unset: async (userId, rule) =>
      db.run(
        "DELETE FROM policy_rules WHERE user_id = ? AND entrance = ? AND effect = ? AND tool_id = ? AND credential_id = ?",
        userId,
        rule.entrance,
        rule.effect,
        rule.tool,
        rule.credential,
      ) > 0,
  };
}

const list = (db: Connection, userId: string): PolicyRule[] =>
  db
    .all<Row>(
      "SELECT entrance, effect, tool_id, credential_id, decision FROM policy_rules WHERE user_id = ? ORDER BY entrance, effect, tool_id, credential_id",
      userId,
    )
    .map((row) => ({
      entrance: row.entrance,
      effect: row.effect,
      tool: row.tool_id,
      credential: row.credential_id,
      decision: row.decision,
    }));
