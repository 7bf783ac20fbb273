import type { UsageEvent } from '../usage-event.ts';

type Correctable = Pick<UsageEvent, 'source' | 'id' | 'at' | 'corrects'>;

/**
 * The events that stand: without those that another event of the same source replaces. Where two replace the same
 * one, the later instant stands (of one instant, the greater id); the order in which they came decides nothing. An
 * event that names itself replaces nothing; of a circle of corrections none stands, which only a source in error sends.
 */
export function standingEvents<Event extends Correctable>(events: readonly Event[]): Event[] {
  const chosen = new Map<string, Event>();
  for (const event of events) {
    const target = replaced(event);
    if (target === null) continue;
    const rival = chosen.get(target);
    if (!rival || isLater(event, rival)) chosen.set(target, event);
  }
  return events.filter((event) => {
    const target = replaced(event);
    if (target !== null && chosen.get(target) !== event) return false;
    return !chosen.has(nameOf(event.source, event.id));
  });
}

function replaced({ source, id, corrects }: Correctable): string | null {
  return corrects === null || corrects === id ? null : nameOf(source, corrects);
}

function isLater(event: Correctable, rival: Correctable): boolean {
  return event.at !== rival.at ? event.at > rival.at : event.id > rival.id;
}

function nameOf(source: string, id: string): string {
  return JSON.stringify([source, id]);
}
