import { againstWords, briefingDays, INSTANT_WORDS } from '../../../src/domain/briefing/days.ts';
import type { Gathered, GatheredNumber } from '../../../src/domain/briefing/gathered.ts';
import { BRIEFING_NUMBERS } from '../../../src/domain/briefing/readers.ts';
import { formatValue } from '../../../src/domain/metrics/format-value.ts';
import type { MetricUnit } from '../../../src/domain/metrics/metric.ts';
import type { Role } from '../../../src/domain/types.ts';

export const LA = 'America/Los_Angeles';
export const AT = Date.parse('2026-11-24T16:00:00Z');
export const DAYS = briefingDays(AT, LA);
const through = AT;

const VALUES: Record<string, [MetricUnit, number, [number | null, number | null, number | null]]> = {
  revenue_gross: ['money', 529_400, [383_400, 790_100, 114_200]],
  mrr: ['money', 26_376_669, [26_303_516, 26_172_484, 24_670_000]],
  active_customers: ['count', 259, [258, 254, 243]],
  signups: ['count', 3, [0, 2, null]],
  api_calls: ['count', 25_988_570, [47_300_120, 26_140_000, 45_600_000]],
  error_rate: ['ratio', 0.0366, [0.0007, 0.0006, 0.0008]],
  latency_p95: ['ms', 200, [200, 200, 210]],
  uptime: ['ratio', 1, [0.88125, 1, 1]],
  failed_payments: ['count', 2, [2, 1, 0]],
  receivables_overdue: ['money', 2_242_864, [2_245_087, 923_100, 1_447_900]],
  tickets_open: ['count', 15, [10, 4, 3]],
};

function numberOf(metric: string): GatheredNumber {
  const spec = BRIEFING_NUMBERS.find((one) => one.metric === metric);
  const [unit, amount, past] = VALUES[metric] ?? ['count', 0, [null, null, null]];
  if (!spec) throw new Error(metric);
  const words = Object.values(spec.kind === 'instant' ? INSTANT_WORDS : againstWords(DAYS));
  return {
    ...spec,
    unit,
    amount,
    text: formatValue({ name: metric, unit }, amount, 'USD'),
    queryId: `q_${metric}`,
    against: past.map((amount, index) => ({ words: words[index] ?? '', amount })),
    weekdays: spec.watched ? [past[1], ...Array(7).fill(past[1])] : [],
    freshness: [{ source: 'stripe', throughAt: through, stale: false }],
  };
}

/** A morning with something in every section. */
export function morning(role: Role = 'founder', over: Partial<Gathered> = {}): Gathered {
  return {
    reader: { teamId: 'T1', userId: 'U1', name: 'Ada Reader', roles: [role] },
    slot: { day: '2026-11-24', tz: LA, dueAt: AT, late: false },
    asOfAt: AT,
    company: { name: 'PsiZero', currency: 'USD', tz: LA },
    days: DAYS,
    bygone: false,
    previous: {
      asOfAt: AT - 86_400_000,
      amounts: new Map([
        ['mrr', 26_303_516],
        ['active_customers', 259],
        ['tickets_open', 10],
        ['receivables_overdue', 2_245_087],
      ]),
    },
    numbers: BRIEFING_NUMBERS.map(({ metric }) => numberOf(metric)),
    chart: {
      kind: 'chart',
      title: 'MRR by day',
      type: 'line',
      categories: Array.from({ length: 14 }, (_, day) => `Nov ${10 + day}, 2026`),
      series: [{ name: 'MRR', values: Array.from({ length: 14 }, (_, day) => 252_059.89 + day * 830) }],
      valueLabel: 'USD',
      alt: 'MRR by day, from $252,059.89 to $262,849.89',
    },
    newcomers: {
      names: ['Nimbus Payroll', 'Silvergate <b>Analytics</b>', 'Area 51 Labs', 'Fourth'],
      total: 5,
      queryId: 'q_new',
    },
    leavers: { names: ['Tidewater'], total: 1, queryId: 'q_lost' },
    decided: {
      rows: [
        { title: 'Refund $12.00 to Acme', state: 'applied' },
        { title: 'Remind Globex', state: 'expired' },
      ],
      queryId: 'q_done',
    },
    runs: [],
    waiting: [
      {
        approvalId: 'apr_1',
        batchId: null,
        title: 'Refund $999.00 to Acme <!channel>',
        requester: 'Priya Raman',
      },
      { approvalId: 'apr_2', batchId: 'bat_1', title: 'Remind Globex', requester: 'Lena Fischer' },
      { approvalId: 'apr_3', batchId: 'bat_1', title: 'Remind Tidewater', requester: 'Lena Fischer' },
    ],
    overdue: {
      total: 14,
      sums: [
        { minor: 722_480, currency: 'JPY' },
        { minor: 1_642_640, currency: 'USD' },
      ],
      sumsCoverAll: true,
      largest: {
        customer: 'Osaka Denki',
        invoice: '8TZUNRXC-0009',
        amount: { minor: 682_000, currency: 'JPY' },
        daysOverdue: 5,
      },
      queryId: 'q_overdue',
    },
    failed: {
      total: 2,
      rows: [
        {
          customer: 'Dunmore Textiles',
          amount: { minor: 113_037, currency: 'EUR' },
          declineCode: 'do_not_honor',
        },
        { customer: 'Okapi Studios', amount: { minor: 5_400, currency: 'EUR' }, declineCode: null },
      ],
      queryId: 'q_failed',
    },
    alerts: { total: 0, rows: [] },
    usage: {
      queryId: 'q_usage',
      moves: [
        { customerId: 'c1', customer: 'Glenline Travel', calls: 5_921_128, before: 4_522_922 },
        { customerId: 'c2', customer: 'Vantage Freight', calls: 464_124, before: 1_256_573 },
        { customerId: 'c3', customer: 'Small Fry', calls: 900, before: 30 },
      ],
    },
    plans: new Map([['c1', { plan: 'enterprise', price: '$4,200.00 a month', queryId: 'q_plan' }]]),
    trials: [{ customer: 'Brindle Coffee', plan: 'starter', endsOn: 'Nov 26, 2026', queryId: 'q_trial' }],
    quality: [],
    failures: [],
    freshness: [{ source: 'stripe', throughAt: through, stale: false }],
    receipts: [],
    calls: [],
    ...over,
  };
}
