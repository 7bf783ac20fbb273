import { describe, expect, it } from 'vitest';
import { readLives } from '../../../src/domain/lifetime/read-lives.ts';
import type { SubscriptionFact } from '../../../src/domain/metrics/facts.ts';
import { at, company, givenFacts, version } from '../metrics/given-facts.ts';

const nowAt = at('2026-11-22');
const read = async (versions: SubscriptionFact[], filter = {}) =>
  (await readLives(givenFacts(versions), { company, filter, nowAt })).lives;

describe('the lives of customers', () => {
  it('begin with the first payment, not with the trial, and end when nothing is paid any more', async () => {
    const [life] = await read([
      version('acme', '2026-01-05', '2026-02-04', { status: 'trialing' }),
      version('acme', '2026-02-04', '2026-09-01'),
    ]);
    expect(life).toMatchObject({ customerId: 'acme', startAt: at('2026-02-04'), endAt: at('2026-09-01') });
    expect(life?.steps.map(({ minor }) => minor)).toEqual([5000, 0]);
  });

  it('leave out who never paid, and go on for who came back', async () => {
    const lives = await read([
      version('trial', '2026-01-05', '2026-02-04', { status: 'trialing' }),
      version('back', '2025-01-05', '2025-06-01'),
      version('back', '2025-09-01', null, { subscriptionId: 'second' }),
    ]);
    expect(lives.map(({ customerId, endAt }) => [customerId, endAt])).toEqual([['back', null]]);
    expect(lives[0]?.steps.map(({ minor }) => minor)).toEqual([5000, 0, 5000]);
  });

  it('add up what a customer pays for several things, in the company currency of today', async () => {
    const [life] = await read([
      version('acme', '2026-01-05', null, { currency: 'EUR' }),
      version('acme', '2026-03-05', '2026-05-05', { subscriptionId: 'more', quantity: 2, currency: 'EUR' }),
    ]);
    expect(life?.steps).toEqual([
      { at: at('2026-01-05'), minor: 5500 },
      { at: at('2026-03-05'), minor: 16_500 },
      { at: at('2026-05-05'), minor: 5500 },
    ]);
  });

  it('count to the plan that was paid for first, whatever came after it', async () => {
    const versions = [
      version('up', '2026-01-05', '2026-04-05', { plan: 'starter' }),
      version('up', '2026-04-05', null, { plan: 'scale', unitAmountMinor: 50_000 }),
      version('big', '2026-02-05', null, { plan: 'scale', unitAmountMinor: 50_000 }),
    ];
    expect((await read(versions, { plan: 'starter' })).map(({ customerId }) => customerId)).toEqual(['up']);
    expect((await read(versions, { plan: 'scale' })).map(({ customerId }) => customerId)).toEqual(['big']);
  });
});
