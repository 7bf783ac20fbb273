import { dayNumber, dayStart } from '../world/calendar.ts';
import type { World } from '../world/records.ts';
import { eventsPublishedOn, type PublishedEvent } from '../world/usage-events.ts';
import { inOrder, isAfter, type Place } from './cursor.ts';
import { cut, type Page } from './pages.ts';
import { iso } from './wire.ts';

const placeOf = ({ publishedAt, place }: PublishedEvent): Place => ({ updatedAt: publishedAt, id: place });

/** Usage events in the order of their publication: from the same cursor always the same. */
export function usageEventsPage(world: World, after: Place | null, limit: number): Page {
  const firstAt = world.all('customers')[0]?.createdAt ?? world.now();
  const rows: PublishedEvent[] = [];
  let day = dayNumber(Math.max(after?.updatedAt ?? 0, firstAt));
  for (; dayStart(day) <= world.now() && rows.length <= limit; day += 1) {
    const published = eventsPublishedOn(world, day).filter((event) => isAfter(placeOf(event), after));
    for (const event of published.sort((a, b) => inOrder(placeOf(a), placeOf(b)))) rows.push(event);
  }
  return cut(rows, limit, after, placeOf, wireUsageEvent);
}

function wireUsageEvent(event: PublishedEvent) {
  return {
    id: event.id,
    meter: 'api_calls',
    customer_id: event.customerId,
    at: new Date(event.at).toISOString(),
    value: String(event.calls),
    properties: { category: event.category },
    corrects: event.corrects,
    published_at: iso(event.publishedAt),
  };
}
