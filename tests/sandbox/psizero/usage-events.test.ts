import { describe, expect, it } from 'vitest';
import { registerPsizero } from '../../../sandbox/psizero/register.ts';
import { companyDay, DAY, dayStart, dayText, HOUR } from '../../../sandbox/world/calendar.ts';
import { applyCompanyEvent } from '../../../sandbox/world/company-events.ts';
import { named } from '../../../sandbox/world/stories.ts';
import { truthOf } from '../../../sandbox/world/truth.ts';
import { PUBLISHED_WITHIN_DAYS } from '../../../sandbox/world/usage-events.ts';
import { NOW, sandboxOf, serving, smallWorld } from '../world/given.ts';

interface Wire {
  id: string;
  customer_id: string;
  at: string;
  value: string;
  properties: { category: string };
  corrects: string | null;
  published_at: string;
}

function given() {
  const world = smallWorld();
  const { sandbox } = sandboxOf(world);
  const app = serving(registerPsizero, sandbox);
  const all = async (limit: number, since: number, from = '') => {
    const rows: Wire[] = [];
    let cursor = from;
    for (;;) {
      const where = cursor === '' ? `updated_since=${new Date(since).toISOString()}` : `cursor=${cursor}`;
      const response = await app.inject({
        url: `/psizero/v1/usage/events?limit=${limit}&${where}`,
        headers: { authorization: 'Bearer psizero-token' },
      });
      expect(response.statusCode).toBe(200);
      const page: { data: Wire[]; next_cursor: string; has_more: boolean } = response.json();
      rows.push(...page.data);
      cursor = page.next_cursor;
      if (!page.has_more) return { rows, cursor };
    }
  };
  return { world, all };
}

/** Calls by customer, category and company day, each event once, replaced ones not. */
function addUp(rows: readonly Wire[]): Map<string, number> {
  const events = new Map(rows.map((row) => [row.id, row]));
  const replaced = new Set(rows.map(({ corrects }) => corrects));
  const sums = new Map<string, number>();
  for (const { id, customer_id, properties, at, value } of events.values()) {
    if (replaced.has(id)) continue;
    const key = `${customer_id} ${properties.category} ${companyDay(Date.parse(at))}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(value));
  }
  return sums;
}

const dayOf = (at: number) => Math.floor((at - 8 * HOUR) / DAY);

describe('the feed of usage events', () => {
  it('adds up to the daily usage of every customer and category once a day is settled', async () => {
    const { world, all } = given();
    const { id } = named(world, 'Acme Robotics');
    applyCompanyEvent(world, { type: 'usage', customer: id, calls: 777 });
    applyCompanyEvent(world, { type: 'usage', customer: id, calls: 778 });
    world.advanceTo(NOW + 5 * DAY);
    // A clock change lies in between.
    const first = dayOf(NOW) - 30;
    const end = dayOf(NOW) + 1;
    const { rows } = await all(5_000, dayStart(first));
    const sums = addUp(rows);
    const daily = world.usage({ fromAt: dayStart(first), toAt: dayStart(end) });
    expect(daily.length).toBeGreaterThan(100);
    for (const row of daily) {
      const key = `${row.customerId} ${row.category} ${dayText(dayOf(row.bucketStartAt + 12 * HOUR))}`;
      expect([key, sums.get(key) ?? 0]).toEqual([key, row.calls]);
    }
  });

  it('misbehaves as feeds do: some events again, late, out of order and corrected', async () => {
    const { rows } = await given().all(5_000, NOW - 40 * DAY);
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBeLessThan(ids.length);
    expect(rows.some(({ corrects }) => corrects !== null)).toBe(true);
    const lag = rows.map(({ at, published_at }) => Date.parse(published_at) - Date.parse(at));
    expect(Math.max(...lag)).toBeGreaterThan(20 * HOUR);
    expect(Math.max(...lag)).toBeLessThan(PUBLISHED_WITHIN_DAYS * DAY);
    const times = rows.map(({ at }) => Date.parse(at));
    expect(times).not.toEqual([...times].sort((a, b) => a - b));
  });

  it('is the same in pages of any size, and from any place again', async () => {
    const { all } = given();
    const since = NOW - 6 * DAY;
    const { rows } = await all(5_000, since);
    expect((await all(7, since)).rows).toEqual(rows);
    const half = rows.slice(0, 40);
    const { cursor } = { cursor: placeOf(half.at(-1)) };
    expect((await all(50, since, cursor)).rows).toEqual(rows.slice(40));
  });

  it('gives a reader who comes again and again what one who comes late reads at once', async () => {
    const { world, all } = given();
    const { id } = named(world, 'Acme Robotics');
    const since = NOW - DAY;
    const seen: Wire[] = [];
    let cursor = '';
    for (let step = 0; step < 14; step += 1) {
      const page = await all(40, since, cursor);
      seen.push(...page.rows);
      cursor = page.cursor;
      world.advanceTo(NOW + step * 3 * HOUR + step * 1_234_567);
      if (step % 3 === 0) applyCompanyEvent(world, { type: 'usage', customer: id, calls: 1_000 + step });
    }
    seen.push(...(await all(40, since, cursor)).rows);
    expect(seen).toEqual((await all(5_000, since)).rows);
  });

  it('has its truth: by customer and category what the published events say', async () => {
    const { world, all } = given();
    const { id } = named(world, 'Acme Robotics');
    const [start, end] = [dayStart(dayOf(NOW) - 9), dayStart(dayOf(NOW) - 4)];
    const { rows } = await all(5_000, start);
    const mine = [...addUp(rows)].filter(([key]) => key.startsWith(`${id} `));
    const days = new Set([9, 8, 7, 6, 5].map((back) => dayText(dayOf(NOW) - back)));
    const inside = mine.filter(([key]) => days.has(key.slice(-10)));
    const truth = truthOf(world, 'metered_calls', {
      period: { start, end },
      at: null,
      customerId: id,
      currency: null,
    });
    expect(truth.value).toBeGreaterThan(0);
    expect(truth.value).toBe(inside.reduce((sum, [, calls]) => sum + calls, 0));
    expect(truth.value).toBe(Object.values(truth.groups ?? {}).reduce((sum, calls) => sum + calls, 0));
    const daily = truthOf(world, 'api_calls', {
      period: { start, end },
      at: null,
      customerId: id,
      currency: null,
    });
    expect(truth.value).toBe(daily.value);
  });
});

function placeOf(row: Wire | undefined): string {
  return Buffer.from(JSON.stringify([Date.parse(row?.published_at ?? ''), row?.id ?? ''])).toString(
    'base64url',
  );
}
