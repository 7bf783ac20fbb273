import { describe, expect, it } from 'vitest';
import { DEFAULT_CONVENTIONS } from '../../../src/domain/billing/conventions.ts';
import { createUsageQueue } from '../../../src/store/usage-queue.ts';
import { event, givenUsage, NOW, november } from './given.ts';

function given() {
  const { usage } = givenUsage();
  const settings = { batchLimit: 3, queueLimit: 5 };
  const queue = createUsageQueue({
    usage,
    conventions: () => DEFAULT_CONVENTIONS,
    clock: { now: () => NOW },
    settings,
  });
  return { usage, queue };
}

const three = () => [event(), event(), event()];

describe('the queue of usage', () => {
  it('says when to come again once it is full, and takes more once it has worked', async () => {
    const { usage, queue } = given();
    const first = queue.offer(three());
    const second = queue.offer(three());
    expect(first.accepted).toBe(true);
    expect(second).toMatchObject({
      accepted: false,
      words: expect.stringMatching(/^3 usage events wait.*try again/),
    });
    expect(!second.accepted && second.retryAfterMs).toBeGreaterThanOrEqual(100);
    if (first.accepted) expect(await first.done).toMatchObject({ stored: 3 });
    expect(queue.waiting()).toBe(0);
    const third = queue.offer(three());
    if (third.accepted) await third.done;
    expect(usage.getUsage({ meter: 'api_calls', customerId: 'acme', period: november })).toMatchObject([
      { count: 6 },
    ]);
  });

  it('goes on after a batch that failed', async () => {
    const { queue } = given();
    const failing = createUsageQueue({
      usage: {
        ingest: () => {
          throw new Error('disk full');
        },
      },
      conventions: () => DEFAULT_CONVENTIONS,
      clock: { now: () => NOW },
      settings: { batchLimit: 3, queueLimit: 5 },
    });
    const lost = failing.offer([event()]);
    await expect(lost.accepted ? lost.done : null).rejects.toThrow('disk full');
    expect(failing.waiting()).toBe(0);
    expect(failing.offer([event()]).accepted).toBe(true);
    expect(() => queue.offer([...three(), event()])).toThrow('4 events are more than the 3');
  });
});
