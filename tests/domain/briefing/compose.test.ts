import { describe, expect, it } from 'vitest';
import { briefingText, EMPTY } from '../../../src/domain/briefing/as-text.ts';
import { type Briefing, briefingSchema } from '../../../src/domain/briefing/briefing.ts';
import { composeBriefing } from '../../../src/domain/briefing/compose.ts';
import { strangeFigures } from '../../../src/domain/briefing/figures.ts';
import { ROLES } from '../../../src/domain/types.ts';
import { AT, DAYS, morning } from './morning.ts';

const HOUR_MS = 3_600_000;

describe('a morning in words', () => {
  const briefing = composeBriefing(morning());
  const text = briefingText(briefing);

  it('says first how the day went, then what stands out, and what waits', () => {
    const said = briefing.summary.map((line) => line.text);
    expect(said[0]).toBe('Payments came to $5,294.00 on Monday, Nov 23, down 33.0% on the Monday before.');
    expect(said[1]).toBe('Error rate is far above the usual Monday: 3.66% against 0.06%.');
    expect(said.at(-1)).toBe('3 requests wait for your decision.');
    expect(said.length).toBeGreaterThanOrEqual(2);
    expect(said.length).toBeLessThanOrEqual(4);
  });

  it('compares each number three ways, and says a difference instead of a percentage of a tiny base', () => {
    const words = (metric: string) =>
      briefing.metrics.find((one) => one.metric === metric)?.comparisons.map((one) => one.words);
    expect(words('revenue_gross')).toEqual([
      'up 38.1% on the day before',
      'down 33.0% on the Monday before',
      'up 363.6% on Oct 23',
    ]);
    expect(words('signups')).toEqual([
      'up 3 on the day before',
      'up 1 on the Monday before',
      'no data for Oct 23',
    ]);
    expect(words('latency_p95')?.[0]).toBe('level with the day before');
    expect(words('uptime')?.[0]).toBe('up 11.875 percentage points on the day before');
  });

  it('tells what has moved since last time, by name, and leaves out what has not', () => {
    const said = briefing.changes.map((line) => line.text);
    expect(said).toContain('MRR: $263,766.69, up $731.53 (0.3%).');
    expect(said).toContain(
      '5 new customers: Nimbus Payroll, Silvergate <b>Analytics</b>, Area 51 Labs and 2 more.',
    );
    expect(said).toContain('Lost customer: Tidewater.');
    expect(said.some((line) => line.startsWith('Active customers'))).toBe(false);
  });

  it('tells what was carried out, with how it ended', () => {
    expect(briefing.automated.map((line) => line.text)).toEqual([
      'Refund $12.00 to Acme: approved and done.',
      'Remind Globex: expired, nobody decided in time.',
    ]);
  });

  it('asks for decisions first, and shows a batch as one', () => {
    expect(briefing.attention[0]).toMatchObject({ approvalId: 'apr_1' });
    expect(briefing.attention[1]).toMatchObject({ approvalId: null, batchId: 'bat_1' });
    expect(briefing.attention[1]?.text).toMatch(/^2 proposals on one card/);
  });

  it('finds growth worth a call, not a customer who began at nothing', () => {
    const said = briefing.opportunities.map((line) => line.text).join('\n');
    expect(said).toContain('Glenline Travel made 5,921,128 API calls in the last 7 days, up 30.9%');
    expect(said).toContain('It is on enterprise at $4,200.00 a month.');
    expect(said).toContain('The trial of Brindle Coffee (starter) ends Nov 26, 2026.');
    expect(said).not.toContain('Small Fry');
  });

  it('can be kept and read back as it was', () => {
    expect(briefingSchema.parse(JSON.parse(JSON.stringify(briefing)))).toEqual(briefing);
  });

  it('has all five sections in text', () => {
    for (const title of [
      'KEY NUMBERS',
      'SINCE YOUR LAST BRIEFING',
      'DONE FOR YOU',
      'NEEDS YOUR ATTENTION',
      'OPPORTUNITIES',
    ])
      expect(text).toContain(title);
  });
});

describe('every figure of the prose stands in the data', () => {
  it.each(ROLES)('for a %s', (role) => {
    const briefing = composeBriefing(morning(role));
    expect(strangeFigures(briefingText(briefing), briefing)).toEqual([]);
    for (const line of [...briefing.summary, ...briefing.changes, ...briefing.opportunities])
      expect([line.text, strangeFigures(line.text, briefing)]).toEqual([line.text, []]);
  });
  it('and one that does not is noticed', () => {
    const briefing = composeBriefing(morning());
    expect(strangeFigures('Payments came to $7,123.45, up 81.2%.', briefing)).toEqual(['$7,123.45', '81.2%']);
  });
});

describe('who sees what first', () => {
  const first = (role: 'finance' | 'success' | 'analyst' | 'founder') => composeBriefing(morning(role));
  const order = (briefing: Briefing) =>
    briefing.attention.filter((one) => one.approvalId === null && one.batchId === null);
  it('finance sees receivables first', () => {
    const briefing = composeBriefing(morning('finance', { numbers: [...morning().numbers].reverse() }));
    expect(order(briefing)[0]?.text).toMatch(/^14 overdue invoices/);
  });
  it('success sees an account that slides first', () => {
    expect(order(first('success'))[0]?.text).toMatch(/^Vantage Freight made 464,124 API calls/);
  });
  it('an analyst is told of usage', () => {
    expect(first('analyst').summary[0]?.text).toMatch(/^API calls came to 25,988,570/);
  });
});

describe('what is not there', () => {
  const empty = morning('viewer', {
    previous: null,
    newcomers: null,
    leavers: null,
    decided: null,
    waiting: [],
    overdue: null,
    failed: null,
    usage: null,
    plans: new Map(),
    trials: [],
    chart: null,
  });
  it('every empty section says so', () => {
    const text = briefingText(composeBriefing(empty));
    for (const words of [EMPTY.firstChanges, EMPTY.automated, EMPTY.attention, EMPTY.opportunities])
      expect(text).toContain(words);
  });
  it('without any number it still says something true', () => {
    const briefing = composeBriefing({
      ...empty,
      numbers: [],
      failures: ['MRR could not be read, so this part is missing.'],
    });
    expect(briefing.summary.map((line) => line.text)).toEqual(['Nothing waits for your decision.']);
    expect(briefing.cautions).toContain('MRR could not be read, so this part is missing.');
  });
  it('a source that is behind is named with the time its data ends, and its day is called part of a day', () => {
    const freshness = [{ source: 'psizero' as const, throughAt: DAYS.day.endAt - 22 * HOUR_MS, stale: true }];
    const numbers = morning().numbers.map((number) =>
      number.metric === 'api_calls' ? { ...number, freshness } : number,
    );
    const briefing = composeBriefing(morning('analyst', { freshness, numbers }));
    expect(briefing.cautions).toEqual(['Usage data ends Nov 23, 2026, 02:00 PST.']);
    expect(briefing.metrics.find((one) => one.metric === 'api_calls')?.partial).toBe(
      'part of the day, until Nov 23, 2026, 02:00 PST',
    );
    expect(strangeFigures(briefingText(briefing), briefing)).toEqual([]);
  });
  it('a failed check of the data marks the briefing incomplete', () => {
    const quality = [
      {
        source: 'stripe' as const,
        check: 'references' as const,
        state: 'fail' as const,
        words: '3 of 4,102 payments name a customer nobody knows',
        checkedAt: AT,
      },
    ];
    const briefing = composeBriefing(morning('finance', { quality }));
    expect(briefing.cautions).toEqual([
      'Data incomplete: Payment data: 3 of 4,102 payments name a customer nobody knows.',
    ]);
    expect(strangeFigures(briefing.cautions.join(' '), briefing)).toEqual([]);
  });
});
