import type { BillingConventions } from '../conventions.ts';
import type { UsageEvent } from '../usage-event.ts';

type Named = Pick<UsageEvent, 'source' | 'id' | 'meter' | 'customerId' | 'at'>;

const DAY = 86_400_000;

/** What makes two events one, as text. What an event says beyond its key is no part of it. */
export function dedupeKey(event: Named, { lateUsage }: BillingConventions): string {
  switch (lateUsage.dedupeBy) {
    case 'source_id':
      return JSON.stringify([event.source, event.id]);
    case 'customer_id':
      return JSON.stringify([event.customerId, event.id]);
    case 'customer_meter_id_time':
      return JSON.stringify([event.customerId, event.meter, event.id, event.at]);
  }
}

/** Until when a key that was accepted at an instant is remembered, epoch ms; null: for ever. */
export function rememberedUntil(acceptedAt: number, { lateUsage }: BillingConventions): number | null {
  return lateUsage.dedupeDays === null ? null : acceptedAt + lateUsage.dedupeDays * DAY;
}

/** Tells events that count from those that were there already, in the order they were received. */
export function dropDuplicates<Event extends Named & { receivedAt: number }>(
  events: readonly Event[],
  conventions: BillingConventions,
): { accepted: Event[]; duplicates: Event[] } {
  const acceptedAt = new Map<string, number>();
  const accepted: Event[] = [];
  const duplicates: Event[] = [];
  for (const event of [...events].sort((one, other) => one.receivedAt - other.receivedAt)) {
    const key = dedupeKey(event, conventions);
    const before = acceptedAt.get(key);
    const until = before === undefined ? undefined : rememberedUntil(before, conventions);
    const isDuplicate = until === null || (until !== undefined && event.receivedAt < until);
    (isDuplicate ? duplicates : accepted).push(event);
    if (!isDuplicate) acceptedAt.set(key, event.receivedAt);
  }
  return { accepted, duplicates };
}
