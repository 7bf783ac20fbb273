import { describe, expect, it } from 'vitest';
import { findMetric } from '../../../src/domain/metrics/index.ts';
import { type Picture, pictureExhibits, pictureOf } from '../../../src/domain/metrics/pictures.ts';
import { makePeriod } from '../../../src/domain/periods/describe-period.ts';
import type { Period } from '../../../src/domain/types.ts';
import { createMetricFacts } from '../../../src/store/facts.ts';
import { openStore } from '../../../src/store/open-store.ts';

const tz = 'UTC';
const nowAt = Date.parse('2026-11-22T12:00:00Z');
const october: Period = makePeriod(Date.parse('2026-10-01'), Date.parse('2026-11-01'), tz);

interface Version {
  id: string;
  customer: string;
  minor: number;
  from: string;
  to?: string;
}

function world(versions: readonly Version[]) {
  const store = openStore(':memory:');
  const ids = [...new Set(versions.map(({ customer }) => customer))];
  const ready = store.db
    .insertInto('customers')
    .values(
      ids.map((id) => ({
        id,
        name: id,
        country: 'US',
        currency: 'USD',
        domain: '',
        email: '',
        region: '',
        segment: '',
        channel: '',
        owner_email: null,
        stripe_customer_id: id,
        signed_up_at: Date.parse('2026-08-03'),
        updated_at: 0,
      })),
    )
    .execute()
    .then(() =>
      store.db
        .insertInto('subscription_versions')
        .values(
          versions.map(({ id, customer, minor, from, to }, index) => ({
            version: index + 1,
            status: 'active',
            quantity: 1,
            interval: 'month',
            interval_count: 1,
            discount_percent: null,
            discount_amount_minor: null,
            discount_duration: null,
            cancel_at: null,
            updated_at: 0,
            plan: 'scale',
            currency: 'USD',
            subscription_id: id,
            customer_id: customer,
            unit_amount_minor: minor,
            valid_from: Date.parse(from),
            valid_to: to === undefined ? null : Date.parse(to),
          })),
        )
        .execute(),
    );
  return { store, ready };
}

const HISTORY: readonly Version[] = [
  { id: 's1', customer: 'psz_stays', minor: 100_000, from: '2026-08-05' },
  { id: 's2', customer: 'psz_grows', minor: 50_000, from: '2026-08-05', to: '2026-10-10' },
  { id: 's2', customer: 'psz_grows', minor: 80_000, from: '2026-10-10' },
  { id: 's3', customer: 'psz_new', minor: 20_000, from: '2026-10-12' },
  { id: 's4', customer: 'psz_gone', minor: 40_000, from: '2026-08-06', to: '2026-10-20' },
];

async function picture(
  kind: 'waterfall' | 'heatmap' | 'auto',
  metric: string,
  period = october,
): Promise<Picture | null> {
  const { store, ready } = world(HISTORY);
  await ready;
  const found = findMetric(metric);
  if (!found) throw new Error(`no metric ${metric}`);
  const request = { period, nowAt, company: { name: 'P', currency: 'USD', tz }, filter: {}, by: null };
  try {
    return await pictureOf(kind, found, request, createMetricFacts(store));
  } finally {
    store.close();
  }
}

describe('the waterfall of MRR', () => {
  it('goes from the MRR before the period to that at its end, to the cent', async () => {
    const found = await picture('waterfall', 'net_new_mrr');
    if (found?.kind !== 'waterfall') throw new Error('no waterfall');
    const [first, ...rest] = found.steps;
    const last = rest.pop();
    expect(first).toMatchObject({ label: 'Sep 30', minor: 190_000, total: true });
    expect(last).toMatchObject({ label: 'Oct 31', minor: 200_000, total: true });
    expect((first?.minor ?? 0) + rest.reduce((sum, step) => sum + step.minor, 0)).toBe(last?.minor);
    expect(rest.map(({ label, minor }) => [label, minor])).toEqual([
      ['New', 20_000],
      ['Expansion', 30_000],
      ['Churn', -40_000],
    ]);
    expect(found.sentence).toBe(
      'MRR went from $1,900.00 to $2,000.00: new +$200.00, expansion +$300.00, churn -$400.00.',
    );
  });

  it('ends now while the period runs', async () => {
    const running = makePeriod(Date.parse('2026-11-01'), Date.parse('2026-12-01'), tz);
    const found = await picture('waterfall', 'mrr', running);
    expect(found?.kind === 'waterfall' ? found.steps.map(({ label }) => label) : null).toEqual([
      'Oct 31',
      'Now',
    ]);
    expect(found?.sentence).toContain('nothing moved');
  });

  it('is shown with its figures as a table beside it', async () => {
    const found = await picture('waterfall', 'net_new_mrr');
    if (!found) throw new Error('no picture');
    const [shown, table] = pictureExhibits(found);
    expect(shown).toMatchObject({ kind: 'waterfall', valueLabel: 'USD', alt: found.sentence });
    expect(table?.kind === 'table' ? table.rows[1] : null).toEqual(['New', '+$200.00']);
  });

  it('is of nothing else, and what can be asked instead is said', async () => {
    await expect(picture('waterfall', 'api_calls')).rejects.toMatchObject({
      code: 'unsupported',
      choices: [{ say: 'show me a waterfall of mrr movements' }],
    });
  });
});

describe('the heat map of cohorts', () => {
  it('has a row a month of signing up and a column a month since, empty where none has been yet', async () => {
    const since = makePeriod(Date.parse('2026-08-01'), Date.parse('2026-12-01'), tz);
    const found = await picture('heatmap', 'cohort_retention', since);
    if (found?.kind !== 'heatmap') throw new Error('no heat map');
    expect(found.columns).toEqual(['month 1', 'month 2', 'month 3']);
    expect(found.rows).toEqual([{ label: 'Aug 2026 (4)', cells: [0.75, 0.75, 0.75] }]);
    const [shown] = pictureExhibits(found);
    expect(shown).toMatchObject({ kind: 'heatmap', unit: '%', rows: [{ cells: [75, 75, 75] }] });
  });
  it('is of cohorts alone', async () => {
    await expect(picture('heatmap', 'mrr')).rejects.toMatchObject({ code: 'unsupported' });
  });
  it('is not there unless asked for', async () => {
    expect(await picture('auto', 'mrr')).toBeNull();
  });
});
