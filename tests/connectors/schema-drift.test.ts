import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Drift } from '../../sandbox/core/types.ts';
import { applyCompanyEvent } from '../../sandbox/world/company-events.ts';
import { expectedRows, storedRows } from './same-as-world.ts';
import { openWorkspace } from './workspace.ts';

const ALL = ['stripe', 'supabase', 'psizero'] as const;
type Source = (typeof ALL)[number];

let workspace: Awaited<ReturnType<typeof openWorkspace>>;
beforeAll(async () => {
  workspace = await openWorkspace(0.01, { webhooks: true });
  await workspace.sources.refresh(ALL);
});
afterEach(() => workspace.faults.clear());
afterAll(() => workspace.close());

const plan = (system: Source, match: string, drift: Drift) =>
  workspace.faults.add({ system, kind: 'malformed', match, count: 10_000, ms: 0, drift });
const schemaOf = async (source: Source) =>
  (await workspace.quality.run()).find((result) => result.source === source && result.check === 'schema');

describe('a field that comes otherwise than agreed', () => {
  it.each([
    [
      'supabase',
      'support_tickets',
      { field: 'status', how: 'unknown_value' },
      /status of support_tickets: expected one of open, pending, closed, got unheard_of, in \d+ rows since Nov 20, 2026/,
    ],
    [
      'supabase',
      'support_tickets',
      { field: 'closed_at', how: 'renamed' },
      /closed_at of support_tickets: expected .*, got nothing/,
    ],
    [
      'supabase',
      'subscription_data',
      { field: 'unit_amount', how: 'retyped' },
      /unit_amount of subscription_data: expected (int|number), got other text/,
    ],
    [
      'psizero',
      'usage_metrics',
      { field: 'calls', how: 'missing' },
      /calls of usage_metrics: expected a count, got nothing/,
    ],
    [
      'psizero',
      'customers',
      { field: 'created_at', how: 'missing' },
      /created_at of customers: expected string, got nothing/,
    ],
    [
      'stripe',
      '/v1/charges',
      { field: 'amount', how: 'retyped' },
      /amount of charge: expected (int|number), got other text/,
    ],
    [
      'stripe',
      '/v1/subscriptions',
      { field: 'status', how: 'unknown_value' },
      /status of subscription: expected one of .*, got unheard_of/,
    ],
  ] as const)(
    'of %s %s (%o) is named, keeps the last good rows, and is over when it is right again',
    async (source, match, drift, words) => {
      const { sources, store, faults, world } = workspace;
      plan(source, match, drift);
      await sources.sweep([source]);
      expect(storedRows(store)).toEqual(expectedRows(world));
      const found = await schemaOf(source);
      expect(found).toMatchObject({ state: 'fail' });
      expect(found?.words).toMatch(words);
      expect(sources.drifting(source)).toBe(true);
      faults.clear();
      world.advanceTo(world.now() + 6 * 60_000);
      await sources.sweep([source]);
      expect(await schemaOf(source)).toMatchObject({ state: 'ok' });
      expect(sources.drifting(source)).toBe(false);
      await sources.refresh(ALL);
      expect(storedRows(store)).toEqual(expectedRows(world));
    },
  );

  it('is noticed in ordinary reading and in webhooks, and what it kept out comes in later', async () => {
    const { sources, store, faults, world, pending } = workspace;
    const [customer] = world.all('customers');
    plan('supabase', 'support_tickets', { field: 'priority', how: 'missing' });
    plan('stripe', '/webhooks/stripe', { field: 'status', how: 'unknown_value' });
    applyCompanyEvent(world, { type: 'ticket_opened', customer: customer?.id, text: 'Lost in drift' });
    applyCompanyEvent(world, { type: 'payment_failed', customer: customer?.id, decline_code: 'lost_card' });
    await workspace.delivered();
    await pending.drained();
    world.advanceTo(world.now() + 60_000);
    await sources.refresh(['supabase']);
    expect(sources.drifting('supabase')).toBe(true);
    expect(sources.drifting('stripe')).toBe(true);
    faults.clear();
    world.advanceTo(world.now() + 6 * 60_000);
    await sources.sweep();
    expect(storedRows(store)).toEqual(expectedRows(world));
    expect([sources.drifting('supabase'), sources.drifting('stripe')]).toEqual([false, false]);
  });
});

it('a new field is noted once, and harmless', async () => {
  const { sources, store, world } = workspace;
  world.advanceTo(world.now() + 30 * 3_600_000);
  plan('supabase', 'user_profiles', { field: 'favourite_colour', how: 'added' });
  await sources.sweep(['supabase']);
  await sources.sweep(['supabase']);
  const found = await schemaOf('supabase');
  expect(found).toMatchObject({ state: 'ok' });
  expect(found?.words).toBe('Every field is as agreed; new and unused: favourite_colour of user_profiles.');
  await sources.refresh(ALL);
  expect(storedRows(store)).toEqual(expectedRows(world));
});
