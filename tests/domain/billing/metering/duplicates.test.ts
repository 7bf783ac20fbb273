import { describe, expect, it, test } from 'vitest';
import { BillingConventions, DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import { dropDuplicates, rememberedUntil } from '../../../../src/domain/billing/metering/duplicates.ts';

const DAY = 86_400_000;
const first = { source: 'api', id: '1', meter: 'calls', customerId: 'c1', at: 100, receivedAt: 1000 };

const under = (dedupeBy: string, dedupeDays: number | null = null) =>
  BillingConventions.parse({ lateUsage: { dedupeBy, dedupeDays } });

function acceptedOf(second: Partial<typeof first>, conventions: BillingConventions): number {
  return dropDuplicates([first, { ...first, receivedAt: 2000, ...second }], conventions).accepted.length;
}

describe('two events are one', () => {
  test.each<[string, Partial<typeof first>, string, number]>([
    ['the same source and id, whatever they say', { meter: 'gb', at: 7 }, 'source_id', 1],
    ['another source', { source: 'edge' }, 'source_id', 2],
    ['the same customer and id from two sources', { source: 'edge' }, 'customer_id', 1],
    ['another customer', { customerId: 'c2' }, 'customer_id', 2],
    ['all the same but the instant', { at: 101 }, 'customer_meter_id_time', 2],
    ['all the same', {}, 'customer_meter_id_time', 1],
  ])('%s (%#)', (_, second, dedupeBy, accepted) => {
    expect(acceptedOf(second, under(dedupeBy))).toBe(accepted);
  });

  it('as long as the key is remembered', () => {
    const window = under('source_id', 32);
    expect(acceptedOf({ receivedAt: 1000 + 32 * DAY - 1 }, window)).toBe(1);
    expect(acceptedOf({ receivedAt: 1000 + 32 * DAY }, window)).toBe(2);
    expect(acceptedOf({ receivedAt: 1000 + 9999 * DAY }, DEFAULT_CONVENTIONS)).toBe(1);
    expect(rememberedUntil(5, window)).toBe(5 + 32 * DAY);
  });

  it('and the one received first counts, in whatever order they are listed', () => {
    const later = { ...first, receivedAt: 2000 };
    expect(dropDuplicates([later, first], DEFAULT_CONVENTIONS)).toEqual({
      accepted: [first],
      duplicates: [later],
    });
  });
});
