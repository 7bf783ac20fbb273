import { describeInstant, zoneWords } from '../periods/describe-period.ts';
import type { Briefing, BriefingMetric } from './briefing.ts';
import { shortDay } from './days.ts';

/** "Morning briefing · Tue, Nov 24": the header of every view. */
export function titleOf(briefing: Pick<Briefing, 'dueAt' | 'tz'>): string {
  return `Morning briefing · ${shortDay(briefing.dueAt, briefing.tz)}`;
}

/** What day the numbers are for, and of when they are. */
export function scopeLine({ period, asOfAt, dueAt, tz, late }: Briefing): string {
  const day = `Numbers for ${shortDay(period.startAt, period.tz)}, the whole day in ${zoneWords(period.tz)}`;
  const made = `made ${describeInstant(asOfAt, tz)}`;
  return `${day} · ${made}${late ? ` · late, it was due ${describeInstant(dueAt, tz)}` : ''}`;
}

/** "▲ 12.0% on the day before · level with Oct 24". */
export function comparisonWords({
  comparisons,
  partial,
}: Pick<BriefingMetric, 'comparisons' | 'partial'>): string {
  const marks = { up: '▲ ', down: '▼ ', flat: '', none: '' };
  const said = comparisons.map(
    ({ words, direction }) => `${marks[direction]}${words.replace(/^(?:up|down) /, '')}`,
  );
  return [...(partial ? [partial] : []), ...said].join(' · ');
}

/** The five sections that are always there, each with what is said when it is empty. */
export const EMPTY = {
  changes: 'Nothing that stood still has moved since your last briefing.',
  firstChanges: 'This is your first briefing, so there is nothing yet to compare it with.',
  automated: 'No action was carried out.',
  attention: 'Nothing needs you today.',
  opportunities: 'No opening stands out in the data today.',
} as const;

/** "1 request waits for your decision.": how the summary ends. */
export function waitingLine(count: number, said: string): string {
  if (count === 0) return 'Nothing waits for your decision.';
  return `${said} ${count === 1 ? 'request waits' : 'requests wait'} for your decision.`;
}

export function isWaitingLine(text: string): boolean {
  return /^(?:Nothing waits|\d+ requests? waits?) for your decision\.$/.test(text);
}

export function changesTitle({ previousAt, tz }: Pick<Briefing, 'previousAt' | 'tz'>): string {
  return previousAt === null
    ? 'What has changed'
    : `Since your last briefing, ${describeInstant(previousAt, tz)}`;
}

/** For the terminal and the text part of the mail. */
export function briefingText(briefing: Briefing): string {
  const list = (items: readonly { text: string }[], empty: string) =>
    items.length === 0 ? [empty] : items.map(({ text }) => `- ${text}`);
  const numbers = briefing.metrics.map(
    (metric) => `- ${metric.label}: ${metric.value} (${comparisonWords(metric)})`,
  );
  return [
    titleOf(briefing),
    scopeLine(briefing),
    ...(briefing.cautions.length > 0
      ? ['', ...briefing.cautions.map((caution) => `Mind this: ${caution}`)]
      : []),
    '',
    briefing.summary.map(({ text }) => text).join(' '),
    '',
    'KEY NUMBERS',
    ...numbers,
    '',
    changesTitle(briefing).toUpperCase(),
    ...list(briefing.changes, briefing.previousAt === null ? EMPTY.firstChanges : EMPTY.changes),
    '',
    'DONE FOR YOU',
    ...list(briefing.automated, EMPTY.automated),
    '',
    'NEEDS YOUR ATTENTION',
    ...list(briefing.attention, EMPTY.attention),
    '',
    'OPPORTUNITIES',
    ...list(briefing.opportunities, EMPTY.opportunities),
  ].join('\n');
}
