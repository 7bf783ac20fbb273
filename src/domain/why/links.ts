import type { IncidentFact, SubscriptionFact } from '../metrics/facts.ts';
import { dateAt, dayNameAt } from '../periods/calendar.ts';
import { describeDays, describeInstant } from '../periods/describe-period.ts';
import type { Period } from '../types.ts';
import { sentenceCount } from './words.ts';

/** Something that happened in the same time; nothing here says that it is why. */
export interface Link {
  kind: 'incident' | 'price_change' | 'plan_change' | 'alert';
  at: number;
  text: string;
}

/** As many customers on one day are a decision, not chance. */
const AT_ONCE = 3;

/** Days on which the price, or the plan, of several customers changed, from the versions of their subscriptions. */
export function changesAtOnce(versions: readonly SubscriptionFact[], within: Period): Link[] {
  const events = new Map<string, { kind: Link['kind']; at: number; what: string; customers: Set<string> }>();
  for (const [before, after] of successors(versions)) {
    if (after.validFrom < within.startAt || after.validFrom >= within.endAt) continue;
    const kind = kindOf(before, after);
    if (!kind) continue;
    const day = dayNameAt(after.validFrom, within.tz);
    const what = kind === 'price_change' ? after.plan : `${before.plan} to ${after.plan}`;
    const key = `${kind} ${day} ${what}`;
    const event = events.get(key) ?? { kind, at: after.validFrom, what, customers: new Set<string>() };
    event.customers.add(after.customerId);
    events.set(key, event);
  }
  return [...events.values()]
    .filter(({ customers }) => customers.size >= AT_ONCE)
    .sort((a, b) => b.customers.size - a.customers.size || a.at - b.at)
    .map(({ kind, at, what, customers }) => {
      const who = sentenceCount(customers.size, 'customer');
      const date = dateAt(at, within.tz);
      const day = describeDays(date, date);
      const text =
        kind === 'price_change'
          ? `the price of ${who} on ${what} changed on ${day}`
          : `${who} moved from ${what} on ${day}`;
      return { kind, at, text };
    });
}

/** Each version with the one of the same subscription that followed it at once. */
function successors(versions: readonly SubscriptionFact[]): [SubscriptionFact, SubscriptionFact][] {
  const bySubscription = new Map<string, SubscriptionFact[]>();
  for (const version of versions) {
    const own = bySubscription.get(version.subscriptionId);
    if (own) own.push(version);
    else bySubscription.set(version.subscriptionId, [version]);
  }
  return [...bySubscription.values()].flatMap((own) => {
    const ordered = [...own].sort((a, b) => a.validFrom - b.validFrom);
    return ordered.flatMap((after, index): [SubscriptionFact, SubscriptionFact][] => {
      const before = ordered[index - 1];
      return before && before.validTo === after.validFrom ? [[before, after]] : [];
    });
  });
}

function kindOf(before: SubscriptionFact, after: SubscriptionFact): 'price_change' | 'plan_change' | null {
  if (before.plan !== after.plan) return 'plan_change';
  const same =
    before.currency === after.currency &&
    before.interval === after.interval &&
    before.intervalCount === after.intervalCount;
  return same && before.unitAmountMinor !== after.unitAmountMinor ? 'price_change' : null;
}

/** Incidents of the time between, worst first then longest. */
export function incidentLinks(incidents: readonly IncidentFact[], within: Period, nowAt: number): Link[] {
  const length = ({ startedAt, endedAt }: IncidentFact) => Math.max(0, (endedAt ?? nowAt) - startedAt);
  return incidents
    .filter(({ startedAt, endedAt }) => startedAt < within.endAt && (endedAt ?? nowAt) > within.startAt)
    .sort((a, b) => length(b) - length(a) || a.startedAt - b.startedAt)
    .map((incident) => {
      const { startedAt, endedAt, title, severity } = incident;
      const name = `${severity} incident "${title}"`;
      const minutes = Math.round(length(incident) / 60_000);
      const lasted = endedAt === null ? 'not over yet' : sentenceCount(minutes, 'minute');
      return {
        kind: 'incident',
        at: startedAt,
        text: `${name} from ${describeInstant(startedAt, within.tz)}, ${lasted}`,
      };
    });
}
