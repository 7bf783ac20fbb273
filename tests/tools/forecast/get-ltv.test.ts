import { describe, expect, it } from 'vitest';
import type { SubscriptionFact } from '../../../src/domain/metrics/facts.ts';
import { STRIPE_SETTING } from '../../../src/domain/mrr/setting.ts';
import { seededRandom } from '../../../src/domain/statistics/random.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import getLtv from '../../../src/tools/forecast/get-ltv.ts';
import queryMetric from '../../../src/tools/metrics/query-metric.ts';
import { portsOver, smallWorld } from '../../agent/world.ts';
import { people, place } from '../../approvals/workspace.ts';
import { at, company, givenFacts, version } from '../../domain/metrics/given-facts.ts';
import { heard } from '../reading.ts';

const nowAt = at('2026-11-22');
const DAY = 86_400_000;
const CHANNELS = ['ads', 'organic', 'partner'];

/** Somebody new every third day for two and a half years; one in 28 leaves in a month. */
function company_(count: number): SubscriptionFact[] {
  const random = seededRandom('company');
  const day = (when: number) => new Date(when).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, index) => {
    const from = nowAt - (count - index) * 3 * DAY;
    const stays = -Math.log(1 - random()) * 28 * 30 * DAY;
    const left = from + stays < nowAt - DAY ? day(from + stays) : null;
    const channel = index % 25 === 0 ? 'event' : (CHANNELS[index % 3] ?? '');
    const id = `c${String(index).padStart(3, '0')}`;
    return version(id, day(from), left, { channel, segment: index % 4 === 0 ? 'enterprise' : 'smb' });
  });
}

const versions = company_(300);
const ports = portsOver(smallWorld(), openStore(':memory:'));

function context(lifetime?: { discountRate: number; acquisitionCost: Record<string, number> }): ToolContext {
  const set = { mrr: STRIPE_SETTING, grossMargin: 80, ...(lifetime ? { lifetime } : {}) };
  return {
    ...ports,
    principal: { ...people.ada, tz: company.tz },
    place,
    signal: new AbortController().signal,
    company,
    clock: fixedClock(nowAt),
    facts: {
      ...givenFacts(versions, { set }),
      subscriptionsTouching: async ({ endAt }, { segment }) =>
        versions.filter((one) => one.validFrom < endAt && (segment === undefined || one.segment === segment)),
    },
  };
}

async function ask(input: object, lifetime?: Parameters<typeof context>[0]) {
  return getLtv.output.parse(await getLtv.run(getLtv.input.parse(input), context(lifetime)));
}

describe('what customers are worth', () => {
  it('is said with its interval, its terms, and how right it would have been', async () => {
    const answer = await ask({});
    const { customers, value } = answer.everybody;
    expect(customers).toBe(300);
    expect(value?.expected.minor).toBeGreaterThan(50_00 * 0.8 * 12);
    expect(value?.expected.minor).toBeLessThan(50_00 * 0.8 * 24);
    const lines = getLtv.narrate(answer).split('\n');
    expect(lines[0]).toMatch(
      /^A customer is worth \$\d+ \(95%: \$\d+ to \$\d+\) over the first 24 months, in gross profit at 80% margin, discounted at 10% a year\.$/,
    );
    expect(lines[1]).toMatch(
      /^They stay \d+\.\d of those months on average \(95%: .* are still there after 12.*Seen: 300 customers, \d+ of whom left\.$/,
    );
    expect(lines.at(-2)).toMatch(
      /^Checked backwards on all new customers of \d+ months: \d+ of these came within 15% of what this would have said of their first 12 months/,
    );
    expect(lines.at(-1)).toBe(
      'No LTV:CAC and no payback: what winning a customer costs is not in policy.yml for ads, event, organic and partner.',
    );
  });

  it('is told by channel, with a value for those that are large enough', async () => {
    const answer = await ask({ by: 'channel' });
    expect(answer.groups.map(({ name }) => name).sort()).toEqual(['ads', 'event', 'organic', 'partner']);
    expect(answer.groups.find(({ name }) => name === 'event')).toMatchObject({
      value: null,
      refused: '12 customers, fewer than 20',
    });
    expect(answer.differ).not.toBeNull();
    const [table, picture] = getLtv.exhibits?.(answer) ?? [];
    expect(table).toMatchObject({ kind: 'table', title: 'Lifetime value by channel, first 24 months' });
    expect(picture).toMatchObject({ kind: 'survival', months: 24 });
    expect(picture?.kind === 'survival' ? picture.curves.map(({ atRisk }) => atRisk[0]) : []).toHaveLength(3);
  });

  it('sets the cost of winning them against it where policy.yml has it', async () => {
    const acquisitionCost = { ads: 120, organic: 0, partner: 60, event: 900 };
    const answer = await ask({ by: 'channel' }, { discountRate: 0, acquisitionCost });
    const ads = answer.groups.find(({ name }) => name === 'ads');
    expect(ads?.acquisition).toMatchObject({ cost: { minor: 12_000, currency: 'USD' }, paybackMonths: 4 });
    expect(getLtv.narrate(answer)).toMatch(
      /Winning a customer costs \$\d+: LTV:CAC \d+\.\d, paid back by month \d\./,
    );
  });

  it('narrows to a segment and counts the months asked for', async () => {
    const answer = await ask({ filter: { segment: 'enterprise' }, months: 12 });
    expect(answer).toMatchObject({ months: 12, everybody: { name: 'enterprise', customers: 75 } });
    expect(getLtv.narrate(answer)).toContain('A customer of enterprise is worth');
  });

  it('comes out the same when its receipt runs it again', async () => {
    expect(await ask({ by: 'segment' })).toEqual(await ask({ by: 'segment' }));
  });

  it('is refused for a company that nobody has left yet', async () => {
    const young = { ...context(), facts: givenFacts([version('acme', '2026-01-05', null)]) };
    await expect(getLtv.run(getLtv.input.parse({}), young)).rejects.toThrow('too few to say');
  });
});

describe('a question about lifetimes', () => {
  it.each([
    ['how long do customers stay?', {}],
    ['how long do our customers stick around', {}],
    ['average customer lifetime', {}],
    ['show me the survival curve', {}],
    ['survival curve by plan', { by: 'plan' }],
    ['lifetime value by channel', { by: 'channel' }],
    ['LTV per segment', { by: 'segment' }],
    ['what is the ltv over the first 12 months', { months: 12 }],
    ['clv by region over 2 years', { by: 'region', months: 24 }],
    ["what's our ltv:cac", {}],
    ['cac payback', {}],
    ['ltv of customers on the growth plan', { filter: { plan: 'growth' } }],
  ])('is read: %s', async (text, input) => {
    const [reading] = getLtv.recognize(await heard(text));
    expect(reading?.input).toEqual(input);
    const simple = queryMetric.recognize(await heard(text)).map(({ confidence }) => confidence);
    expect(Math.max(0, ...simple)).toBeLessThanOrEqual((reading?.confidence ?? 0) - 0.05);
  });

  it.each([
    'ltv',
    "what's our LTV?",
    'simple ltv by segment',
    'ltv last month',
    'ltv by month',
    'how is ltv calculated',
    'how long do customers take to pay',
    'cohort survival',
  ])('is left to others: %s', async (text) => {
    expect(getLtv.recognize(await heard(text))).toEqual([]);
  });
});
