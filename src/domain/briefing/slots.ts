import { Temporal } from 'temporal-polyfill';
import type { BriefingSettings } from '../people/settings.ts';
import { dayNameAt } from '../periods/calendar.ts';

/** When a reader's briefing is due, and which of those dues are still to be served. */
export type BriefingClock = Pick<BriefingSettings, 'time' | 'tz'>;

/** Later than this after its time a briefing says that it is late. */
const LATE_AFTER_MS = 60 * 60 * 1000;
/** A missed briefing older than this gives way to the next one when that is near. */
const STALE_AFTER_MS = 12 * 60 * 60 * 1000;
const NEXT_IS_NEAR_MS = 2 * 60 * 60 * 1000;

/** The instant of the wall-clock time on a local day; a time the clocks skip is read an hour later. */
export function slotOn(day: string, { time, tz }: BriefingClock): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({
    timeZone: tz,
    plainTime: Temporal.PlainTime.from(time),
  }).epochMilliseconds;
}

/** The newest slot that is not after `at`. */
export function latestSlot(clock: BriefingClock, at: number): number {
  return slotNear(clock, at, (slot) => slot <= at, [1, 0, -1, -2]);
}

/** The first slot after `at`. */
export function nextSlot(clock: BriefingClock, at: number): number {
  return slotNear(clock, at, (slot) => slot > at, [-1, 0, 1, 2]);
}

/** The local day before and after are looked at too: zones jump, and one day of Samoa never was. */
function slotNear(
  clock: BriefingClock,
  at: number,
  fits: (slot: number) => boolean,
  days: readonly number[],
): number {
  const today = Temporal.PlainDate.from(dayNameAt(at, clock.tz));
  const slots = days.map((days) => slotOn(today.add({ days }).toString(), clock));
  const found = slots.find(fits);
  if (found === undefined) throw new RangeError(`no briefing slot near ${at}`);
  return found;
}

/**
 * A slot is served when a briefing was given for an instant of the same local day, seen in the zone the reader
 * has now. So nobody who moves the time or the zone gets two briefings on one of their days.
 * @param servedAts due instants of the briefings this reader was given
 */
export function isServed(slotAt: number, servedAts: readonly number[], tz: string): boolean {
  const day = dayNameAt(slotAt, tz);
  return servedAts.some((at) => dayNameAt(at, tz) === day);
}

export type SlotVerdict = 'deliver' | 'deliver_late' | 'skip' | 'served';

/**
 * What becomes of a slot that is looked at `at`. One missed by more than 12 hours is left out when the next is
 * nearer than 2 hours, unless the reader never had any: two briefings within two hours tell the same.
 */
export function judgeSlot(
  slotAt: number,
  clock: BriefingClock,
  served: { ats: readonly number[]; at: number },
): SlotVerdict {
  if (isServed(slotAt, served.ats, clock.tz)) return 'served';
  const lateBy = served.at - slotAt;
  if (lateBy <= LATE_AFTER_MS) return 'deliver';
  const nextIn = nextSlot(clock, served.at) - served.at;
  const stale = lateBy > STALE_AFTER_MS && nextIn < NEXT_IS_NEAR_MS;
  return stale && served.ats.length > 0 ? 'skip' : 'deliver_late';
}

/** The slot that a reader waits for: one already due and unserved, or the next that will be; null when switched off. */
export function awaitedSlot(
  settings: BriefingSettings,
  served: { ats: readonly number[]; sinceAt: number; at: number },
): number | null {
  if (!settings.on || settings.channels.length === 0) return null;
  const latest = latestSlot(settings, served.at);
  if (latest >= served.sinceAt && !isServed(latest, served.ats, settings.tz)) return latest;
  let slot = nextSlot(settings, served.at);
  while (isServed(slot, served.ats, settings.tz)) slot = nextSlot(settings, slot);
  return slot;
}
