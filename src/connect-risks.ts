import { accountsAtRisk, leftUnwarned } from './domain/alerts/account-risk.ts';
import type { Finding } from './domain/alerts/finding.ts';
import type { UsageHistory } from './domain/alerts/usage-drop.ts';
import type { HealthDesk } from './domain/health/desk.ts';
import { type AccountSigns, holidaysAmong, type SignsAt } from './domain/health/signs.ts';
import { dateAt, dayNameAt, startOfDayAt } from './domain/periods/calendar.ts';
import type { Money } from './domain/types.ts';
import type { AlertFacts } from './store/alert-facts.ts';
import type { AlertBook } from './store/alerts.ts';
import type { Store } from './store/open-store.ts';
import { createRiskFacts } from './store/risk-facts.ts';

/** What the watch is told of risks besides its own facts. */
export interface RiskSources {
  mrr(nowAt: number): Promise<ReadonlyMap<string, Money>>;
  greenButLeft: HealthDesk['greenButLeft'];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** How long a departure that nobody warned of is worth a review. */
const DEPARTURE_DAYS = 14;

/** Looks for signs that accounts may leave: at each new day, each hour, and whenever a ticket has come. */
export function createRiskWatch(parts: {
  store: Store;
  book: AlertBook;
  facts: Pick<AlertFacts, 'usage'>;
  tz: string;
  sources: RiskSources;
}): (nowAt: number) => Promise<Finding[]> {
  const { store, book, facts, tz, sources } = parts;
  const risk = createRiskFacts(store);
  let seen: { at: number; stamp: string } | null = null;

  async function signs(nowAt: number): Promise<{ accounts: AccountSigns[]; at: SignsAt }> {
    const history = await facts.usage(nowAt);
    const { days } = history;
    const today = startOfDayAt(dateAt(nowAt, tz), tz);
    const [weekAt, monthAt] = [days.at(-7) ?? today, days.at(-35) ?? today];
    const troubled = [...history.troubled].flatMap((index) => days[index] ?? []);
    const [week, before, tickets, visits, mrr, incidents] = await Promise.all([
      risk.errors({ startAt: weekAt, endAt: today }, troubled),
      risk.errors({ startAt: monthAt, endAt: weekAt }, troubled),
      risk.tickets(nowAt),
      risk.visits(nowAt),
      sources.mrr(nowAt),
      incidentsSince(store, monthAt),
    ]);
    const none = { calls: 0, errors: 0 };
    const accounts = history.customers.map(({ id, name, live, calls }): AccountSigns => {
      const visit = visits.get(id);
      return {
        ...{ id, name, live, calls },
        mrr: mrr.get(id) ?? null,
        errors: { week: week.get(id) ?? none, before: before.get(id) ?? none },
        tickets: tickets.get(id) ?? [],
        ownerSeenAt: visit?.owner ?? null,
        othersSeenAt: visit?.others ?? null,
      };
    });
    const holidays = holidaysAmong(days, tz);
    return { accounts, at: { nowAt, tz, days, troubled: history.troubled, holidays, incidents } };
  }

  async function departures(nowAt: number, names: UsageHistory['customers']): Promise<Finding[]> {
    const left = await sources.greenButLeft({ startAt: nowAt - DEPARTURE_DAYS * DAY_MS, endAt: nowAt + 1 });
    const nameOf = new Map(names.map(({ id, name }) => [id, name]));
    const open = new Set(book.openSubjects('account_risk', 'departure'));
    const named = left.map((one) => ({ ...one, name: nameOf.get(one.customerId) ?? one.customerId }));
    return leftUnwarned(named, open, tz);
  }

  return async function accountRisks(nowAt) {
    const stamp = `${dayNameAt(nowAt, tz)} ${await risk.ticketStamp()}`;
    if (seen?.stamp === stamp && nowAt - seen.at < HOUR_MS) return [];
    const { accounts, at } = await signs(nowAt);
    const open = new Set(book.openSubjects('account_risk', 'customer'));
    const findings = accountsAtRisk(accounts, open, at);
    const departed = await departures(nowAt, (await facts.usage(nowAt)).customers);
    seen = { at: nowAt, stamp };
    return [...findings, ...departed];
  };
}

async function incidentsSince({ db }: Pick<Store, 'db'>, sinceAt: number): Promise<SignsAt['incidents']> {
  return db
    .selectFrom('incidents')
    .select(['started_at as startedAt', 'ended_at as endedAt'])
    .where('severity', 'in', ['major', 'critical'])
    .where((is) => is.or([is('ended_at', 'is', null), is('ended_at', '>=', sinceAt)]))
    .execute();
}
