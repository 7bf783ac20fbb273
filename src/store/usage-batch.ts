import type { BillingConventions } from '../domain/billing/conventions.ts';
import { untimelyUsage } from '../domain/billing/metering/late-usage.ts';
import type { ReadEvent, Refusal } from '../domain/billing/usage-intake.ts';
import type { createUsageCorrections } from './usage-corrections.ts';
import { type EventRow, rowOf, type UsageEventRows } from './usage-events.ts';
import type { UsageNames } from './usage-names.ts';
import type { createUsagePeriods } from './usage-periods.ts';

const DAY_MS = 24 * 3_600_000;

/** What one event came to. */
export type Outcome = { kind: 'stored' } | { kind: 'duplicate' } | { kind: 'rejected'; refusal: Refusal };

export interface TakeOptions {
  conventions: BillingConventions;
  nowAt: number;
  /** Events of any age: history, or by a person's decision. */
  acceptOld?: boolean;
}

/** A batch as it is taken, event by event; what is to be written is gathered and written by the caller at its end. */
export interface UsageBatch {
  take(event: ReadEvent): Outcome;
  fresh: EventRow[];
  /** Stored events that count no more, each naming the one that replaces it. */
  undone: EventRow[];
  counted: { corrections: number; late: number };
}

interface Parts {
  names: UsageNames;
  rows: UsageEventRows;
  corrections: ReturnType<typeof createUsageCorrections>;
  periods: ReturnType<typeof createUsagePeriods>;
}

export function createUsageBatch(parts: Parts, options: TakeOptions): UsageBatch {
  const { names, rows, corrections, periods } = parts;
  const { conventions, nowAt } = options;
  const { dedupeDays } = conventions.lateUsage;
  const rememberedFromAt = dedupeDays === null ? 0 : Math.max(0, nowAt - dedupeDays * DAY_MS);
  const fresh: EventRow[] = [];
  const undone: EventRow[] = [];
  const counted = { corrections: 0, late: 0 };
  const inBatch = new Map<number, Map<string, EventRow>>();

  /** What happens to periods already rated, of the event itself and of the one it replaces. */
  function reach(event: ReadEvent, original: EventRow | null): Refusal | 'late' | 'timely' {
    const places =
      original === null ? [] : [{ customerId: names.name(original.customer_no), at: original.at }];
    if (!periods.isBeyond(event.customerId, event.at)) places.push(event);
    if (places.length === 0) return 'timely';
    const touched = places.flatMap(({ customerId, at }) =>
      periods.at(customerId, at).map((period) => ({ customerId, period })),
    );
    const closed = touched.find(({ period }) => period.state === 'closed');
    if (closed !== undefined && conventions.lateUsage.closedPeriod === 'refuse') {
      const until = new Date(closed.period.end_at).toISOString();
      return { reason: 'closed_period', words: `The period until ${until} has been invoiced and is closed.` };
    }
    for (const { customerId, period } of touched) periods.markDirty(customerId, period, conventions, nowAt);
    return touched.length > 0 ? 'late' : 'timely';
  }

  /** The stored event that this one replaces; null when it replaces none, or one that has not come. */
  function originalOf({ corrects, at }: ReadEvent, sourceNo: number, by: string | null) {
    if (corrects === null) return null;
    const other = corrections.of(sourceNo, corrects);
    if (other !== null)
      return refusal('corrected_twice', `"${corrects}" is replaced by "${other}" already: correct that one.`);
    if (by === corrects) return refusal('malformed', 'The two events correct each other.');
    return inBatch.get(sourceNo)?.get(corrects) ?? rows.find(sourceNo, corrects, at, rememberedFromAt);
  }

  function replace(row: EventRow, original: EventRow | null): void {
    if (row.corrects === null) return;
    counted.corrections += 1;
    corrections.add(row.source_no, row.corrects, row.id, original?.hour ?? null);
    if (original === null) return;
    if (inBatch.get(row.source_no)?.get(row.corrects) === original) original.replaced_by = row.id;
    else undone.push({ ...original, replaced_by: row.id });
  }

  function remember(row: EventRow): void {
    const ofSource = inBatch.get(row.source_no);
    if (ofSource === undefined) inBatch.set(row.source_no, new Map([[row.id, row]]));
    else ofSource.set(row.id, row);
    fresh.push(row);
  }

  function take(event: ReadEvent): Outcome {
    const source = names.number(event.source);
    const known =
      inBatch.get(source)?.get(event.id) ?? rows.meet(source, event.id, event.at, rememberedFromAt);
    if (known !== null) {
      const differs = difference(event, known, names);
      return differs === null ? { kind: 'duplicate' } : rejected(conflict(event, differs));
    }
    const untimed = untimely(event, options);
    if (untimed !== null) return rejected(untimed);
    const by = corrections.of(source, event.id);
    const original = originalOf(event, source, by);
    if (original !== null && 'reason' in original) return rejected(original);
    const reached = reach(event, original);
    if (typeof reached === 'object') return rejected(reached);
    const customer = names.number(event.customerId);
    const numbers = {
      source,
      customer,
      meter: names.number(event.meter.id),
      group: names.number(event.group),
    };
    const row = rowOf(event, numbers, nowAt);
    row.replaced_by = by;
    if (by !== null) corrections.originalCame(source, event.id, row.hour);
    replace(row, original);
    if (reached === 'late') counted.late += 1;
    remember(row);
    return { kind: 'stored' };
  }

  return { take, fresh, undone, counted };
}

const refusal = (reason: Refusal['reason'], words: string): Refusal => ({ reason, words });
const rejected = (why: Refusal): Outcome => ({ kind: 'rejected', refusal: why });

/** Null when the time of the event speaks against nothing; an old one may be let in by hand. */
function untimely({ at }: ReadEvent, { nowAt, conventions, acceptOld }: TakeOptions): Refusal | null {
  const why = untimelyUsage({ at, receivedAt: nowAt }, conventions);
  return acceptOld && why?.reason === 'too_old' ? null : why;
}

function conflict({ source, id }: ReadEvent, differs: string): Refusal {
  return {
    reason: 'conflict',
    words: `"${id}" of ${source} is known with another ${differs}. Send a correction under an id of its own.`,
  };
}

/** The first thing in which an event is not the one stored under its name; null when it is the same. */
function difference(event: ReadEvent, row: EventRow, names: UsageNames): string | null {
  if (event.at !== row.at) return 'time';
  if (event.customerId !== names.name(row.customer_no)) return 'customer';
  if (event.meter.id !== names.name(row.meter_no)) return 'meter';
  if (event.units !== row.units || event.scale !== row.scale) return 'value';
  if (event.properties !== row.properties) return 'set of properties';
  return event.corrects === row.corrects ? null : 'event that it corrects';
}
