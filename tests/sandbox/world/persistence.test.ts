import { describe, expect, it } from 'vitest';
import { DAY } from '../../../sandbox/world/calendar.ts';
import { applyCompanyEvent } from '../../../sandbox/world/company-events.ts';
import { createRefund } from '../../../sandbox/world/operations.ts';
import type { CollectionName, World } from '../../../sandbox/world/records.ts';
import { pickCustomer } from '../../../sandbox/world/truth-pickers.ts';
import { memoryStore, NOW, smallWorld } from './given.ts';

const COLLECTIONS: CollectionName[] = [
  'customers',
  'paymentMethods',
  'products',
  'prices',
  'subscriptions',
  'subscriptionVersions',
  'invoices',
  'paymentIntents',
  'charges',
  'refunds',
  'creditNotes',
  'disputes',
  'userProfiles',
  'tickets',
  'incidents',
];

function seen(world: World) {
  return {
    now: world.now(),
    records: Object.fromEntries(COLLECTIONS.map((name) => [name, world.all(name)])),
    usage: world.usage({ fromAt: NOW - 3 * DAY, toAt: world.now() + 1 }),
    hours: world.performance({ fromAt: NOW - 3 * DAY, toAt: world.now() + 1 }),
  };
}

function live(world: World) {
  world.advanceTo(NOW + 3 * DAY);
  const { id } = pickCustomer(world, 'refundable');
  const charge = world.of('charges', id ?? '').findLast(({ status }) => status === 'succeeded');
  createRefund(world, { chargeId: charge?.id ?? '', amount: 5_00, reason: 'requested_by_customer' });
  applyCompanyEvent(world, { type: 'signup', plan: 'growth', name: 'Late Comers' });
  applyCompanyEvent(world, { type: 'usage', customer: id, calls: 4_321 });
  applyCompanyEvent(world, { type: 'outage_started' });
  world.advanceTo(NOW + 9 * DAY);
  applyCompanyEvent(world, { type: 'usage_drop', customer: id, percent: 60, days: 10 });
  applyCompanyEvent(world, { type: 'outage_ended' });
}

describe('a world that is opened again', () => {
  it('is what it was, to the last record', () => {
    const saved = memoryStore();
    const world = smallWorld({ saved });
    live(world);
    expect(seen(smallWorld({ saved }))).toEqual(seen(world));
  });

  it('goes on as if it had never been closed', () => {
    const saved = memoryStore();
    const [kept, other] = [smallWorld(), smallWorld({ saved })];
    live(kept);
    live(other);
    const opened = smallWorld({ saved });
    for (const world of [kept, opened]) {
      world.advanceTo(NOW + 40 * DAY);
      applyCompanyEvent(world, { type: 'signup', plan: 'enterprise', country: 'JP', name: 'Even Later' });
      world.advanceTo(NOW + 75 * DAY);
    }
    expect(seen(opened)).toEqual(seen(kept));
    expect(seen(smallWorld({ saved }))).toEqual(seen(kept));
  });

  it('costs nothing to keep while nothing happens', () => {
    const saved = memoryStore();
    const world = smallWorld({ saved });
    for (let tick = 1; tick < 20; tick += 1) world.advanceTo(NOW + tick * 250);
    expect(saved.all('world.records')).toEqual([]);
    expect(saved.all('world.numbers').length).toBeLessThanOrEqual(1);
  });
});
