import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../sandbox/world/calendar.ts';
import type { CollectionName, World, WorldChange } from '../../../sandbox/world/records.ts';
import { createWorld } from '../../../sandbox/world/world.ts';
import { NOW, smallWorld } from './given.ts';

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
const everything = (world: World) => Object.fromEntries(COLLECTIONS.map((name) => [name, world.all(name)]));

describe('a world', () => {
  const world = createWorld({ seed: 7, now: NOW, scale: 1 });

  it('is the same for the same seed, now and scale', () => {
    expect(everything(smallWorld())).toEqual(everything(smallWorld()));
  });

  it('is another for another seed', () => {
    expect(everything(smallWorld({ seed: 8 }))).not.toEqual(everything(smallWorld()));
  });

  it('has about 400 customers at scale 1, all with names of their own', () => {
    const names = world.all('customers').map(({ name }) => name.toLowerCase());
    expect(names.length).toBeGreaterThan(380);
    expect(names.length).toBeLessThan(430);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith('acme'))).toEqual(['acme robotics']);
  });

  it('has nothing from the future and no id twice', () => {
    for (const name of COLLECTIONS) {
      const records = world.all(name);
      expect(new Set(records.map(({ id }) => id)).size, name).toBe(records.length);
      for (const record of records)
        if ('createdAt' in record) expect(record.createdAt, name).toBeLessThanOrEqual(NOW);
    }
  });

  it('keeps invoices, charges and refunds in balance', () => {
    for (const invoice of world.all('invoices')) {
      expect(invoice.subtotal).toBe(invoice.lines.reduce((sum, { amount }) => sum + amount, 0));
      expect(invoice.tax).toBe(invoice.lines.reduce((sum, { taxAmount }) => sum + taxAmount, 0));
      expect(invoice.total).toBe(invoice.subtotal - invoice.discountAmount + invoice.tax);
      expect(invoice.amountRemaining).toBe(invoice.amountDue - invoice.amountPaid);
      expect(invoice.status === 'paid').toBe(invoice.paidAt !== null);
      expect(Number.isSafeInteger(invoice.total)).toBe(true);
    }
    for (const charge of world.all('charges')) {
      const refunds = world.of('refunds', charge.customerId).filter(({ chargeId }) => chargeId === charge.id);
      expect(charge.amountRefunded).toBe(refunds.reduce((sum, { amount }) => sum + amount, 0));
      expect(charge.amountRefunded).toBeLessThanOrEqual(charge.amount);
    }
  });

  it('keeps the versions of every subscription without gap or overlap, the last like the subscription itself', () => {
    for (const subscription of world.all('subscriptions')) {
      const versions = world
        .of('subscriptionVersions', subscription.customerId)
        .filter(({ subscriptionId }) => subscriptionId === subscription.id);
      expect(versions[0]?.validFrom).toBe(subscription.startedAt);
      for (const [index, version] of versions.entries()) {
        expect(version.version).toBe(index + 1);
        expect(version.validTo).toBe(versions[index + 1]?.validFrom ?? null);
        expect(version.updatedAt).toBe(version.validTo ?? version.validFrom);
      }
      const { status, plan, unitAmount, quantity, cancelAt } = subscription;
      expect(versions.at(-1)).toMatchObject({ status, plan, unitAmount, quantity, cancelAt });
    }
  });

  it('has its stories', () => {
    const failed = world
      .all('charges')
      .filter(({ createdAt, status }) => status === 'failed' && createdAt > NOW - 8 * DAY);
    const codes = new Set(failed.map(({ declineCode }) => declineCode));
    for (const code of ['insufficient_funds', 'expired_card', 'do_not_honor', 'lost_card'])
      expect(codes).toContain(code);
    expect(new Set(world.all('customers').map(({ currency }) => currency))).toEqual(
      new Set(['USD', 'EUR', 'JPY']),
    );
    const now = { open: 0, draft: 0, void: 0, uncollectible: 0, paid: 0 };
    for (const { status } of world.all('invoices')) now[status] += 1;
    for (const [status, number] of Object.entries(now)) expect(number, status).toBeGreaterThan(0);
    for (const collection of ['refunds', 'creditNotes', 'disputes'] as const) {
      expect(world.all(collection).length, collection).toBeGreaterThan(0);
    }
    const overdue = world
      .all('invoices')
      .filter(({ status, dueAt }) => status === 'open' && dueAt !== null && dueAt < NOW);
    expect(overdue.length).toBeGreaterThan(0);
    const durations = new Set(world.all('subscriptions').map(({ discount }) => discount?.duration));
    for (const duration of ['once', 'repeating', 'forever'] as const) {
      const ever = world
        .all('subscriptionVersions')
        .some(({ discountDuration }) => discountDuration === duration);
      expect(ever || durations.has(duration), duration).toBe(true);
    }
    expect(world.all('subscriptions').filter(({ status }) => status === 'trialing').length).toBeGreaterThan(
      3,
    );
  });

  it('calls at night and in the outage as it should: errors rise in the hours of the outage alone', () => {
    const outage = world.all('incidents').at(-1);
    if (!outage?.endedAt) throw new Error('there was no outage');
    const rate = (fromAt: number, toAt: number) => {
      const rows = world.performance({ fromAt, toAt });
      const sum = (key: 'calls' | 'errors5xx') => rows.reduce((total, row) => total + row[key], 0);
      return sum('errors5xx') / sum('calls');
    };
    expect(rate(outage.startedAt, outage.endedAt)).toBeGreaterThan(0.1);
    expect(rate(outage.startedAt - 30 * HOUR, outage.startedAt - HOUR)).toBeLessThan(0.005);
  });
});

describe('the time of a world', () => {
  it('lets the same happen in one step as in many', () => {
    const [once, often] = [smallWorld(), smallWorld()];
    once.advanceTo(NOW + 40 * DAY);
    for (let at = NOW; at <= NOW + 40 * DAY; at += 7 * HOUR) often.advanceTo(at);
    often.advanceTo(NOW + 40 * DAY);
    expect(everything(often)).toEqual(everything(once));
  });

  it('tells of each change in order, at its own instant, with the record already there', () => {
    const world = smallWorld();
    const changes: WorldChange[] = [];
    world.onChange((change) => {
      expect(world.get(change.collection, change.id)).toBeDefined();
      expect(world.now()).toBe(change.at);
      changes.push(change);
    });
    world.advanceTo(NOW + 45 * DAY);
    const instants = changes.map(({ at }) => at);
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    const types = new Set(changes.map(({ type }) => type));
    for (const type of [
      'customer.created',
      'psizero.customer.created',
      'customer.subscription.created',
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_failed',
      'payment_intent.succeeded',
      'charge.succeeded',
      'charge.failed',
    ]) {
      expect(types).toContain(type);
    }
  });

  it('follows the clock it is given', () => {
    let at = NOW;
    const world = createWorld({ seed: 7, now: NOW, scale: 0.05, clock: { now: () => at } });
    expect(world.now()).toBe(NOW);
    at += 1234;
    expect(world.now()).toBe(NOW + 1234);
  });
});
