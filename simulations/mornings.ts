import { Temporal } from 'temporal-polyfill';

/** What a reader chose, from an instant on. */
export interface Choice {
  fromAt: number;
  /** Wall clock, `HH:MM`. */
  time: string;
  tz: string;
}

/**
 * When a reader's briefings are due in [fromAt, untilAt): computed here from the contract alone, by walking from
 * one morning to the next. A morning whose local day, in the zone in force, has had its briefing is passed over.
 * `choices` are in order of time, the first at or before `fromAt`.
 */
export function expectedMornings(choices: readonly Choice[], fromAt: number, untilAt: number): number[] {
  const mornings: number[] = [];
  let cursor = fromAt;
  for (;;) {
    const choice = choices.findLast((candidate) => candidate.fromAt <= cursor);
    if (!choice) throw new Error('no choice is in force yet');
    const dueAt = nextMorning(choice, cursor);
    const change = choices.find((candidate) => candidate.fromAt > cursor && candidate.fromAt <= dueAt);
    if (change) {
      cursor = change.fromAt;
      if (cursor >= untilAt) return mornings;
      continue;
    }
    if (dueAt >= untilAt) return mornings;
    const last = mornings.at(-1);
    if (last === undefined || localDay(last, choice.tz) !== localDay(dueAt, choice.tz)) mornings.push(dueAt);
    cursor = dueAt;
  }
}

/** The first time the wall clock in this zone shows this time, strictly after an instant. */
function nextMorning({ time, tz }: Choice, afterAt: number): number {
  let day = Temporal.Instant.fromEpochMilliseconds(afterAt).toZonedDateTimeISO(tz).toPlainDate();
  for (;;) {
    const at = day.toZonedDateTime({
      timeZone: tz,
      plainTime: Temporal.PlainTime.from(time),
    }).epochMilliseconds;
    if (at > afterAt) return at;
    day = day.add({ days: 1 });
  }
}

export function localDay(at: number, tz: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz).toPlainDate().toString();
}

/** An instant at a wall-clock time of a day in a zone. */
export function wallClock(day: string, time: string, tz: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({
    timeZone: tz,
    plainTime: Temporal.PlainTime.from(time),
  }).epochMilliseconds;
}
