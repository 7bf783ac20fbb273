import { addMoney } from '../money/arithmetic.ts';
import { exponentOf } from '../money/exponents.ts';
import { formatMoney } from '../money/format.ts';
import { dateAt } from '../periods/calendar.ts';
import { describeDays } from '../periods/describe-period.ts';
import type { Alert, AlertKind } from './alert.ts';

type Told = Pick<Alert, 'kind' | 'subject' | 'amount' | 'lastSeenAt' | 'title' | 'count'>;

const PLURAL: Readonly<Record<AlertKind, string>> = {
  payment_failed: 'customers have failed payments',
  usage_drop: 'customers call far less than usual',
  account_risk: 'customers may leave',
  error_spike: 'signs of trouble on the platform',
  source_stale: 'sources are behind',
  data_quality: 'checks of the data fail',
  approval_expiring: 'approvals expire soon, undecided',
  run_failed: 'runs have failed',
};

/** What the sum of their amounts is. */
const SUM_WORDS: Readonly<Partial<Record<AlertKind, string>>> = {
  payment_failed: ' unpaid',
  account_risk: ' MRR at stake',
};

/** One line for several alerts of a kind: "23 customers have failed payments, $14,200.00 unpaid, seen ...". */
export function groupTitle(kind: AlertKind, alerts: readonly Told[], tz: string): string {
  const sums = totals(alerts);
  const money = sums.length === 0 ? '' : `, ${spoken(sums)}${SUM_WORDS[kind] ?? ' in all'}`;
  return `${alerts.length} ${PLURAL[kind]}${money}, ${when(alerts, tz)}.`;
}

/** Those named on the card: the largest sums first, the newest where there are none. */
export function mostPressing<T extends Told>(alerts: readonly T[], limit: number): T[] {
  return [...alerts].sort((a, b) => size(b) - size(a) || b.lastSeenAt - a.lastSeenAt).slice(0, limit);
}

/** In whole units, so that yen do not outrank dollars a hundredfold; currencies are not converted. */
function size({ amount }: Told): number {
  return amount === null ? 0 : amount.minor / 10 ** exponentOf(amount.currency);
}

function spoken(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}` : last;
}

/** One sum a currency, the largest first: amounts are never added across currencies. */
function totals(alerts: readonly Told[]): string[] {
  const amounts = alerts.flatMap(({ amount }) => amount ?? []);
  return [...new Set(amounts.map(({ currency }) => currency))]
    .map((currency) =>
      addMoney(
        currency,
        amounts.filter((amount) => amount.currency === currency),
      ),
    )
    .sort((a, b) => b.minor - a.minor)
    .map(formatMoney);
}

function when(alerts: readonly Told[], tz: string): string {
  const seen = alerts.map(({ lastSeenAt }) => lastSeenAt);
  const [first, last] = [Math.min(...seen), Math.max(...seen)];
  return describeDays(dateAt(first, tz), dateAt(last, tz));
}

/** What "Ask Psi about it" asks. */
export function questionAbout(alerts: readonly Pick<Alert, 'kind' | 'subject'>[]): string {
  const [first, another] = alerts;
  if (!first) return 'any alerts?';
  if (another) return GROUP_QUESTIONS[first.kind];
  const { kind, subject } = first;
  if (kind === 'payment_failed') return `last payments of ${subject.name}`;
  if (kind === 'usage_drop') return `api calls of ${subject.name} by day last 14 days`;
  if (kind === 'account_risk' && subject.kind === 'customer') return `why is ${subject.name} at risk?`;
  return GROUP_QUESTIONS[kind];
}

const GROUP_QUESTIONS: Readonly<Record<AlertKind, string>> = {
  payment_failed: 'list failed payments this month',
  usage_drop: 'api calls by day last 14 days',
  account_risk: 'who is at risk?',
  error_spike: 'error rate by day last 7 days',
  source_stale: 'any alerts?',
  data_quality: 'any alerts?',
  approval_expiring: 'list pending approvals',
  run_failed: 'any alerts?',
};
