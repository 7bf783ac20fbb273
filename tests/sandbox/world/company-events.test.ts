import { describe, expect, it } from 'vitest';
import { applyCompanyEvent } from '../../../sandbox/world/company-events.ts';
import type { WorldChange } from '../../../sandbox/world/records.ts';
import { named } from '../../../sandbox/world/stories.ts';
import { pickCompetitor } from '../../../sandbox/world/truth-pickers.ts';
import { createWorld } from '../../../sandbox/world/world.ts';
import { NOW, smallWorld } from './given.ts';

function given() {
  const world = smallWorld();
  const changes: WorldChange[] = [];
  world.onChange((change) => changes.push(change));
  return { world, types: () => changes.map(({ type }) => type), acme: named(world, 'Acme Robotics').id };
}

describe('a company event', () => {
  it('signup brings a customer with a subscription of that plan', () => {
    const { world, types } = given();
    const { id } = applyCompanyEvent(world, { type: 'signup', plan: 'scale' });
    expect(world.of('subscriptions', id)).toMatchObject([
      { plan: 'scale', status: 'active', startedAt: NOW },
    ]);
    expect(types()).toContain('psizero.customer.created');
  });

  it('payment_failed declines with that code, even where nothing was owed', () => {
    const { world, acme } = given();
    const { id } = applyCompanyEvent(world, {
      type: 'payment_failed',
      customer: acme,
      decline_code: 'lost_card',
    });
    expect(world.get('charges', id)).toMatchObject({
      status: 'failed',
      declineCode: 'lost_card',
      customerId: acme,
    });
    expect(world.of('subscriptions', acme)[0]?.status).toBe('past_due');
  });

  it('payment_succeeded pays the invoice, also by its number', () => {
    const { world } = given();
    const open = world.all('invoices').find(({ status }) => status === 'open');
    const { id } = applyCompanyEvent(world, { type: 'payment_succeeded', invoice: open?.number });
    expect(world.get('charges', id)).toMatchObject({ status: 'succeeded', invoiceId: open?.id });
    expect(world.get('invoices', open?.id ?? '')?.status).toBe('paid');
  });

  it('card_updated makes the declined payment succeed', () => {
    const { world } = given();
    const { id } = named(world, 'Kestrel Aerial');
    const card = applyCompanyEvent(world, { type: 'card_updated', customer: id });
    expect(world.get('customers', id)?.paymentMethodId).toBe(card.id);
    expect(world.of('invoices', id).at(-1)?.status).toBe('paid');
    expect(world.of('subscriptions', id)[0]?.status).toBe('active');
  });

  it('dispute_opened, ticket_opened, plan_changed and cancelled reach the customer’s records', () => {
    const { world, acme, types } = given();
    const dispute = applyCompanyEvent(world, { type: 'dispute_opened', customer: acme });
    expect(world.get('disputes', dispute.id)?.customerId).toBe(acme);
    const ticket = applyCompanyEvent(world, { type: 'ticket_opened', customer: acme, text: 'Help\nplease' });
    expect(world.get('tickets', ticket.id)).toMatchObject({
      subject: 'Help',
      body: 'Help\nplease',
      status: 'open',
    });
    applyCompanyEvent(world, { type: 'plan_changed', customer: acme, plan: 'enterprise' });
    expect(world.of('subscriptions', acme)[0]?.plan).toBe('enterprise');
    applyCompanyEvent(world, { type: 'cancelled', customer: acme, at_period_end: true });
    expect(world.of('subscriptions', acme)[0]).toMatchObject({ status: 'active', cancelAtPeriodEnd: true });
    applyCompanyEvent(world, { type: 'cancelled', customer: acme });
    expect(world.of('subscriptions', acme)[0]?.status).toBe('canceled');
    expect(types()).toContain('charge.dispute.created');
    expect(types()).toContain('customer.subscription.deleted');
  });

  it('outage_started and outage_ended make one incident', () => {
    const { world, types } = given();
    const started = applyCompanyEvent(world, { type: 'outage_started' });
    world.advanceTo(NOW + 60_000);
    expect(applyCompanyEvent(world, { type: 'outage_ended' })).toEqual(started);
    expect(world.get('incidents', started.id)).toMatchObject({ startedAt: NOW, endedAt: NOW + 60_000 });
    expect(types()).toEqual(['psizero.incident.started', 'psizero.incident.ended']);
    expect(() => applyCompanyEvent(world, { type: 'outage_ended' })).toThrow(/no incident is under way/);
  });

  it('competitor_page_changed shows on the competitor', () => {
    const { world } = given();
    const before = pickCompetitor(world);
    applyCompanyEvent(world, { type: 'competitor_page_changed' });
    expect(pickCompetitor(world).prices.starter).toBeLessThan(before.prices.starter);
  });

  it('takes a customer by its Stripe id or full name as well, and a plan in any case', () => {
    const { world, acme } = given();
    const stripeId = world.get('customers', acme)?.stripeId;
    for (const customer of ['ACME robotics', stripeId, acme]) {
      const { id } = applyCompanyEvent(world, { type: 'ticket_opened', customer, text: 'Hello' });
      expect(world.get('tickets', id)?.customerId).toBe(acme);
    }
    applyCompanyEvent(world, { type: 'plan_changed', customer: acme, plan: 'Growth' });
    expect(world.of('subscriptions', acme)[0]?.plan).toBe('growth');
  });

  it('bears one instant in all it changes, though the clock ticks on', () => {
    let at = NOW;
    const clock = { now: () => (at += 1) };
    const world = createWorld({ seed: 7, now: NOW, scale: 0.05, clock });
    const changes: WorldChange[] = [];
    world.onChange((change) => changes.push(change));
    const { id } = applyCompanyEvent(world, { type: 'signup', plan: 'growth' });
    expect(new Set(changes.map((change) => change.at)).size).toBe(1);
    const [subscription] = world.of('subscriptions', id);
    expect(world.of('subscriptionVersions', id)[0]?.validFrom).toBe(subscription?.startedAt);
  });

  it.each([
    [{ type: 'explode' }, /type/],
    [{ type: 'signup', plan: 'gold' }, /plan/],
    [{ type: 'signup', plan: 'growth', name: 'acme robotics' }, /already named/],
    [{ type: 'usage', customer: 'psz_none', calls: 5 }, /No such customer: 'psz_none'/],
    [{ type: 'usage', customer: 'psz_none', calls: -5 }, /calls/],
    [{ type: 'usage_drop', customer: 'psz_none', percent: 140, days: 1 }, /percent/],
    [
      { type: 'payment_failed', customer: 'psz_none', decline_code: 'bad_luck' },
      /decline_code: must be one of/,
    ],
    [{ type: 'payment_succeeded', invoice: 'INV-0' }, /no such invoice: INV-0/],
    [{ type: 'payment_succeeded' }, /give an invoice or a customer/],
    [{ type: 'ticket_opened', customer: 'psz_none', text: '' }, /text/],
    [{ type: 'outage_started', colour: 'red' }, /colour/],
    ['signup', /event/],
    [null, /event/],
  ])('%j is refused by name and changes nothing', (event, message) => {
    const { world, types } = given();
    expect(() => applyCompanyEvent(world, event)).toThrow(message);
    expect(types()).toEqual([]);
  });
});
