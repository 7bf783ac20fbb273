import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { METRICS } from '../../src/domain/metrics/index.ts';
import { addUnits, dateAt, startOfDayAt, startOfUnit } from '../../src/domain/periods/calendar.ts';
import { makePeriod } from '../../src/domain/periods/describe-period.ts';
import type { Period } from '../../src/domain/types.ts';
import { type ChangeQuestion, explainChange } from '../../src/domain/why/explain.ts';
import { narrateChange } from '../../src/domain/why/narrate.ts';
import { RATIO_TOLERANCE } from '../../src/domain/why/split-ratio.ts';
import { createMetricFacts } from '../../src/store/facts.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { NOW, newWorkspace } from './workspace.ts';

const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
const nowAt = Date.parse(NOW);

let workspace: Launched;
let store: Store;

beforeAll(async () => {
  workspace = await newWorkspace();
  store = openStore(join(workspace.dataDir, 'psi.db'));
}, 90_000);
afterAll(async () => {
  await store?.close();
});

/** The whole months before the running one, the last first. */
function months(count: number): Period[] {
  const first = startOfUnit(dateAt(nowAt, company.tz), 'month');
  return Array.from({ length: count }, (_, back) => {
    const start = addUnits(first, 'month', -1 - back);
    const end = addUnits(start, 'month', 1);
    return makePeriod(startOfDayAt(start, company.tz), startOfDayAt(end, company.tz), company.tz);
  });
}

function explain(metric: string, over: Partial<ChangeQuestion>) {
  const found = METRICS.find(({ name }) => name === metric);
  if (!found) throw new Error(`no metric ${metric}`);
  const plain = {
    ...{ period: null, compare: null, by: null, filter: {}, customer: null },
    ...{ named: [], remarks: [], names: true },
  };
  const question = { metric: found, ...plain, nowAt, tz: company.tz, company, ...over };
  return explainChange(question, createMetricFacts(store), { freshness: [], alerts: [] });
}

const sum = (parts: readonly { value: number }[]) => parts.reduce((total, { value }) => total + value, 0);

describe('in the company as it is', () => {
  it('the effects behind MRR sum to the truth of every month, to the cent', async () => {
    const kinds = new Set<string>();
    for (const period of months(22)) {
      const at = (instant: number) => workspace.client.truth('mrr', { at: new Date(instant).toISOString() });
      const [opening, closing] = [await at(period.startAt - 1), await at(period.endAt - 1)];
      const answer = await explain('mrr', { period });
      expect(sum(answer.effects), period.label).toBe((closing.minor ?? 0) - (opening.minor ?? 0));
      expect(answer.before.value, period.label).toBe(opening.minor);
      for (const effect of answer.effects) kinds.add(effect.kind);
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['new', 'lost', 'plan', 'quantity', 'fx']));
  }, 60_000);

  it.each(METRICS.filter(({ additivity }) => additivity !== 'percentile').map(({ name }) => name))(
    'the change of %s has parts that sum to it, whatever it is narrowed to',
    async (metric) => {
      for (const filter of [
        {},
        { plan: 'growth' },
        { any: { plan: ['growth', 'scale'] }, none: { currency: ['EUR'] } },
      ]) {
        for (const period of [...months(1), null]) {
          const answer = await explain(metric, { period, filter });
          if (answer.unsplit) continue;
          const about = `${metric} ${period?.label} ${JSON.stringify(filter)}`;
          const isRatio = METRICS.find(({ name }) => name === metric)?.additivity === 'ratio';
          // A quotient told in whole cents is rounded on either side.
          const tolerance = answer.unit === 'money' ? 1 : RATIO_TOLERANCE;
          const same = (one: number, other: number) =>
            isRatio
              ? expect(Math.abs(one - other), about).toBeLessThan(tolerance)
              : expect(one, about).toBe(other);
          same(sum(answer.effects), answer.difference ?? 0);
          for (const { accounts, others, value } of answer.effects)
            same(sum(accounts) + (others?.value ?? 0), value);
          expect(narrateChange(answer)).not.toMatch(/\bbecause\b|undefined|NaN/);
        }
      }
    },
    30_000,
  );
});
