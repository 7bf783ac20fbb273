import type { Scope, Truth } from './truth-scope.ts';
import { count, currencyOf } from './truth-scope.ts';
import { daysOf, eventsOfDay, type PublishedEvent } from './usage-events.ts';

/** Calls by the usage events that have been published, each once, replaced ones left out. */
export function meteredCalls(scope: Scope): Truth {
  const { world, start, end, customerId, currency } = scope;
  const known = new Map<string, PublishedEvent>();
  for (const day of daysOf(start, Math.min(end, world.now() + 1))) {
    for (const event of eventsOfDay(world, day)) {
      if (event.publishedAt > world.now()) continue;
      if (customerId !== null && event.customerId !== customerId) continue;
      if (currency !== null && currencyOf(scope, event.customerId) !== currency) continue;
      known.set(event.id, event);
    }
  }
  const replaced = new Set([...known.values()].map(({ corrects }) => corrects));
  const groups: Record<string, number> = {};
  let rows = 0;
  for (const { id, at, category, calls } of known.values()) {
    if (replaced.has(id) || at < start || at >= end) continue;
    groups[category] = (groups[category] ?? 0) + calls;
    rows += 1;
  }
  const calls = Object.values(groups).reduce((sum, each) => sum + each, 0);
  return { ...count(calls, rows), groups };
}
