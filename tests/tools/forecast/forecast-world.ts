import type { MetricFacts } from '../../../src/domain/metrics/facts.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { createForecastLedger } from '../../../src/store/forecasts.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import { givenFacts, version } from '../../domain/metrics/given-facts.ts';
import { quietPorts } from '../../quiet-ports.ts';

const tz = 'America/Los_Angeles';
const DAY_MS = 86_400_000;
const MONTH_MS = 30.4 * DAY_MS;

function refuse(): never {
  throw new Error('not part of this test');
}

/** A company that wins two customers a month at about $500, and loses one every fourth month after another four. */
function versions(months: number, nowAt: number) {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const startAt = nowAt - months * MONTH_MS;
  return Array.from({ length: months * 2 }, (_zero, index) => {
    const fromAt = startAt + Math.floor(index / 2) * MONTH_MS + (index % 2) * 9 * DAY_MS;
    const lostAt = index % 8 === 3 ? fromAt + 4 * MONTH_MS : Number.POSITIVE_INFINITY;
    const until = lostAt < nowAt ? day(lostAt) : null;
    return version(`psz_${index}`, day(fromAt), until, { unitAmountMinor: 50_000 + (index % 5) * 1_000 });
  });
}

export function forecastWorld(months = 26) {
  const store = openStore(':memory:');
  const clock = { at: Date.parse('2026-11-22T22:30:00Z') };
  const facts: MetricFacts = givenFacts(versions(months, clock.at));
  const context = (): ToolContext => {
    const now = fixedClock(clock.at);
    return {
      principal: { kind: 'user', teamId: 'T', userId: 'U', name: 'Ann', email: null, roles: ['founder'], tz },
      place: { teamId: 'T', channelId: 'D', threadTs: '1', kind: 'dm', internalOnly: true },
      company: { name: 'PsiZero', currency: 'USD', tz },
      clock: now,
      signal: new AbortController().signal,
      facts,
      customers: { get: refuse, resolve: refuse, search: refuse, mentionedIn: refuse },
      sources: {
        status: refuse,
        freshness: async (sources) =>
          sources.map((source) => ({ source, throughAt: clock.at, stale: false })),
        refresh: async () => undefined,
      },
      records: {
        listInvoices: refuse,
        getInvoice: refuse,
        listPayments: refuse,
        getPayment: refuse,
        listTickets: refuse,
        listSubscriptions: refuse,
        listContacts: refuse,
      },
      payments: { getPayment: refuse, getInvoice: refuse, createRefund: refuse, findRefund: refuse },
      mail: { send: refuse },
      approvals: { list: refuse, audit: refuse, colleagues: refuse },
      ...quietPorts,
      forecasts: createForecastLedger({ store, clock: now }),
    };
  };
  return { store, clock, context };
}
