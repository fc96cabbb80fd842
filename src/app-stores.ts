import type { Conceal } from "./core/conceal.ts";
import type { Settings } from "./settings.ts";
import { createApiTokenStore } from "./store/api-token.ts";
import { createApprovalStore } from "./store/approval.ts";
import { createAuditStore } from "./store/audit.ts";
import { createBookingStore } from "./store/booking.ts";
import { createClientStore } from "./store/client.ts";
import { createConfirmationStore } from "./store/confirmation.ts";
import { createConnectTicketStore } from "./store/connect-ticket.ts";
import type { Database } from "./store/database.ts";
import { createDeviceStore } from "./store/device.ts";
import { createEventStore } from "./store/event.ts";
import { createGrantStore } from "./store/grant.ts";
import { createIdempotencyStore } from "./store/idempotency.ts";
import { createLeaseStore } from "./store/lease.ts";
import { createLoginFlowStore } from "./store/login-flow.ts";
import { createMessageStore } from "./store/message.ts";
import { createPaceStore } from "./store/pace.ts";
import { createPairingStore } from "./store/pairing.ts";
import { createPolicyRuleStore } from "./store/policy-rule.ts";
import { createProviderHealthStore } from "./store/provider-health.ts";
import { createQuotaStore } from "./store/quota.ts";
import { createSavedPlaceStore } from "./store/saved-place.ts";
import { createSessionStore } from "./store/session.ts";
import { createToolConfigStore } from "./store/tool-config.ts";
import { createUsageStore } from "./store/usage.ts";
import { createUserStore } from "./store/user.ts";

/** Everything that is kept, behind the interfaces of the domain. */
export function openStores(database: Database, settings: Settings, conceal: Conceal, now: () => Date) {
  const { durable } = database;
  return {
    users: createUserStore(durable),
    configs: createToolConfigStore(durable),
    usage: createUsageStore(database),
    audit: createAuditStore(database),
    events: createEventStore(durable),
    grants: createGrantStore(durable),
    flows: createLoginFlowStore(durable),
    leases: createLeaseStore(durable),
    messages: createMessageStore(durable),
    quotas: createQuotaStore(durable),
    approvals: createApprovalStore(durable, now),
    confirmations: createConfirmationStore(durable),
    idempotency: createIdempotencyStore(durable),
    policyRules: createPolicyRuleStore(durable),
    places: createSavedPlaceStore(durable),
    bookings: createBookingStore(durable),
    pace: createPaceStore(durable, now),
    health: createProviderHealthStore(database, conceal),
    sessions: createSessionStore(database),
    tokens: createApiTokenStore(database),
    devices: createDeviceStore(database),
    pairings: createPairingStore(durable),
    clients: createClientStore(database),
    connectTickets: createConnectTicketStore(durable),
    now,
    approvalLifeMs: settings.number("APPROVAL_MINUTES") * 60_000,
  };
}
