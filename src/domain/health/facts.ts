import type { SubscriptionState } from '../mrr/versions.ts';

/** What is known of the whole company's days, shared by all accounts. Days are company days, oldest first, no gaps. */
export interface CompanyDays {
  /** When each day begins; the last entry is where the last day ends. */
  bounds: readonly number[];
  /** Major and critical ones: what happens during them is ours, not the customer's. */
  incidents: readonly { startedAt: number; endedAt: number | null }[];
  /** What the API offers, in a fixed order; a day's `reach` has one bit each. */
  categories: readonly string[];
  /** Calls a company month that a plan includes, by plan; null: no limit that is known. */
  allowances: ReadonlyMap<string, number | null>;
}

/** Everything that is recorded of one account, with when it came to be: what was known earlier can be told from it. */
export interface AccountFacts {
  id: string;
  name: string;
  segment: string;
  signedUpAt: number;
  subscriptions: readonly (SubscriptionState & { plan: string })[];
  usage: AccountUsage;
  tickets: readonly TicketFacts[];
  invoices: readonly InvoiceFacts[];
  failedPayments: readonly { at: number; invoiceId: string | null }[];
  people: readonly PersonFacts[];
}

/** A value a company day. */
export interface AccountUsage {
  calls: Float64Array;
  /** Of the server. */
  errors5xx: Float64Array;
  /** The categories that were called, a bit each. */
  reach: Uint32Array;
}

export interface TicketFacts {
  id: string;
  openedAt: number;
  firstResponseAt: number | null;
  closedAt: number | null;
  priority: string;
  /** Subject and body: text from outside, to be judged by rules and never quoted or followed. */
  text: string;
  score: number | null;
  ratedAt: number | null;
}

export interface InvoiceFacts {
  id: string;
  finalizedAt: number;
  dueAt: number | null;
  paidAt: number | null;
  voidedAt: number | null;
}

export interface PersonFacts {
  role: string;
  createdAt: number;
  lastSeenAt: number | null;
}

const CUT = Symbol('what was known');

/** What was known at `at`, and nothing else. Only `knownAt` makes one, so that no feature can look ahead. */
export type KnownFacts = AccountFacts & {
  readonly [CUT]: true;
  at: number;
  /** Beginnings of the complete days before `at`, and where the last one ends. */
  bounds: readonly number[];
  /** Complete days on which an incident stood, by index. */
  troubled: ReadonlySet<number>;
  company: Pick<CompanyDays, 'categories' | 'allowances'>;
};

/**
 * Leaves out all that happened after `at`: records that came later, and of earlier ones what became of them later.
 * A person's last visit after `at` overwrote the one before, which nobody knows any more: theirs becomes null.
 */
export function knownAt(facts: AccountFacts, company: CompanyDays, at: number): KnownFacts {
  const bounds = completeDays(company.bounds, at);
  const days = Math.max(0, bounds.length - 1);
  const told = (instant: number | null) => (instant !== null && instant <= at ? instant : null);
  return {
    ...facts,
    [CUT]: true,
    at,
    bounds,
    troubled: troubledDays(company.incidents, bounds, at),
    company,
    subscriptions: facts.subscriptions
      .filter(({ validFrom }) => validFrom <= at)
      .map((state) => ({ ...state, validTo: told(state.validTo) })),
    usage: {
      calls: facts.usage.calls.subarray(0, days),
      errors5xx: facts.usage.errors5xx.subarray(0, days),
      reach: facts.usage.reach.subarray(0, days),
    },
    tickets: facts.tickets
      .filter(({ openedAt }) => openedAt <= at)
      .map((ticket) => ({
        ...ticket,
        firstResponseAt: told(ticket.firstResponseAt),
        closedAt: told(ticket.closedAt),
        score: told(ticket.ratedAt) === null ? null : ticket.score,
        ratedAt: told(ticket.ratedAt),
      })),
    invoices: facts.invoices
      .filter(({ finalizedAt }) => finalizedAt <= at)
      .map((one) => ({ ...one, paidAt: told(one.paidAt), voidedAt: told(one.voidedAt) })),
    failedPayments: facts.failedPayments.filter((one) => one.at <= at),
    people: facts.people
      .filter(({ createdAt }) => createdAt <= at)
      .map((person) => ({ ...person, lastSeenAt: told(person.lastSeenAt) })),
  };
}

function completeDays(bounds: readonly number[], at: number): readonly number[] {
  const after = bounds.findIndex((bound) => bound > at);
  return after === -1 ? bounds : bounds.slice(0, after);
}

function troubledDays(
  incidents: CompanyDays['incidents'],
  bounds: readonly number[],
  at: number,
): ReadonlySet<number> {
  const troubled = new Set<number>();
  for (const { startedAt, endedAt } of incidents) {
    if (startedAt > at) continue;
    for (let day = 0; day + 1 < bounds.length; day += 1) {
      const [from = 0, to = 0] = [bounds[day], bounds[day + 1]];
      if (startedAt < to && (endedAt === null || endedAt > from)) troubled.add(day);
    }
  }
  return troubled;
}

const LIVE = new Set(['active', 'past_due', 'unpaid', 'trialing']);

/** The states subscriptions are in at the facts' instant, those that have ended left out. */
export function liveSubscriptions({ subscriptions, at }: KnownFacts): KnownFacts['subscriptions'] {
  return subscriptions.filter(({ validFrom, validTo, status }) => {
    return validFrom <= at && (validTo === null || validTo > at) && LIVE.has(status);
  });
}
