import type { KnownFacts } from '../facts.ts';
import { liveSubscriptions } from '../facts.ts';
import { type Feature, silent, value } from '../feature.ts';
import { DAY_MS, days, percent, since } from '../windows.ts';

/** A charge that is tried again within this long is no late payment yet. */
const GRACE_MS = 3 * DAY_MS;

export const paymentReliability: Feature = {
  name: 'payment_reliability',
  title: 'Payment reliability',
  window: 'invoices of the last 180 days',
  source: 'stripe',
  nullRule: 'says nothing where no invoice of the last 180 days has fallen due',
  measure(known) {
    const due = known.invoices.filter(
      (one) => one.finalizedAt >= since(known, 180) && one.voidedAt === null && hasFallenDue(one, known.at),
    );
    if (due.length === 0) return silent('no invoice has fallen due in 180 days');
    const failed = new Set(known.failedPayments.flatMap(({ invoiceId }) => invoiceId ?? []));
    const late = due.filter((one) => (one.paidAt ?? known.at) > dueAt(one) + GRACE_MS);
    const troubled = due.filter((one) => failed.has(one.id) || late.includes(one));
    const smooth = due.length - troubled.length;
    return value(
      smooth / due.length,
      troubled.length === 0
        ? `all ${due.length} invoices of 180 days paid at once`
        : `${troubled.length} of ${due.length} invoices of 180 days paid late, not paid, or after a failed charge`,
    );
  },
  scale: [
    [0, 0],
    [0.5, 35],
    [0.8, 70],
    [1, 100],
  ],
  lever: { effort: 1, say: (target) => `${percent(target)} of invoices paid at once` },
};

function dueAt({ dueAt: due, finalizedAt }: KnownFacts['invoices'][number]): number {
  return due ?? finalizedAt;
}

function hasFallenDue(invoice: KnownFacts['invoices'][number], at: number): boolean {
  return invoice.paidAt !== null || dueAt(invoice) + GRACE_MS <= at;
}

export const planMoves: Feature = {
  name: 'plan_moves',
  title: 'Upgrades and downgrades',
  window: 'price and quantity now against 180 days ago, or the beginning',
  source: 'supabase',
  nullRule: 'says nothing below 60 days of subscription',
  measure(known) {
    const now = monthly(liveSubscriptions(known));
    const first = Math.min(...known.subscriptions.filter(isPaid).map(({ validFrom }) => validFrom));
    if (!Number.isFinite(first) || known.at - first < 60 * DAY_MS)
      return silent('the subscription is younger than 60 days');
    const thenAt = Math.max(first, since(known, 180));
    const before = monthly(
      known.subscriptions.filter(
        ({ validFrom, validTo }) => validFrom <= thenAt && (validTo === null || validTo > thenAt),
      ),
    );
    if (before === 0 || now === 0) return silent('nothing was or is paid for');
    const change = now / before - 1;
    const words =
      Math.abs(change) < 0.005
        ? 'no upgrade or downgrade in 180 days'
        : `${change < 0 ? 'downgraded' : 'upgraded'} by ${percent(change)} a month in 180 days`;
    return value(change, words);
  },
  scale: [
    [-0.6, 0],
    [-0.05, 40],
    [0, 80],
    [0.25, 100],
  ],
  lever: null,
};

const isPaid = ({ status }: { status: string }) => status !== 'trialing' && status !== 'incomplete';

/** Minor units a month at list price; an account pays in one currency. */
function monthly(states: KnownFacts['subscriptions']): number {
  return states.filter(isPaid).reduce((sum, { unitAmountMinor, quantity, interval, intervalCount }) => {
    const months = interval === 'year' ? 12 * intervalCount : intervalCount;
    return sum + (unitAmountMinor * quantity) / Math.max(1, months);
  }, 0);
}

export const renewal: Feature = {
  name: 'renewal',
  title: 'Renewal',
  window: 'the term that runs now',
  source: 'supabase',
  nullRule: 'says nothing where the term is a month and nothing is cancelled',
  measure(known) {
    const live = liveSubscriptions(known);
    const leaving = live.filter(({ cancelAt }) => cancelAt !== null);
    if (leaving.length > 0 && leaving.length === live.length) {
      const endsAt = Math.min(...leaving.flatMap(({ cancelAt }) => cancelAt ?? []));
      const left = Math.max(0, Math.ceil((endsAt - known.at) / DAY_MS));
      return value(0, `cancelled, ends in ${days(left)}`);
    }
    const yearly = live.filter(({ interval }) => interval === 'year');
    if (yearly.length === 0) return silent('it renews by the month and nothing is cancelled');
    const left = Math.min(...yearly.map((state) => daysLeft(state, known)));
    return value(left, `the year renews in ${days(left)}`);
  },
  // Cancelled is 0; a year that is about to be decided on is not safe yet.
  scale: [
    [0, 0],
    [1, 55],
    [30, 65],
    [90, 95],
    [180, 100],
  ],
  lever: { effort: 4, say: () => 'the cancellation taken back, or the renewal signed' },
};

/** Until the term of whole years since the first paid state ends; renewals are not recorded as states of their own. */
function daysLeft(state: KnownFacts['subscriptions'][number], known: KnownFacts): number {
  const own = known.subscriptions.filter(
    (one) => one.subscriptionId === state.subscriptionId && one.interval === 'year' && isPaid(one),
  );
  const anchorAt = Math.min(...own.map(({ validFrom }) => validFrom));
  const term = 365.25 * state.intervalCount;
  const gone = ((known.at - anchorAt) / DAY_MS) % term;
  return Math.max(1, Math.ceil(term - gone));
}
